"""A class session in conversation: what is said about who pays, its board and its end, and what goes wrong with it."""

import asyncio
from pathlib import Path

import discord
import pytest
from classroom import StartBot
from classroom import told as job_told
from contest import SMALL_MENU, board_with, credits_of, enter, instructor, said, set_challenge, summed_up, told

from bot.sessions import board as board_module
from generation.teaching.sessions import Sessions
from sandbox.calls import Call
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

TWO_MODELS = SMALL_MENU + SMALL_MENU.replace('id = "draft"', 'id = "other"').replace("Draft", "Other")
STEPS = {"prompt": "zoom in, then pan left, then orbit", "seconds": 0.5}
"""A wish that the coach has something to say about."""


@pytest.fixture(autouse=True)
def quick_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "EDIT_PAUSE_SECONDS", 0.05)


@pytest.fixture
def ines(sandbox: Sandbox) -> Person:
    return instructor(sandbox)


@pytest.fixture
def menu(tmp_path: Path) -> Path:
    path = tmp_path / "menu.toml"
    path.write_text(TWO_MODELS)
    return path


async def animate(person: Person, still: Upload, prompt: str = "pan left", **options: object) -> Call:
    return await person.command("animate", {"still": still, "prompt": prompt, "seconds": 0.5, **options})


def labels(message: Message) -> list[str]:
    return [button.label or "" for button in message.buttons]


async def go(person: Person, message: Message) -> Call:
    return await person.click(message, next(label for label in labels(message) if label.startswith("Go")))


async def test_every_way_to_a_clip_says_that_the_class_pays_and_what_waited_past_the_end_costs_nobody(
    sandbox: Sandbox, start_bot: StartBot, ines: Person, ada: Person, ben: Person, still: Upload, menu: Path
) -> None:
    async with start_bot(catalog=menu) as house:
        started = (await told(ines, "class session start", minutes=50, model="draft", clips=4)).content
        assert "nobody's own credits are touched" in started
        assert "made with **Draft**" in (await board_with(ines, "4 clips each at most")).content
        refused = (await said(await animate(ada, still, model="other"))).content
        assert "held with another model than Other" in refused
        card = await said(await ada.command("animate", {"still": still, **STEPS}))
        assert "**1 credit**, which the class pays" in card.content
        assert ["Go · the class pays", "Use the rewrite · the class pays"] == labels(card)[:2]
        await go(ada, card)
        await job_told(house)
        clip = await ada.waits_for(lambda one: bool(one.attachments) and "paid by the class" in one.content)
        offer = await said(await ada.click(clip, "Again"))
        assert "**1 credit**, which the class pays. Nothing is held" in offer.content
        assert "Go · the class pays" in labels(offer)
        late_card = await said(await ben.command("animate", {"still": still, **STEPS}))
        await told(ines, "class pause", reason="stop")
        await animate(ben, still)
        await ben.waits_for(lambda one: "1 credit held, **the class pays**" in one.content)
        account = (await told(ben, "credits")).embeds[0]
        assert "The class session pays for your clips · 1 credit used" in str(account)
        cancelled = (await told(ben, "cancel")).content
        assert "Not charged: the held credit is back where the class pays from." in cancelled
        assert "So far: **1** clip for **1** person" in (await told(ines, "class session stop")).content
    async with start_bot(catalog=menu) as house:
        for person, left in ((ada, offer), (ben, late_card)):
            await go(person, left)
            over = "The class session that was to pay for this is over. Run the command again"
            await person.waits_for(lambda one, over=over: over in one.content and "**Not charged.**" in one.content)
            assert (400, 0) == await credits_of(house, person)
        await told(ines, "class resume")
        assert "1 credit held" in (await animate_and_read(ben, still))
        await job_told(house, 3)
        assert (399, 0) == await credits_of(house, ben)
        assert [] == sandbox.violations


async def animate_and_read(person: Person, still: Upload) -> str:
    await (await animate(person, still)).finished()
    return next(one.content for one in reversed(person.reads()) if "animating" in one.content)


async def test_stopping_drains_and_the_last_words_are_said_and_kept_once(
    sandbox: Sandbox, start_bot: StartBot, ines: Person, ada: Person, ben: Person, still: Upload, menu: Path
) -> None:
    async with start_bot(catalog=menu) as house:
        assert "No class session is running" in (await told(ines, "class session stop")).content
        await told(ines, "class session start", minutes=5)
        second = (await told(ines, "class session start", minutes=5)).content
        assert "A class session runs in" in second
        await told(ines, "class pause", reason="look here")
        for person in (ada, ben):
            await animate(person, still)
        await ines.command("class demo", {"still": still, "prompt": "tilt up"})
        board = await board_with(ines, "Waiting: 3", f"{ines.mention} (demonstration)")
        stopped = (await told(ines, "class session stop")).content
        assert "3 clips are still being made" in stopped
        assert board is await board_with(ines, "## Class session · over", "3 clips are still being made")
        await told(ines, "class resume")
        session = await summed_up(house, 1)
        closing = await ada.waits_for(lambda one: one.content.endswith("summary"))
        assert "**2** clips for **2** people and 1 demonstration" in closing.content
        assert (ines.id, closing.id, 3) == (session.ended_by, session.closing_message_id, session.tally.spent_credits)  # type: ignore[union-attr] # summed up
        assert not board.pinned
        shown = str((await told(ines, "class session show")).embeds[0]["description"])
        assert f"begun by {ines.mention} · **2** clips for **2** people and 1 demonstration" in shown
        log = str((await told(ines, "class log")).embeds[0]["description"])
        assert "summed up class session 1: 3 clips for 2 people, 3 credits" in log
        assert f"{ines.mention} ended class session 1" in log
        assert f"{ines.mention} began class session 1: 5 minutes" in log


async def test_a_board_that_may_not_be_pinned_or_is_deleted_hinders_nobody(
    sandbox: Sandbox, start_bot: StartBot, ines: Person, ada: Person, still: Upload, menu: Path
) -> None:
    may = discord.Permissions(manage_messages=True, pin_messages=True)
    moderator = sandbox.person("Mo", roles=[sandbox.guild.add_role("Moderator", permissions=may.value)])
    async with start_bot(catalog=menu) as house:
        sandbox.deny("read_message_history")
        assert "I am missing “Read Message History”" in (await told(ines, "class session start", minutes=5)).content
        sandbox.allow("read_message_history")
        sandbox.deny("pin_messages")
        unpinned = (await told(ines, "class session start", minutes=5)).content
        assert "Pin it yourself, and allow me “Pin Messages”" in unpinned
        board = await board_with(ines, "no clip was made")
        assert not board.pinned
        assert [] == [one for one in sandbox.requests if "/pins/" in one.path]
        moderator.deletes(board)
        await animate(ada, still)
        await job_told(house)
        again = await board_with(ines, "**1** clip")
        assert again.id != board.id
        moderator.deletes(again)
        await animate(ada, still, "pan right")
        await job_told(house, 2)
        async with asyncio.timeout(30):
            while (await house.sessions.get(1)).board != "abandoned":
                await asyncio.sleep(0.02)
        await told(ines, "class session stop")
        assert "abandoned" == (await summed_up(house, 1)).board
        await ada.waits_for(lambda one: one.content.endswith("summary"))
        sandbox.allow("pin_messages")
        for number in range(50):
            moderator.pins(await moderator.say(f"pin {number}"))
        full = (await told(ines, "class session start", minutes=5)).content
        assert "as many pinned messages as Discord allows" in full
        await told(ines, "class models off", model="other")
        await told(ines, "class session stop")
        off = (await told(ines, "class session start", minutes=5, model="other")).content
        assert "Other is off this class's menu" in off
        assert (
            "There is no model “nonsense” here"
            in (await told(ines, "class session start", minutes=5, model="nonsense")).content
        )


async def test_board_and_last_words_that_were_posted_but_not_noted_are_found_again(
    sandbox: Sandbox, start_bot: StartBot, ines: Person, menu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        async with start_bot(catalog=menu):
            patch.setattr(Sessions, "board_posted", dies)
            await ines.command("class session start", {"minutes": 500})
            board = await board_with(ines, "no clip was made")
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    with monkeypatch.context() as patch:
        async with start_bot(catalog=menu) as house:
            patch.setattr(Sessions, "closing_posted", dies)
            async with asyncio.timeout(30):
                while (await house.sessions.get(1)).board_message_id != board.id:
                    await asyncio.sleep(0.02)
            await told(ines, "class session stop")
            await ines.waits_for(lambda one: one.content.endswith("summary"))
    sandbox.clock.advance(3600)
    async with start_bot(catalog=menu) as house:
        assert "posted" == (await summed_up(house, 1)).closing
    ends = [one.content.rsplit(" ", 1)[-1] for one in ines.reads() if "-# class session" in one.content]
    assert ["board", "summary"] == ends
    assert not board.pinned


async def test_a_challenge_in_a_session_is_paid_by_its_pool_the_class_or_who_says_so(
    sandbox: Sandbox, start_bot: StartBot, ines: Person, ada: Person, still: Upload, menu: Path
) -> None:
    async with start_bot(catalog=menu) as house:
        sponsored, _ = await set_challenge(sandbox, ines, still=still, pool=9, cap=1, entries=2)
        unsponsored, _ = await set_challenge(sandbox, ines, {"title": "Ebb"}, still=still)
        await told(ines, "class session start", minutes=50)
        assert "1 credit of the challenge is held" in (await enter(ada, sponsored, prompt="pan left")).content
        await job_told(house, 1)
        beyond = await enter(ada, sponsored, prompt="pan right")
        assert "Use my own credits (1)" in labels(beyond)
        of_class = (await enter(ada, unsponsored, prompt="pan left")).content
        assert "1 credit of the class session is held for it, none of yours" in of_class
        await job_told(house, 2)
        own = await said(await ada.click(beyond, "Use my own credits (1)"))
        assert "1 credit of yours is held" in own.content
        await job_told(house, 3)
        assert (399, 0) == await credits_of(house, ada)
