"""A whole challenge of a class of thirty, one of whom tries every way around the rules; audited to the credit."""

import asyncio
import csv
import io
from pathlib import Path

from classroom import StartBot
from classroom import told as job_told
from contest import SMALL_MENU, close_and_read, credits_of, enter, entry_in, instructor, said, set_challenge, told

from bot.house import House
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger, pools

CLASS_SIZE = 30
POOL, PRIZE, CAP = 40, 7, 1
BEGINS = ("pan left", "pan right", "tilt up", "tilt down", "slow zoom in", "slow zoom out")


async def vote(person: Person, entry: Message) -> str:
    return (await said(await person.click(entry, "Vote"))).content


async def everybody_enters(house: House, brief: Message, thread: Channel, people: list[Person]) -> list[Message]:
    """Entry by entry, so that numbers follow the list; the clips are made meanwhile."""
    for at, person in enumerate(people):
        answer = await enter(person, brief, prompt=f"{BEGINS[at % len(BEGINS)]}, gently")
        assert f"**entry {at + 1}**" in answer.content
    for number in range(1, len(people) + 1):
        await job_told(house, number, timeout_seconds=150)
    return [await entry_in(people[0], thread, number + 1) for number in range(len(people))]


async def tries_everything(rogue: Person, brief: Message, entries: list[Message], own: int) -> None:
    """Two votes, a vote for oneself, a second entry, the same again, buttons pressed at once and again."""
    assert "most for each person" in (await enter(rogue, brief, prompt="pan left, once more")).content
    assert "Nobody votes for their own entry" in await vote(rogue, entries[own])
    answers = await asyncio.gather(*(vote(rogue, entries[0]) for _ in range(3)))
    assert 2 == sum("Your vote is on entry 1" in answer for answer in answers)
    assert "Your vote is on entry 2" in await vote(rogue, entries[1])
    for command in ("close", "cancel", "entries"):
        assert "Only instructors" in (await told(rogue, f"challenge {command}", challenge=1)).content
    assert "belongs to somebody else" in (await told(rogue, "challenges withdraw", entry=1)).content


async def test_a_challenge_of_thirty_from_its_brief_to_its_table(
    sandbox: Sandbox, start_bot: StartBot, still: Upload, tmp_path: Path
) -> None:
    menu = tmp_path / "menu.toml"
    menu.write_text(SMALL_MENU)
    ines = instructor(sandbox)
    # Thirty entries take a minute under the limits of one channel, which other tests keep to.
    sandbox.limits.enabled = False
    people = [sandbox.person(f"Student {number}") for number in range(1, CLASS_SIZE + 1)]
    rogue, late = people[-1], sandbox.person("Late")
    async with start_bot(catalog=menu) as house:
        terms = {"still": still, "pool": POOL, "cap": CAP, "prize": PRIZE, "closes": "in 50 min"}
        brief, thread = await set_challenge(sandbox, ines, **terms)
        entries = await everybody_enters(house, brief, thread, people)
        assert POOL - CLASS_SIZE == await house.database.read(lambda tx: pools.available(tx, 1))
    async with start_bot(catalog=menu) as house:
        sandbox.offer_command("challenge", rogue)
        await tries_everything(rogue, brief, entries, own=CLASS_SIZE - 1)
        for voter in people[2:12]:
            assert "Your vote is on entry 1" in await vote(voter, entries[0])
        form = await people[0].click(brief, "Enter")
        assert form.modal is None
        assert not any(person.mention in message.content for message in rogue.reads(thread) for person in people)
        form = (await late.click(brief, "Enter")).modal
        assert form is not None
        results = await close_and_read(ines, thread)
        too_late = (await said(await late.submit(form, {"prompt": "tilt up"}))).content
        for answer in (await vote(rogue, entries[0]), too_late):
            assert "This challenge is over" in answer
    async with start_bot(catalog=menu) as house:
        assert f"**Winner: entry 1** by {people[0].mention} with 10 votes, who gets {PRIZE} credits" in results.content
        listed = str(results.embeds[0]["description"]).splitlines()
        assert (CLASS_SIZE, f"**2** {people[1].mention} · 1 vote") == (len(listed), listed[1])
        assert [(400 + PRIZE, 0), (400, 0), (400, 0)] == [
            await credits_of(house, person) for person in (people[0], people[1], rogue)
        ]
        assert pools.Totals(0, 0, CLASS_SIZE) == await house.database.read(lambda tx: pools.totals(tx, 1))
        assert [] == await house.database.read(ledger.audit)
        sheet = (await told(ines, "challenge entries", challenge=1)).attachments[0]
        rows = list(csv.DictReader(io.StringIO((await ines.download(sheet)).decode("utf-8-sig"), newline="")))
        assert (CLASS_SIZE, "10", "7") == (len(rows), rows[0]["votes"], rows[0]["prize"])
        assert [] == sandbox.violations
    again = [message.id for message in ines.reads(thread) if "is over" in message.content]
    assert [results.id] == again
