"""Pictures are decoded and clips re-encoded here: in other processes, with time limits, never on the event loop."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from generation.errors import RenderFailed, StillError
from generation.media.fitting import Encoded, fit
from generation.stills import PreparedStill, prepare_still

P = ParamSpec("P")
T = TypeVar("T")

STILL_LIMIT_SECONDS = 20.0
FIT_LIMIT_SECONDS = 300.0


class Darkroom:
    """A small pool of processes for work on untrusted or heavy files. A process that dies or hangs is replaced."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, processes: int = 1) -> AsyncIterator["Darkroom"]:
        """Start the pool, and stop it in the end; running work is lost then."""
        pool = ProcessPool(max_workers=processes, context=multiprocessing.get_context("spawn"))
        try:
            # The first task imports Pillow and OpenCV; nobody should wait for that.
            pool.schedule(_warm_up)
            yield cls(pool)
        finally:
            pool.stop()  # type: ignore[no-untyped-call] # pebble annotates all but this
            await asyncio.to_thread(pool.join)

    async def prepare(self, data: bytes) -> PreparedStill:
        """Decode and normalise a still; see ``prepare_still``. Raises StillError."""
        try:
            return await self._run(STILL_LIMIT_SECONDS, prepare_still, data)
        except PoolTimeout as error:
            raise StillError("slow") from error
        except ProcessExpired as error:
            raise StillError("broken", cause="the decoder crashed") from error

    async def fit(self, source: Path, destination: Path, limit_bytes: int) -> Encoded:
        """Re-encode a clip to at most ``limit_bytes``; see ``fit``. Raises RenderFailed."""
        try:
            return await self._run(FIT_LIMIT_SECONDS, fit, source, destination, limit_bytes)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("encoder", f"{type(error).__name__} while fitting") from error

    async def _run(self, limit_seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._pool.schedule(work, args=args, kwargs=kwargs, timeout=limit_seconds)
        return await asyncio.wrap_future(future)


def _warm_up() -> None:
    """Runs in the pool: importing this module is the work."""
