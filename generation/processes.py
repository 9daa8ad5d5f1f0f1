"""Processes for work on untrusted or heavy files; whatever happens to one, the next task finds one again."""

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from typing import Final, ParamSpec, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from generation.forks import fork_context

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)

NICENESS: Final = 5
"""Behind the event loop, before the renders: people wait for their stills to be read."""

POOLS_TRIED: Final = 3
"""For one task, before it is given up; a pool that breaks at once has a cause that another one would share."""


class Processes:
    """A pool of processes, which end with the bot. One that dies or hangs at its work is replaced by the pool.

    One that dies without work breaks pebble's pool for good (5.2), so another pool takes its place with the next task.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._open()

    @classmethod
    @asynccontextmanager
    async def open(cls, count: int) -> AsyncIterator["Processes"]:
        """``count`` processes, which are started with the first task; running work is lost in the end."""
        processes = cls(count)
        try:
            yield processes
        finally:
            await _end(processes._pool)

    def warm_up(self, work: Callable[[], None]) -> None:
        """Start them now, so that nobody waits for it later, and let each do ``work``."""
        for _ in range(self._count):
            self._pool.schedule(work)

    async def run(self, limit_seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns or raises.

        Raises TimeoutError if it takes longer than that, ProcessExpired if its process dies.
        """
        for _ in range(POOLS_TRIED):
            pool = self._pool
            try:
                future = pool.schedule(work, args=args, kwargs=kwargs, timeout=limit_seconds)
            except RuntimeError as error:  # it is broken, or cannot start a process
                cause: Exception = error
            else:
                try:
                    return await asyncio.wrap_future(future)
                except BrokenProcessPool as error:  # before the work was begun
                    cause = error
            await self._replace(pool, cause)
        raise ProcessExpired("no process stays alive")  # type: ignore[no-untyped-call] # pebble annotates all but this

    async def _replace(self, broken: ProcessPool, cause: Exception) -> None:
        if self._pool is broken:
            log.warning("processes replaced", count=self._count, why=repr(cause))
            self._pool = self._open()
            await _end(broken)

    def _open(self) -> ProcessPool:
        return ProcessPool(max_workers=self._count, context=fork_context(), initializer=_settle_in)


async def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call] # nor this
    await asyncio.to_thread(pool.join)


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
