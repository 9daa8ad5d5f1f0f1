"""Being forgotten, seeing what is kept, and days of retention, as people meet them."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from classroom import QUICK, StartBot, clips_in, picture, reached, told, worker_process
from contest import SMALL_MENU, close_and_read, enter, entry_in, instructor, said, set_challenge
from contest import told as answer

from bot.house import House
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox

WISH = {**QUICK, "shape": None, "seconds": 0.5}
DAY_SECONDS = 86_400.0


@pytest.fixture
def menu(tmp_path: Path) -> Path:
    path = tmp_path / "menu.toml"
    path.write_text(SMALL_MENU)
    return path


def age(folder: Path) -> None:
    for path in (folder / "files").rglob("*"):
        os.utime(path, (1, 1))


def files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in (folder / "files").rglob("*") if path.is_file())


async def tidied(house: House) -> None:
    """Wait until nothing is left to be done outside the database."""
    left = "SELECT (SELECT count(*) FROM loose_files) + (SELECT count(*) FROM loose_messages)"
    left += " + (SELECT count(*) FROM stale_results)"
    async with asyncio.timeout(60):
        while await house.keeping.withdrawals() or await house.database.read(lambda tx: tx.execute(left).fetchone()[0]):
            await asyncio.sleep(0.05)


async def everything_in(house: House) -> str:
    """All that the database holds, as text."""

    def read(tx: object) -> str:
        names = [name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]  # type: ignore[attr-defined]
        return "\n".join(str(row) for name in names for row in tx.execute(f"SELECT * FROM {name}"))  # type: ignore[attr-defined]

    return await house.database.read(read)


async def forgotten(person: Person, question: Message) -> None:
    """Press the button, more than once, and wait until it is done."""
    await asyncio.gather(*(person.click(question, "Forget me") for _ in range(2)))
    await person.waits_for(lambda m: m is question and "You are forgotten here" in m.content, timeout_seconds=60)


async def a_past(house: House, sandbox: Sandbox, ines: Person, ada: Person, ben: Person, data_folder: Path) -> Message:
    """Ada has won a challenge, stands in an open one, asked for credits, compares and draws; returns the results."""
    still = picture(320, 192)
    await answer(ines, "class channel", channel=sandbox.guild.add_channel("staff"))
    brief, thread = await set_challenge(sandbox, ines, still=still, pool=9, cap=2, prize=3)
    for number, (person, prompt) in enumerate(((ada, "pan left, secretly"), (ben, "pan right")), 1):
        assert f"**entry {number}**" in (await enter(person, brief, prompt=prompt)).content
    entry = await entry_in(ben, thread, 1)
    await entry_in(ben, thread, 2)
    assert "Your vote" in (await said(await ben.click(entry, "Vote"))).content
    results = await close_and_read(ines, thread)
    await ada.command("animate", {"still": still, **WISH, "prompt": "zoom in, secretly"})
    await told(house, 3)
    await (
        await ada.command("animate", {"still": picture(336, 192), **WISH, "prompt": "zoom in, then pan left"})
    ).finished()
    await answer(ines, "class grant", reason="well done", credits=2, person=ada)
    age(data_folder)
    return results


async def test_a_person_is_forgotten_with_everything_and_the_class_goes_on(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, menu: Path, data_folder: Path
) -> None:
    sandbox.limits.enabled = False
    ines = instructor(sandbox)
    async with start_bot(catalog=menu) as house:
        results = await a_past(house, sandbox, ines, ada, ben, data_folder)
        assert f"by <@{ada.id}>" in results.content
        before = [file.size for file in results.attachments]
        worker = await worker_process(house)
        worker.suspend()
        await ada.command("animate", {"still": picture(640, 384), "prompt": "pan left", "seconds": 10})
        await reached(house, "running", 4)
        question = await answer(ada, "forget-me")
        asked = question.content
        await forgotten(ada, question)
        worker.resume()
        age(data_folder)
        house.keeping.wake()
        await tidied(house)
        everything = await everything_in(house)
        shown = [m for m in ben.reads() + ben.reads(results.channel) if "#1 ·" in m.content or "#3 ·" in m.content]
        cancelled = await house.orders.job(4)
        log = await answer(ines, "class log")
        back = await answer(ada, "credits")
        refused = await answer(ada, "animate", still=picture(320, 192), **WISH)
        gone = [m for m in ada.reads() if clips_in(m)]

    for word in (str(ada.id), "Ada", "secretly"):
        assert word not in everything
    assert "your 2 clips with their stills and prompts" in asked
    assert "(your challenge entry too)" in asked
    assert "The clip of yours that is in the making is cancelled first" in asked
    assert "cancelled" == cancelled.state
    assert ([], []) == (shown, gone)
    assert "by somebody who was forgotten" in results.content
    assert "1** somebody who was forgotten" in str(results.embeds[0]["description"])
    assert (2, True) == (len(results.attachments), [file.size for file in results.attachments] != before)
    assert "the books know them by the number 1" in str(log.embeds[0]["description"])
    assert f"<@{ada.id}>" not in str(log.embeds[0]["description"])
    assert "**0** available" in str(back.embeds[0]["description"])
    assert "you have 0" in refused.content
    assert [] == sandbox.violations


async def test_a_wish_to_be_forgotten_survives_a_kill_and_nobody_presses_for_another(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, menu: Path, data_folder: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=menu) as house:
        await ada.command("animate", {"still": picture(320, 192), **WISH})
        await told(house)
        await answer(ines, "class pause", reason="lunch")
        await ada.command("animate", {"still": picture(320, 192), **WISH, "prompt": "pan left"})
        status = await ben.waits_for(lambda m: "Paused by the instructors" in m.content)
        question = await answer(ada, "forget-me")
        kept = await answer(ben, "forget-me")
        await ben.click(kept, "Keep everything")
        # The wish is written down, and the bot ends before it can see to it.
        await house.forgettings.begin(sandbox.guild.id, ada.id)
        age(data_folder)
    async with start_bot(catalog=menu) as house:
        while await house.forgettings.under_way(1):
            await asyncio.sleep(0.02)
        await tidied(house)
        everything = await everything_in(house)
        jobs = [await house.orders.job(number) for number in (1, 2)]
        await ada.click(question, "Forget me")
        await ada.waits_for(lambda m: m is question and "You are forgotten here" in m.content)

    assert "Everything is as it was" in kept.content
    assert (str(ada.id) in everything, "Ada" in everything, files(data_folder)) == (False, False, [])
    assert ["succeeded", "cancelled"] == [job.state for job in jobs]
    assert status.deleted


async def test_people_and_instructors_see_what_is_kept_and_how_long_it_stays(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, menu: Path, data_folder: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=menu) as house:
        await ada.command("animate", {"still": picture(320, 192), **WISH, "prompt": "slow zoom in, secretly"})
        await told(house)
        own = await answer(ada, "my-data")
        seen = await answer(ines, "class export", person=ada)
        sandbox.offer_command("class", ben)
        tried = await answer(ben, "class export", person=ada)
        data = [json.loads(await one.download(m.attachments[0])) for one, m in ((ada, own), (ines, seen))]
        sandbox.clock.advance(3 * DAY_SECONDS)
        later, other = await answer(ines, "class retention", days=9), await answer(ines, "class retention", days=2)
        question = other.content
        assert [".mp4", ".png"] == files(data_folder)
        age(data_folder)
        await ines.click(other, "Keep for 2 days")
        await ines.waits_for(lambda m: m is other and "are kept for 2 days from now on" in m.content)
        await tidied(house)
        left = [m for m in ben.reads() if clips_in(m)], files(data_folder)
        log = str((await answer(ines, "class log")).embeds[0]["description"])
        refused = str((await answer(ines, "class log", refused=True)).embeds[0]["description"])
    sandbox.clock.advance(DAY_SECONDS)
    async with start_bot(catalog=menu, notice=True):
        notice = await answer(ada, "animate", still=picture(320, 192), **WISH)

    assert ["my-data.json", f"person-{ada.id}.json"] == [m.attachments[0].filename for m in (own, seen)]
    assert ["slow zoom in, secretly"] * 2 == [one["jobs"][0]["recipe"]["prompt"] for one in data]
    assert ("Ada", str(ada.id), [False, True]) == (
        data[0]["person"][0]["name"],
        data[0]["user"],
        ["reports_about" in one for one in data],
    )
    assert "Only instructors can do that" in tried.content
    assert "0 clips, 0 stills and 0 prompts" in later.content
    assert "1 clip, 1 still and 1 prompt**" in question
    assert ([], []) == left
    assert f"looked at everything that is kept about <@{ada.id}>" in log
    assert "let stills, clips and prompts be kept for 2 days" in log
    assert "tried /class export" in refused
    assert "stills, clips and prompts for 2 days" in notice.content
