"""One sandbox, one browser and the real bot for all tests of the page; each test has its own people and channel."""

import asyncio
import contextlib
import functools
import itertools
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import discord
import pytest
import pytest_asyncio
from playwright.async_api import Browser
from visiting import ROOT, Visitor, new_page

from sandbox import Channel, Sandbox
from tests.browsing import browser_or_skip
from tests.rendering import held_renders

_numbers = itertools.count(1)
SKETCH = """
[[model]]
id = "sketch"
label = "Sketch"
family = "draft"
tasks = ["animate"]
fps = 16
frames = { default = 9, step = 4, max = 241 }
side_step = 16
price = { credits = 1, width = 832, height = 480, frames = 81, calls = 1 }
shapes = [{ id = "still", width = 320, height = 192, keeps_aspect = true }]

[model.presets.fast]
steps = 1
"""
"""One more model on the menu, whose clips take a tenth of a second, where a test is not about how they are made."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with browser_or_skip() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def classroom(openapi: Path | None) -> AsyncIterator[Sandbox]:
    """A sandbox without a bot, shared by all tests of the page."""
    async with Sandbox.open(openapi=openapi) as sandbox:
        sandbox.limits.enabled = False
        yield sandbox


HeldRenders = Callable[[], contextlib.AbstractAsyncContextManager[None]]


@pytest.fixture(scope="session")
def with_bot(_staged: tuple[Sandbox, int]) -> Sandbox:
    """A sandbox with the real bot connected to it as a process of its own."""
    return _staged[0]


@pytest.fixture(scope="session")
def renders_held(_staged: tuple[Sandbox, int]) -> HeldRenders:
    """Opens a while in which no clip of that bot is finished, for what is seen and done before."""
    return functools.partial(held_renders, _staged[1])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _staged(openapi: Path | None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Sandbox, int]]:
    folder = tmp_path_factory.mktemp("bot")
    menu = folder / "menu.toml"
    menu.write_text((ROOT / "generation" / "catalog.toml").read_text() + SKETCH)
    environment = {
        **os.environ,
        "STILLMOTION_DATA_FOLDER": str(folder / "data"),
        "STILLMOTION_CATALOG": str(menu),
        "STILLMOTION_NOTICE": "false",
    }
    async with Sandbox.open(openapi=openapi) as sandbox:
        with (folder / "log").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "--sandbox", sandbox.url, env=environment, cwd=ROOT, stderr=output
            )
        try:
            await sandbox.bot_ready(60)
            yield sandbox, process.pid
        finally:
            process.terminate()
            await process.wait()


@pytest_asyncio.fixture(loop_scope="session")
async def foreign(
    openapi: Path | None, point_discord_at: Callable[[Sandbox], None]
) -> AsyncIterator[Callable[[discord.Client], Awaitable[Sandbox]]]:
    """A sandbox of its own with another bot than ours connected to it."""
    async with contextlib.AsyncExitStack() as stack:

        async def connect(bot: discord.Client) -> Sandbox:
            sandbox = await stack.enter_async_context(Sandbox.open(openapi=openapi))
            point_discord_at(sandbox)
            living = asyncio.create_task(bot.start("any token"))
            stack.push_async_callback(_end, bot, living)
            await sandbox.bot_ready(60)
            return sandbox

        yield connect


async def _end(bot: discord.Client, living: "asyncio.Task[None]") -> None:
    await bot.close()
    with contextlib.suppress(asyncio.CancelledError):
        await living


@pytest.fixture
def channel(request: pytest.FixtureRequest) -> Callable[[Sandbox], Channel]:
    """A channel of its own for each test, so that nothing of other tests is in sight."""
    return lambda sandbox: sandbox.guild.add_channel(f"room-{next(_numbers)}")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Open the page as a new person in a browser context of its own; complaints of the browser fail the test."""
    visitors: list[Visitor] = []
    sandboxes: list[Sandbox] = []

    async def open_as(sandbox: Sandbox, name: str = "", room: Channel | None = None, **context: object) -> Visitor:
        if not name:
            name = sandbox.person(f"Student {next(_numbers)}").name
        opened = await browser.new_context(**context)
        visitor = await new_page(opened, sandbox, name)
        visitors.append(visitor)
        sandboxes.append(sandbox)
        if room is not None:
            await visitor.goes_to(room)
        return visitor

    yield open_as
    for sandbox in sandboxes:
        sandbox.page.workbench.calm()
        sandbox.page.suggestion = None
    complaints = [error for visitor in visitors for error in visitor.errors]
    for visitor in visitors:
        await visitor.page.context.close()
    assert complaints == []
