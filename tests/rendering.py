"""The worker of a bot that runs as a process of its own: found, and frozen while something is looked at."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import psutil

from generation.workers.forked import WORKER_TITLE


async def worker_of(parent: psutil.Process) -> psutil.Process:
    """The one worker under this process, waited for if need be; a TimeoutError after 30 seconds."""
    async with asyncio.timeout(30):
        while True:
            for child in parent.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):  # what decodes stills may end at this moment
                    if child.name() == WORKER_TITLE:
                        return child
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def held_renders(bot_pid: int) -> AsyncIterator[None]:
    """No clip of this bot is finished meanwhile, however fast the machine is: its worker is frozen."""
    worker = await worker_of(psutil.Process(bot_pid))
    worker.suspend()
    try:
        yield
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.resume()
