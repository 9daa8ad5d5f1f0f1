"""The browser of the tests: Debian's Chromium."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""The first one that is there is taken: the same engine without windows around it opens a page at a quarter of the
cost."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


class NoBrowser(Exception):
    """None of BROWSERS is on this machine."""

    def __init__(self) -> None:
        where = " nor ".join(BROWSERS)
        super().__init__(f"there is no browser at {where}; on Debian `apt-get install chromium` brings one")


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """The first of BROWSERS that is there, closed at the end. Raises NoBrowser."""
    path = next((path for path in BROWSERS if Path(path).exists()), None)
    if path is None:
        raise NoBrowser
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def browser_or_skip() -> AsyncIterator[Browser]:
    """For fixtures: without a browser the test is skipped, with the reason."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            browser = await stack.enter_async_context(open_browser())
        except NoBrowser as missing:
            pytest.skip(str(missing))
        yield browser
