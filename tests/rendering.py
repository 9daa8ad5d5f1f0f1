"""The worker of a bot that runs as a process of its own: found, and frozen while something is looked at."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import psutil

from generation.workers.forked import WORKER_TITLE


async def worker_of(parent: psutil.Process) -> psutil.Process:
    """The one worker under this process, waited for if need be; a TimeoutError after 30 seconds."""
    async with asyncio.timeout(30):
        while not (workers := [one for one in parent.children(recursive=True) if one.name() == WORKER_TITLE]):
            await asyncio.sleep(0.05)
    (worker,) = workers
    return worker


@contextlib.asynccontextmanager
async def held_renders(bot_pid: int) -> AsyncIterator[None]:
    """No clip of this bot is finished meanwhile, however fast the machine is: its worker is frozen."""
    worker = await worker_of(psutil.Process(bot_pid))
    worker.suspend()
    try:
        yield
    finally:
        worker.resume()
