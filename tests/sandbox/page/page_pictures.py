"""Screenshots of the page's main moments with the real bot: `python page_pictures.py FOLDER [--all]`."""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

import contest_on_the_page as flow
import showcase
from playwright.async_api import Browser, expect
from visiting import CLIP_MILLISECONDS, ROOT, STILL, Visitor, new_page

from sandbox import Person, Sandbox, Upload
from sandbox.page.suggestion import Suggestion
from sandbox.threads import numbered_tags
from tests.browsing import open_browser

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
IN_README = (
    "first-visit",
    "progress",
    "clip-light",
    "private-answer",
    "workbench",
    "challenge",
    "challenge-form",
    "layout-dark",
)
SAILING = STILL.with_name("sailing.jpg")
SUGGESTED = f'/animate still:"@{STILL}" prompt:"slow zoom in, gentle wind"'


class Camera:
    """Opens tabs and takes pictures."""

    def __init__(self, browser: Browser, sandbox: Sandbox, folder: Path, *, everything: bool) -> None:
        self.browser, self.sandbox, self.folder, self.everything = browser, sandbox, folder, everything

    async def tab(self, name: str, *, wide: bool = True, scheme: str = "dark") -> Visitor:
        context = await self.browser.new_context(viewport=WIDE if wide else NARROW, color_scheme=scheme)
        return await new_page(context, self.sandbox, name)

    async def close_tabs(self) -> None:
        """Clips go on playing in every open tab and keep the machine busy."""
        for context in self.browser.contexts:
            await context.close()

    async def take(self, visitor: Visitor, name: str) -> None:
        if not self.everything and name not in IN_README:
            return
        await visitor.page.mouse.move(2, 2)
        await visitor.page.wait_for_timeout(350)
        await visitor.page.screenshot(path=self.folder / f"{name}.png")
        print(self.folder / f"{name}.png")


def known(sandbox: Sandbox, name: str) -> Person:
    """Somebody of the first cast."""
    return next(person for person in sandbox.people.values() if person.name == name)


async def first_clip(camera: Camera) -> None:
    """The first visit, the work in progress, the clip, in both schemes and both widths."""
    ada = await camera.tab("Ada")
    await expect(ada.page.locator("img.thumb")).to_be_visible()
    await camera.take(ada, "first-visit")
    await ada.page.get_by_role("button", name="seconds", exact=True).click()
    await ada.page.get_by_label("seconds", exact=True).fill("10")
    await ada.page.get_by_role("button", name="shape", exact=True).click()
    await ada.page.get_by_label("shape", exact=True).fill("still-hd")
    await ada.page.get_by_role("button", name="Send").click()
    await expect(ada.message(re.compile("[▰█▓■]")).first).to_be_visible(timeout=CLIP_MILLISECONDS)
    await camera.take(ada, "progress")
    await expect(ada.page.locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)
    await expect(ada.message("Finished").first).to_be_visible()
    await ada.page.locator("video").evaluate(
        "v => new Promise(done => v.addEventListener('timeupdate', () => v.currentTime > 1 && done()))"
    )
    await camera.take(ada, "clip")
    ben = await camera.tab("Ben", scheme="light")
    await camera.take(ben, "clip-light")
    small = await camera.tab("Ben", wide=False)
    await camera.take(small, "clip-narrow")
    await small.page.get_by_role("button", name="Leave the command").click()
    await small.page.get_by_role("button", name="Servers and channels").click()
    await camera.take(small, "places-narrow")
    camera.sandbox.page.suggestion = None


async def conversations(camera: Camera) -> None:
    """Private answers, the palette, menus, people."""
    ada = await camera.tab("Ada")
    await ada.runs("credits")
    await expect(ada.message("Only you can see this")).to_be_visible()
    await camera.take(ada, "private-answer")
    await ada.page.locator("#composer-text").fill("/")
    await expect(ada.page.locator(".palette")).to_be_visible()
    await camera.take(ada, "palette")
    hopper = await camera.tab("Ms. Hopper", scheme="light")
    await hopper.page.get_by_title("Be somebody else").click()
    await camera.take(hopper, "people")


async def challenge(camera: Camera) -> None:
    """A challenge of the bot's own: its form on a phone, its entries, its end."""
    room = camera.sandbox.guild.add_channel("challenges")
    hopper, ada = await camera.tab("Ms. Hopper"), await camera.tab("Ada")
    ben = await camera.tab("Ben", wide=False, scheme="light")
    for visitor in (hopper, ada, ben):
        await visitor.goes_through_the_menu_to(room)
    await flow.sets_a_challenge(hopper, {"closes": "in 3 days", "pool": "10", "prize": "4"})
    await camera.take(hopper, "challenge-brief")
    await ben.page.get_by_role("button", name="Enter", exact=True).click()
    await ben.page.get_by_label("How should it move?").fill("slow zoom in, the grass sways")
    await ben.page.locator("dialog input[type=file]").set_input_files(STILL)
    await expect(ben.page.locator("dialog img.thumb")).to_be_visible()
    await camera.take(ben, "challenge-form")
    await ben.page.keyboard.press("Escape")
    await flow.enters(ada, "gentle waves, static camera", SAILING)
    await flow.enters(ben, "slow zoom in, the grass sways", None)
    for entry in ("Entry 1", "Entry 2"):
        await expect(ada.message(entry).locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)
    await ada.message("Entry 2").get_by_role("button", name="Vote").click()
    await expect(ada.message("Your vote is on")).to_be_visible()
    await camera.take(ada, "challenge-entries")
    await ada.page.get_by_role("button", name="Dismiss message").click()
    await flow.closes_the_challenge(hopper)
    await expect(ada.message("is over").locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)
    await ada.message("is over").evaluate("row => row.scrollIntoView({ block: 'start' })")
    await camera.take(ada, "challenge")


async def workbench(camera: Camera) -> None:
    """Requests with their verdicts, and faults."""
    ada = await camera.tab("Ada")
    panel = await ada.bench("Requests")
    await panel.locator(".entry > button").nth(1).click()
    await camera.take(ada, "workbench")
    await ada.bench("Faults")
    await ada.page.get_by_role("button", name="Slow uploads").click()
    await camera.take(ada, "faults")
    await ada.bench("Clock")
    await camera.take(ada, "clock")
    small = await camera.tab("Ada", wide=False, scheme="light")
    await small.bench("Requests")
    await camera.take(small, "workbench-narrow")
    camera.sandbox.page.workbench.calm()


async def components(camera: Camera) -> None:
    """Everything a bot can send, without a bot."""
    sandbox = camera.sandbox
    room = sandbox.guild.add_channel("showcase")
    message = showcase.words(sandbox, room)
    ada, ben = known(sandbox, "Ada"), known(sandbox, "Ben")
    await ben.say("This is the plan for Friday.", channel=room, reply_to=message)
    for person, emoji in ((ada, "🎬"), (ben, "🎬"), (ben, "❤️")):
        person.reacts(message, emoji)
    showcase.embed(sandbox, room)
    showcase.rows(sandbox, room)
    for scheme in ("dark", "light"):
        tab = await camera.tab("Ada", scheme=scheme)
        await tab.goes_to(room)
        await camera.take(tab, f"messages-{scheme}")
        await tab.page.locator(".log").evaluate("log => { log.scrollTop = 0 }")
        await camera.take(tab, f"words-{scheme}")
    other = sandbox.guild.add_channel("challenge")
    showcase.layout(sandbox, other, STILL.read_bytes())
    for scheme, wide in (("dark", True), ("light", False)):
        tab = await camera.tab("Ada", scheme=scheme, wide=wide)
        await tab.page.evaluate("id => sessionStorage.setItem('channel', JSON.stringify(id))", str(other.id))
        await tab.page.reload()
        await expect(tab.page.locator(".container img").first).to_be_visible()
        await camera.take(tab, f"layout-{scheme}")
        await tab.page.evaluate(
            "modal => import('./static/js/store.js').then(store => store.change(s => { s.modal = modal }))",
            showcase.MODAL,
        )
        await camera.take(tab, f"form-{scheme}")


async def threads(camera: Camera) -> None:
    """A forum with its posts, and a thread as an instructor sees it, without a bot."""
    sandbox = camera.sandbox
    ada, ben, hopper = (known(sandbox, name) for name in ("Ada", "Ben", "Ms. Hopper"))
    forum = sandbox.guild.add_channel("gallery", kind="forum")
    entries = [{"name": "sea", "emoji_name": "🌊"}, {"name": "question"}]
    forum.tags = numbered_tags(sandbox.world, entries)
    still = Upload("still.jpg", STILL.read_bytes())
    hopper.posts(
        forum, "Week 1: one breath of wind", "Make a still move **without** moving the camera.", [still], ["sea"]
    )
    question = ada.posts(forum, "How do I keep the horizon level?", "It tilts whenever I write pan.", (), ["question"])
    await ben.say("Say that the camera is static.", channel=question)
    hopper.keeps(ben.posts(forum, "Which stills work best?", "Sharp ones, it seems.", (), ["question"]), archived=True)
    tab = await camera.tab("Ben")
    await tab.goes_to(forum)
    await camera.take(tab, "forum")
    await tab.page.get_by_role("button", name="New post").click()
    await camera.take(tab, "new-post")
    small = await camera.tab("Ms. Hopper", wide=False, scheme="light")
    await small.goes_through_the_menu_to(forum)
    await camera.take(small, "forum-narrow")
    await small.page.locator(".posts").get_by_role("button", name=question.name).click()
    await small.page.get_by_role("button", name="Thread actions").click()
    await camera.take(small, "thread-narrow")


async def main(folder: Path, *, everything: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with Sandbox.open() as sandbox, open_browser() as browser:
        camera = Camera(browser, sandbox, folder, everything=everything)
        sandbox.name_bot("Stillmotion")
        await camera.take(await camera.tab("Ada"), "nobody")
        sandbox.page.suggestion = Suggestion.read(SUGGESTED)
        with tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "STILLMOTION_DATA_FOLDER": data, "STILLMOTION_LOG_LEVEL": "WARNING"}
            environment |= {"STILLMOTION_NOTICE": "false"}
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "--sandbox", sandbox.url, env=environment, cwd=ROOT
            )
            try:
                await sandbox.bot_ready(60)
                for scene in (first_clip, conversations, workbench, challenge, components, threads):
                    await scene(camera)
                    await camera.close_tabs()
            finally:
                bot.terminate()
                await bot.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), everything="--all" in sys.argv))
