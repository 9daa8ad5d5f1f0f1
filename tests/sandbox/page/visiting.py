"""A visitor of the page in a real browser, and where to find what the tests look at."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from sandbox import Channel, Person, Sandbox

ROOT = Path(__file__).parents[3]
STILL = ROOT / "sandbox" / "stills" / "lighthouse.jpg"
CLIP_MILLISECONDS = 60_000
PATIENCE_MILLISECONDS = 20_000  # whatever a page does at once, on a machine that has other things to do
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class Visitor:
    """One tab as one person; `errors` collects what the browser complains about."""

    page: Page
    name: str
    errors: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message")

    def message(self, text: str | re.Pattern[str]) -> Locator:
        return self.messages.filter(has_text=text)

    async def goes_to(self, channel: Channel) -> None:
        await self.page.get_by_role("button", name=channel.name, exact=True).first.click()
        await expect(self.page.locator("header.title h2")).to_have_text(channel.name)

    async def goes_through_the_menu_to(self, channel: Channel) -> None:
        """As `goes_to`, at any width: on a narrow screen the list of channels is opened first."""
        menu = self.page.get_by_role("button", name="Servers and channels")
        if await menu.is_visible():
            await menu.click()
        await self.goes_to(channel)

    async def says(self, text: str) -> None:
        await self.page.locator("#composer-text").fill(text)
        await self.page.locator("#composer-text").press("Enter")

    async def begins(self, command: str) -> Locator:
        """Pick a command from the palette; the form to fill in."""
        await self.page.locator("#composer-text").fill(f"/{command}")
        await self.page.get_by_role("option", name=f"/{command}").first.click()
        form = self.page.get_by_role("form", name=f"Command /{command}")
        await expect(form).to_be_visible()
        return form

    async def runs(self, command: str) -> None:
        """A command without options."""
        await (await self.begins(command)).get_by_role("button", name="Send").click()

    async def animates(self, prompt: str = "slow zoom in", **choices: str) -> None:
        """Attach the still and ask for a short clip."""
        form = await self.begins("animate")
        await form.locator("input[type=file]").set_input_files(STILL)
        await form.get_by_label("prompt").fill(prompt)
        for name, value in {"shape": "square", "seconds": "1", **choices}.items():
            await form.get_by_role("button", name=name, exact=True).click()
            await form.get_by_label(name, exact=True).fill(value)
        await form.get_by_role("button", name="Send").click()

    async def drops(self, *files: Path) -> None:
        """Drag files over the middle of the window and let go, told to the page by the browser as from a real hand."""
        session = await self.page.context.new_cdp_session(self.page)
        middle = await self.page.evaluate("({ x: innerWidth / 2, y: innerHeight / 2 })")
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            await session.send("Input.dispatchDragEvent", {"type": step, "data": data, **middle})
        await session.detach()

    async def bench(self, tab: str) -> Locator:
        """Open the workbench at a tab."""
        if not await self.page.locator(".workbench").is_visible():
            await self.page.get_by_role("button", name="Workbench", exact=True).click()
        await self.page.get_by_role("tab", name=tab).click()
        return self.page.locator("#bench-panel")

    async def breaks(self, label: str) -> None:
        """Press one of the faults."""
        panel = await self.bench("Faults")
        await panel.get_by_role("button", name=label).click()


Visit = Callable[..., Any]


def cast(sandbox: Sandbox, name: str, **facts: Any) -> Person:
    """A person with a name of her own in this session."""
    return sandbox.person(name, **facts)


async def plays(video: Locator) -> None:
    """The video is being played: decoded, and its time moves by itself."""
    await expect(video).to_be_visible(timeout=CLIP_MILLISECONDS)
    await video.scroll_into_view_if_needed()
    await video.evaluate(
        "v => new Promise((done, fail) => { v.addEventListener('timeupdate', () => v.currentTime > 0.05 && done()); "
        "v.addEventListener('error', () => fail(new Error('cannot be decoded'))); if (v.error) fail(v.error); })"
    )
    facts = await video.evaluate(
        "v => ({ error: v.error?.message ?? null, width: v.videoWidth, moved: v.currentTime > 0 })"
    )
    assert facts["error"] is None
    assert facts["width"] > 0
    assert facts["moved"]


async def new_page(context: BrowserContext, sandbox: Sandbox, name: str) -> Visitor:
    """A tab as a person, once the page stands."""
    visitor = Visitor(await context.new_page(), name)
    visitor.page.set_default_timeout(PATIENCE_MILLISECONDS)
    visitor.listen()
    await visitor.page.goto(f"{sandbox.page_url}?as={name}")
    await expect(visitor.page.locator("#composer-text, form.command").first).to_be_visible()
    return visitor
