"""A session of thirty people and fifty minutes, the clock driven by hand; audited to the credit."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path

from classroom import StartBot, picture
from classroom import told as job_told
from contest import SMALL_MENU, board_with, instructor, said, summed_up, told

from bot.house import House
from bot.sessions.board import EDIT_PAUSE_SECONDS
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox
from storage import ledger, pools
from storage.pools import Totals

CLASS_SIZE, AGAIN = 30, 6
MINUTES, PRICE = 50, 1
STILL = picture()
MINUTE = 60.0


async def orders(person: Person, prompt: str) -> str:
    """What the person reads: the status message if the order was taken, else the refusal."""
    call = await person.command("animate", {"still": STILL, "prompt": prompt, "seconds": 0.5})
    answer = await call.finished(60)
    if answer is not None:
        return answer.content
    return next(message.content for message in reversed(person.reads()) if person.mention in message.content)


def edits_of(sandbox: Sandbox, message: Message) -> list[str]:
    """What the bot wrote into a message after it was posted."""
    path = f"/channels/{message.channel.id}/messages/{message.id}"
    return [json.dumps(one.body) for one in sandbox.requests if one.method == "PATCH" and one.path.endswith(path)]


def assert_edited_seldom(edits: list[str], lives: list[int], seconds: float) -> None:
    """Not more often than the pause between edits allows, and with something new each time.

    ``lives`` says after how many edits each bot stopped: the next one does not know what the board says, and may say
    it once more.
    """
    assert len(edits) <= 2 + seconds / EDIT_PAUSE_SECONDS
    assert all(before != after for n, (before, after) in enumerate(pairwise(edits), 1) if n not in lives)


async def untouched(house: House, sandbox: Sandbox, people: list[Person]) -> None:
    """Nobody but the pool has paid: a statement holds the allowance and nothing else."""
    for person in people:
        entries = await house.database.read(lambda tx, one=person: ledger.statement(tx, sandbox.guild.id, one.id, 9))
        assert {"allowance"} == {entry.reason for entry in entries}
        balance = await house.accounts.balance(sandbox.guild.id, person.id)
        assert (400, 0) == (balance.available, balance.held)


async def test_a_session_of_thirty_for_fifty_minutes(sandbox: Sandbox, start_bot: StartBot, tmp_path: Path) -> None:
    menu = tmp_path / "menu.toml"
    menu.write_text(SMALL_MENU)
    ines = instructor(sandbox)
    people = [sandbox.person(f"Student {number}") for number in range(1, CLASS_SIZE + 1)]
    # Thirty orders take a minute under the limits of one channel, which other tests keep to.
    sandbox.limits.enabled = False
    began = asyncio.get_running_loop().time()
    async with start_bot(catalog=menu) as house:
        answer = (await told(ines, "class session start", minutes=MINUTES, clips=2)).content
        assert "The board is pinned" in answer
        board = await board_with(ines, "no clip was made")
        assert board.pinned
        await told(ines, "class pause", reason="listen first")
        for person in people:
            assert "1 credit held, **the class pays**" in await orders(person, "pan left")
        assert "one order in the making at a time" in await orders(people[0], "pan right")
        assert board is await board_with(ines, "Waiting: 30", "listen first", *(one.mention for one in people))
        sandbox.clock.advance(10 * MINUTE)
    lives = [len(edits_of(sandbox, board))]
    sandbox.clock.advance(5 * MINUTE)
    async with start_bot(catalog=menu) as house:
        await told(ines, "class resume")
        for number in range(1, CLASS_SIZE + 1):
            clip = await job_told(house, number)
        assert clip.pool_id == 1
        assert board is await board_with(ines, "**30** clips for **30** people", "median wait **")
        # For fifteen minutes the class was paused, which is nobody's wait for the GPU.
        assert "median wait **15 min" not in board.content
        sandbox.clock.advance(20 * MINUTE)
        for person in people[:AGAIN]:
            assert "the class pays" in await orders(person, "tilt up")
        await ines.command("class demo", {"still": STILL, "prompt": "pan left"})
        for number in range(CLASS_SIZE + 1, CLASS_SIZE + AGAIN + 2):
            await job_told(house, number)
        assert "You have had your 2 clips" in await orders(people[0], "tilt down")
        made = CLASS_SIZE + AGAIN + 1
        assert Totals(MINUTES * 1000 - made, 0, made) == await house.database.read(lambda tx: pools.totals(tx, 1))
        assert board is await board_with(ines, f"**{made - 1}** clips for **30** people and 1 demonstration", "nobody")
        await told(ines, "class pause", reason="the bell")
        for person in people[-2:]:
            await orders(person, "pan right")
        await said(await people[-1].command("cancel", {}))
        sandbox.clock.advance(10 * MINUTE)
    lives.append(len(edits_of(sandbox, board)))
    sandbox.clock.advance(10 * MINUTE)
    async with start_bot(catalog=menu) as house:
        # Fifty minutes were over while nobody ran; what waited is still made and paid for.
        assert board is await board_with(ines, "## Class session · over", "1 clip is still being made")
        assert "**the class pays**" not in await orders(people[5], "pan left")
        await told(ines, "class resume")
        session = await summed_up(house, 1)
        closing = await ines.waits_for(lambda one: one.content.endswith("summary"))
        assert f"after {MINUTES} minutes: **{made}** clips for **30** people and 1 demonstration" in closing.content
        assert f"{made + 1} credits of the class used" in closing.content
        assert "1 order was taken back; nobody paid for that" in closing.content
        assert (0, session.ends_at, closing.id) == (session.ended_by, session.ended_at, session.closing_message_id)
        assert Totals(0, 0, made + 1) == await house.database.read(lambda tx: pools.totals(tx, 1))
        assert f"**{made}** clips" in board.content
        assert not board.pinned
        await untouched(house, sandbox, [*people[:5], *people[6:], ines])
        listed = (await told(ines, "class session show")).embeds[0]["description"]
        assert f"{MINUTES} min · begun by {ines.mention} · **{made}** clips for **30** people" in str(listed)
        log = (await told(ines, "class log")).embeds[0]["description"]
        rest = MINUTES * 1000 - made - 1
        assert f"the bot ended class session 1 because its time was over; {rest} credits" in str(log)
        assert [] == await house.database.read(ledger.audit)
        assert [] == sandbox.violations
    assert_edited_seldom(edits_of(sandbox, board), lives, asyncio.get_running_loop().time() - began)
    assert 1 == sum(message.content.endswith("board") for message in ines.reads())
