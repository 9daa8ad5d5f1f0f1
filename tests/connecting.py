"""How a test keeps a bot connected to a sandbox, whichever bot it is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from sandbox import Sandbox

READY_SECONDS = 20.0


@contextlib.asynccontextmanager
async def connected(sandbox: Sandbox, living: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let a bot live from the moment it is ready until the block is left; raises what ends it before that."""
    life = asyncio.create_task(living)
    ready = asyncio.create_task(sandbox.bot_ready(READY_SECONDS))
    try:
        await asyncio.wait({life, ready}, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            ready.cancel()
            await life
        await ready
        yield
    finally:
        life.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await life
