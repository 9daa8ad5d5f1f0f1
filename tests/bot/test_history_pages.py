"""/history through the client: pages of five that survive a restart, with pictures, within Discord's limits."""

import json
from pathlib import Path

import discord
from classroom import QUICK, StartBot, told

from bot.histories import Place
from bot.house import House
from generation.album import NEWEST
from sandbox.components import MAX_PARTS_V2, walk
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import jobs, ledger
from storage.database import Transaction

CLIP = "a" * 64 + ".mp4"


async def add_jobs(house: House, sandbox: Sandbox, person: Person, count: int) -> None:
    """Finished jobs without files: every seventh failed, every third of another model."""

    def work(tx: Transaction) -> None:
        who = {"guild_id": sandbox.guild.id, "user_id": person.id}
        ledger.see(tx, **who, period="2026-11-01", allowance_credits=400, now=1.0)
        why = {"reason": "test", "actor": "test", "now": 1.0}
        ledger.grant(tx, key=f"much-{person.id}", **who, amount_credits=10_000, **why)
        for number in range(1, count + 1):
            _add(tx, sandbox, person, number)

    await house.database.write(work)


def _add(tx: Transaction, sandbox: Sandbox, person: Person, number: int) -> None:
    where = {"guild_id": sandbox.guild.id, "user_id": person.id}
    key, now = f"job-{person.id}-{number}", float(number)
    hold_id = ledger.hold(tx, key=key, **where, amount_credits=1, reason="clip", actor="test", now=now)
    recipe = {
        "prompt": f"wish {number} " + "“long” *words* " * 60,
        "seed": number,
        "task": "animate",
        "fps": 16,
        "preset": "fast",
    }
    recipe |= {"frames": 17, "width": 64, "height": 64, "steps": 1, "still": None, "end_still": None}
    model_id = "other" if number % 3 == 0 else "draft"
    what = {"model_id": model_id, "recipe": recipe, "price_credits": 1, "size_limit_bytes": 1, "locale": "en-US"}
    new = jobs.NewJob(key=key, **where, channel_id=1, **what)
    job = jobs.add(tx, new, hold_id=hold_id, now=now)
    jobs.claim(tx, job.id, worker="test", now=now)
    if number % 7 == 0:
        jobs.fail(tx, job.id, 1, fault="encoder", cause="", now=now)
        ledger.release(tx, hold_id, reason="failed", actor="test", now=now)
    else:
        clip = {"clip": CLIP, "clip_bytes": 1, "render_seconds": 1.0, "remarks": []}
        jobs.succeed(tx, job.id, 1, **clip, now=now)
        ledger.capture(tx, hold_id, reason="rendered", actor="test", now=now)
    jobs.posted(tx, job.id, person.id + number, now)


def numbers(page: Message) -> list[int]:
    """The clips on a page, in its order."""
    rows = [line for line in page.text.splitlines() if line.startswith("-# #")]
    return [int(row.split()[1].removeprefix("#")) for row in rows]


def turning(page: Message) -> dict[str, bool]:
    return {
        button.label: not button.disabled for button in page.buttons if (button.custom_id or "").startswith("pages:")
    }


async def opened(person: Person, options: dict[str, object] | None = None) -> Message:
    page = await (await person.command("history", options)).finished()
    assert page is not None
    return page


async def turned(person: Person, page: Message, label: str) -> Message:
    before = page.text
    await person.click(page, label)
    return await person.waits_for(lambda m: m.id == page.id and m.text != before)


async def test_the_first_page_holds_the_newest_five(house: House, sandbox: Sandbox) -> None:
    for count, shown, older in ((0, 0, False), (1, 1, False), (5, 5, False), (6, 5, True)):
        person = sandbox.person(f"Person {count}")
        await add_jobs(house, sandbox, person, count)
        page = await opened(person)
        own = await house.database.read(lambda tx, who=person.id: jobs.recent(tx, sandbox.guild.id, who, 10))

        assert page.ephemeral
        assert [job.id for job in own][:shown] == numbers(page)
        assert {"◀ Newer": False, "Older ▶": older, "Only failed": True} == turning(page)
        assert ("no clips here yet" in page.text) == (count == 0)


async def test_five_hundred_clips_are_turned_to_the_end_and_back_across_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person
) -> None:
    async with start_bot() as house:
        await add_jobs(house, sandbox, ada, 500)
        page = await opened(ada)
        assert len(list(walk(page.components))) <= MAX_PARTS_V2
        page = await turned(ada, page, "Older ▶")
        assert [495, 494, 493, 492, 491] == numbers(page)
    async with start_bot() as house:
        page = await turned(ada, page, "Older ▶")
        assert [490, 489, 488, 487, 486] == numbers(page)
        page = await turned(ada, page, "◀ Newer")
        page = await turned(ada, page, "◀ Newer")
        assert [500, 499, 498, 497, 496] == numbers(page)
        assert not turning(page)["◀ Newer"]

        failed = await turned(ada, page, "Only failed")
        assert [497, 490, 483, 476, 469] == numbers(failed)
        failed = await turned(ada, failed, "Older ▶")
        assert [462, 455, 448, 441, 434] == numbers(failed)
        assert [500, 499, 498, 497, 496] == numbers(await turned(ada, failed, "Show all"))
        drafts = await opened(ada, {"model": "draft", "only": "failed"})
        assert [497, 490, 476, 469, 455] == numbers(drafts)


async def test_nobody_turns_the_pages_of_another(house: House, sandbox: Sandbox, ada: Person, ben: Person) -> None:
    await add_jobs(house, sandbox, ada, 6)
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="page", custom_id=Place(ada.id).custom_id))
    view.stop()
    sent = await house.bot.get_partial_messageable(ada.home.id).send("a page", view=view)
    message = await ben.waits_for(lambda m: m.id == sent.id)
    answer = await (await ben.click(message, "page")).finished()

    assert answer is not None
    assert "belongs to somebody else" in answer.content
    assert "wish" not in answer.content


def test_the_longest_id_of_a_button_fits_into_discord() -> None:
    assert len(Place(2**63 - 1, "m" * 40, True, "newer", NEWEST).custom_id) <= 100


async def test_a_clip_is_shown_as_three_frames_with_alt_text_and_made_once(
    house: House, ada: Person, still: Upload, data_folder: Path
) -> None:
    await ada.command("animate", {"still": still, **QUICK})
    await told(house)
    page = await opened(ada)
    [strip] = page.shown_attachments
    [gallery] = [part for _, part in walk(page.components) if part["type"] == 12]
    made = {path: path.stat().st_mtime_ns for path in (data_folder / "files").rglob("*.jpg")}
    await opened(ada)

    assert "First, middle and last frame. Animated still" in gallery["items"][0]["description"]
    assert strip.filename == "strip-1.jpg"
    assert (await ada.download(strip))[:3] == b"\xff\xd8\xff"
    assert len(made) == 1
    assert made == {path: path.stat().st_mtime_ns for path in (data_folder / "files").rglob("*.jpg")}
    assert "Show here" in json.dumps(page.components)
