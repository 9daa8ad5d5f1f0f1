"""A small foreign bot, connected to the sandbox through an unmodified discord.py."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import discord
import pytest
from workshop_bot import WorkshopBot

from sandbox import Person, Sandbox
from tests.connecting import connected

Connect = Callable[..., contextlib.AbstractAsyncContextManager[WorkshopBot]]


@pytest.fixture
def connect(sandbox: Sandbox, point_discord_at: Callable[[Sandbox], None]) -> Connect:
    """Connect a client (a WorkshopBot unless another is given) until the block is left."""
    point_discord_at(sandbox)

    @contextlib.asynccontextmanager
    async def start(bot: discord.Client | None = None) -> AsyncIterator[discord.Client]:
        bot = bot or WorkshopBot()
        async with connected(sandbox, bot.start("any token")):
            await asyncio.wait_for(bot.wait_until_ready(), 30)
            try:
                yield bot
            finally:
                await bot.close()

    return start


@pytest.fixture
async def bot(connect: Connect) -> AsyncIterator[WorkshopBot]:
    async with connect() as bot:
        yield bot


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return sandbox.person("Ada")


@pytest.fixture
def ben(sandbox: Sandbox) -> Person:
    return sandbox.person("Ben")
