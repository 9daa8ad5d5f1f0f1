"""Pictures are decoded and clips re-encoded here: in other processes, with time limits, never on the event loop."""

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from generation.errors import RenderFailed, StillError

P = ParamSpec("P")
T = TypeVar("T")

NICENESS = 5
"""Behind the event loop, before the renders: people wait for their stills to be read."""

STILL_LIMIT_SECONDS = 20.0
FIT_LIMIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared still: its sides in pixels, and the keys of what would make a better one."""

    width: int
    height: int
    advice: tuple[str, ...]


class Darkroom:
    """A small pool of processes for work on untrusted or heavy files. A process that dies or hangs is replaced."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, processes: int = 1) -> AsyncIterator["Darkroom"]:
        """Start the pool, and stop it in the end; running work is lost then."""
        context = multiprocessing.get_context("spawn")
        pool = ProcessPool(max_workers=processes, context=context, initializer=os.nice, initargs=(NICENESS,))
        try:
            # The first task imports Pillow and OpenCV; nobody should wait for that.
            pool.schedule(_warm_up)
            yield cls(pool)
        finally:
            pool.stop()  # type: ignore[no-untyped-call] # pebble annotates all but this
            await asyncio.to_thread(pool.join)

    async def prepare(self, data: bytes, target: Path) -> Prepared:
        """Decode and normalise a still into ``target``; see ``generation.stills``. Raises StillError."""
        try:
            return await self._run(STILL_LIMIT_SECONDS, _prepare, data, target)
        except PoolTimeout as error:
            raise StillError("slow") from error
        except ProcessExpired as error:
            raise StillError("broken", cause="the decoder crashed") from error

    async def fit(self, source: Path, target: Path, limit_bytes: int) -> int:
        """Re-encode a clip to at most ``limit_bytes`` and return its size in bytes. Raises RenderFailed."""
        try:
            return await self._run(FIT_LIMIT_SECONDS, _fit, source, target, limit_bytes)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("encoder", f"{type(error).__name__} while fitting") from error

    async def _run(self, limit_seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._pool.schedule(work, args=args, kwargs=kwargs, timeout=limit_seconds)
        return await asyncio.wrap_future(future)


# What follows runs in the pool. Only there are Pillow, NumPy and OpenCV imported; the bot's process stays small.


def _warm_up() -> None:
    import generation.stills  # noqa: F401 - importing it is the work


def _prepare(data: bytes, target: Path) -> Prepared:
    from generation.stills import prepare_still

    still = prepare_still(data)
    target.write_bytes(still.png)
    return Prepared(still.width, still.height, still.advice)


def _fit(source: Path, target: Path, limit_bytes: int) -> int:
    from generation.media.fitting import fit

    return fit(source, target, limit_bytes).size_bytes
