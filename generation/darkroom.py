"""Pictures are decoded and clips re-encoded here: in other processes, with time limits, never on the event loop."""

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from generation.errors import RenderFailed, StillError
from generation.media.metadata import Metadata
from storage.blobs import blob_name

P = ParamSpec("P")
T = TypeVar("T")

NICENESS = 5
"""Behind the event loop, before the renders: people wait for their stills to be read."""

STILL_LIMIT_SECONDS = 20.0
FIT_LIMIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared still: the name under which it will be kept, its sides in pixels, what would make a better one."""

    name: str
    width: int
    height: int
    advice: tuple[str, ...]


class Darkroom:
    """Small pools of processes for work on untrusted or heavy files. A process that dies or hangs is replaced."""

    def __init__(self, stills: ProcessPool, clips: ProcessPool) -> None:
        self._stills = stills
        self._clips = clips

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Darkroom"]:
        """Start the pools, and stop them in the end; running work is lost then."""
        # Apart, because a clip may take minutes to fit and nobody's still should wait behind it.
        stills, clips = _pool(), _pool()
        try:
            # The first task imports Pillow and OpenCV; nobody should wait for that.
            stills.schedule(_warm_up)
            yield cls(stills, clips)
        finally:
            for pool in (stills, clips):
                pool.stop()  # type: ignore[no-untyped-call] # pebble annotates all but this
                await asyncio.to_thread(pool.join)

    async def prepare(self, source: Path, target: Path) -> Prepared:
        """Decode and normalise the still in ``source`` into ``target``, as ``prepare_still``. Raises StillError."""
        try:
            return await _run(self._stills, STILL_LIMIT_SECONDS, _prepare, source, target)
        except PoolTimeout as error:
            raise StillError("slow") from error
        except ProcessExpired as error:
            raise StillError("broken", cause="the decoder crashed") from error

    async def fit(self, source: Path, target: Path, limit_bytes: int) -> int:
        """Re-encode a clip to at most ``limit_bytes`` and return its size in bytes. Raises RenderFailed."""
        return await self._compose("fitting", _fit, source, target, limit_bytes)

    async def contact_sheet(
        self, clips: Sequence[tuple[str, Path]], winners: Collection[str], target: Path, limit_bytes: int
    ) -> None:
        """Put a frame of each clip on one page, as ``contact_sheet``. Raises RenderFailed."""
        await self._compose("making a contact sheet", _contact_sheet, clips, winners, target, limit_bytes)

    async def reel(self, clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata) -> int:
        """Show clips one after another, as ``make_reel``, and return the size in bytes. Raises RenderFailed."""
        return await self._compose("making a reel", _reel, clips, target, limit_bytes, metadata)

    async def _compose(self, doing: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await _run(self._clips, FIT_LIMIT_SECONDS, work, *args, **kwargs)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("encoder", f"{type(error).__name__} while {doing}") from error


def _pool() -> ProcessPool:
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=1, context=context, initializer=_settle_in)


async def _run(pool: ProcessPool, limit_seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.wrap_future(pool.schedule(work, args=args, kwargs=kwargs, timeout=limit_seconds))


# What follows runs in the pool. Only there are Pillow, NumPy and OpenCV imported; the bot's process stays small.


def _settle_in() -> None:
    """Give way to the event loop, and end together with the bot, encoder included."""
    os.nice(NICENESS)
    os.setsid()
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    multiprocessing.connection.wait([parent.sentinel])
    os.killpg(0, signal.SIGKILL)


def _warm_up() -> None:
    import generation.stills  # noqa: F401 - importing it is the work


def _prepare(source: Path, target: Path) -> Prepared:
    from generation.stills import prepare_still

    still = prepare_still(source.read_bytes())
    target.write_bytes(still.png)
    return Prepared(blob_name(still.png, target.suffix), still.width, still.height, still.advice)


def _fit(source: Path, target: Path, limit_bytes: int) -> int:
    from generation.media.fitting import fit

    return fit(source, target, limit_bytes).size_bytes


def _contact_sheet(clips: Sequence[tuple[str, Path]], winners: Collection[str], target: Path, limit_bytes: int) -> None:
    from generation.media.contact_sheet import contact_sheet

    contact_sheet(clips, winners, target, limit_bytes)


def _reel(clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata) -> int:
    from generation.media.reel import make_reel

    return make_reel(clips, target, limit_bytes, metadata).size_bytes
