"""First and last words of status messages: none of them holds a device up, and none stays that is not true."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from classroom import QUICK, StartBot, clip_of, held_back, picture, reached, told, worker_process
from contest import told as answered

from bot.house import POSTS_AT_ONCE, House
from bot.turns import FIRST_WORDS, LAST_WORDS, PROGRESS, Turns
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox


class Answer:
    """What discord.py makes an exception of."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "planted"


def status_of(person: Person, words: str) -> Message | None:
    return next((message for message in person.reads() if words in message.content), None)


async def never(*_: object) -> None:
    await asyncio.Event().wait()


async def compared(person: Person, seconds: float = 0.5) -> asyncio.Task[Any]:
    """Three clips of one still, being ordered."""
    call = await person.command("compare", {"vary": "prompts", "still": picture(640, 640), "seconds": seconds})
    assert call.modal is not None
    prompts = {"prompt-a": "static camera", "prompt-b": "slow zoom in", "prompt-c": "pan right"}
    offer = await (await person.submit(call.modal, prompts)).finished()
    assert offer is not None
    yes = next(one.label for one in offer.buttons if one.label.startswith("Go"))
    return asyncio.create_task(person.click(offer, yes))


@contextlib.asynccontextmanager
async def busy(house: House, channel_id: int) -> AsyncIterator[None]:
    """The channel takes nothing more for now."""
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(POSTS_AT_ONCE):
            await stack.enter_async_context(house.status._posts.take(channel_id, LAST_WORDS))
        yield


async def test_no_device_and_no_answer_waits_for_the_messages_that_a_channel_may_carry(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    async with busy(house, ada.home.id):
        calls = [await person.command("animate", {"still": still, **QUICK}) for person in (ada, ben)]
        answers = [await call.finished() for call in calls]
        for number in (1, 2):
            await reached(house, "succeeded", number)
    clip = await clip_of(ada)
    jobs = [await told(house, number) for number in (1, 2)]

    assert {"Your clip #1 is in line", "Your clip #2 is in line"} == {a.content[:23] for a in answers if a is not None}
    assert "waited 0 s" in clip.content
    assert [None, None] == [job.status_message_id for job in jobs]
    assert status_of(ada, "animating a still") is None
    assert status_of(ada, "Finished") is None


async def test_a_clip_that_is_ready_while_its_status_is_posted_leaves_its_last_words_there(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post, post = asyncio.Event(), house.status._messages.post

    async def slowly(*arguments: Any, **options: Any) -> discord.Message:
        message = await post(*arguments, **options)
        await may_post.wait()
        return message

    monkeypatch.setattr(house.status._messages, "post", slowly)
    await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    status = status_of(ada, "animating a still")
    may_post.set()
    job = await told(house)

    assert status is not None
    assert job.status_message_id == status.id
    assert "Finished" in status.content
    assert not status.buttons


async def test_what_people_wait_for_goes_first_and_oldest_first() -> None:
    turns, done = Turns(), list[str]()

    async def send(what: str, *rank: float) -> None:
        async with turns.take(1, *rank):
            done.append(what)

    async with turns.take(1, PROGRESS):
        waiting = [
            asyncio.create_task(send("progress", PROGRESS)),
            asyncio.create_task(send("first words", FIRST_WORDS)),
            asyncio.create_task(send("younger clip", LAST_WORDS, 2.0)),
            asyncio.create_task(send("older clip", LAST_WORDS, 1.0)),
            asyncio.create_task(send("given up", LAST_WORDS, 0.0)),
        ]
        await asyncio.sleep(0)
        waiting.pop().cancel()
        async with turns.take(2, PROGRESS):
            assert [] == done
    await asyncio.gather(*waiting)

    assert ["older clip", "younger clip", "first words", "progress"] == done
    assert ({}, {}) == (turns._taken, turns._waiting)


async def test_clips_of_a_set_that_are_ready_before_their_turn_get_no_status_message(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.limits.enabled = False
    async with busy(house, ada.home.id):
        ordering = await compared(ada)
        for number in (1, 2, 3):
            await reached(house, "succeeded", number)
    await ordering
    jobs = [await told(house, number) for number in (1, 2, 3)]

    assert [None] * 3 == [job.status_message_id for job in jobs]
    assert not [message for message in ada.reads() if "Cancel" in [one.label for one in message.buttons]]
    assert not house.status._shown


@pytest.mark.parametrize("status", [403, 503])
async def test_a_status_message_that_is_refused_while_its_clip_is_brought_disturbs_nobody(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    may_fail, error = asyncio.Event(), discord.Forbidden if status == 403 else discord.DiscordServerError

    async def refused(*arguments: Any, **options: Any) -> discord.Message:
        await may_fail.wait()
        raise error(Answer(status), "planted")  # type: ignore[arg-type] # all that it needs of a response

    monkeypatch.setattr(house.status._messages, "post", refused)
    call = await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    async with asyncio.timeout(30):
        while house.status._shown:
            await asyncio.sleep(0.02)
    may_fail.set()
    answer = await call.finished()
    await told(house)

    if status == 503:
        assert answer is None
    else:
        assert answer is not None
        assert "#1 had been made by then and is kept" in answer.content
        assert "Charged 1 credit" in answer.content


async def test_a_set_whose_channel_is_lost_says_what_was_made_and_cancels_the_rest(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.limits.enabled = False
    async with busy(house, ada.home.id):
        ordering = await compared(ada, seconds=6)
        await reached(house, "succeeded", 1)
        sandbox.deny("send_messages")
    await ordering
    answer = await ada.waits_for(lambda m: "could not post in this channel" in m.content)
    states = [(await told(house, number)).state for number in (1, 2, 3)]

    assert "#1 had been made by then" in answer.content
    assert "cancelled" in answer.content
    assert ["succeeded", "cancelled"] == [states[0], states[2]]
    assert any("It is kept as #1" in message.content for message in ada.reads(ada.direct_messages))


async def test_a_clip_that_waits_for_approval_in_a_channel_that_is_lost_does_not_keep_the_bot_from_starting(
    start_bot: StartBot,
    sandbox: Sandbox,
    ada: Person,
    ines: Person,
    still: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*arguments: Any, **options: Any) -> discord.Message:
        raise discord.DiscordServerError(Answer(503), "planted")  # type: ignore[arg-type] # all that it needs of one

    room = sandbox.guild.add_channel("staff")
    async with start_bot() as house:
        await answered(ines, "class channel", channel=room)
        await answered(ines, "class approval", switch="on")
        monkeypatch.setattr(house.status._messages, "post", away)
        await ada.command("animate", {"still": still, **QUICK})
        card = await ines.waits_for(lambda m: "**To approve:** #1 " in m.content, room)
    assert ada.home is not room
    sandbox.delete_channel(ada.home)
    async with start_bot() as house:
        await ines.click(card, "Approve")

        assert "abandoned" == (await told(house)).delivery


async def test_a_class_that_waits_is_served_at_once_after_a_restart(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    async with start_bot() as house:
        (await worker_process(house)).suspend()
        for person in (ada, ben):
            await person.command("animate", {"still": still, **QUICK})
            await person.waits_for(lambda m: bool(m.buttons))
    await sandbox.bot_gone()
    sandbox.faults.fail(method="PATCH", path="/channels/*", status=500)
    sandbox.faults.fail(method="POST", path="/channels/*", status=500)
    async with start_bot() as house:
        for number in (1, 2):
            await reached(house, "succeeded", number)
        balance = await (await ada.command("credits", {})).finished()
        sandbox.faults.clear()
        await told(house, 1)
        await told(house, 2)

    assert balance is not None


async def test_a_status_message_that_was_never_noted_is_mended_by_its_button(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        monkeypatch.setattr(house.deliveries, "remember_status", never)
        await held_back(house, monkeypatch)
        await ada.command("animate", {"still": still, **QUICK})
        status = await ada.waits_for(lambda m: bool(m.buttons))
        await reached(house, "succeeded")
    sandbox.deny("read_message_history")
    async with start_bot() as house:
        await told(house)
        assert "credit held" in status.content
        await (await ada.click(status, "Cancel")).finished()
        await ada.waits_for(lambda m: m is status and not m.buttons)

    assert "Finished" in status.content


async def test_a_status_message_that_was_never_noted_is_looked_for_until_discord_can_say(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        (await worker_process(house)).suspend()
        monkeypatch.setattr(house.deliveries, "remember_status", never)
        await ada.command("animate", {"still": still, **QUICK})
        status = await ada.waits_for(lambda m: bool(m.buttons))
    await sandbox.bot_gone()
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    sandbox.faults.fail(method="GET", path="/channels/*/messages", status=400, times=2)
    async with start_bot() as house:
        job = await told(house)

    assert [job.status_message_id] == [status.id]
    assert "Finished" in status.content
    assert not status.buttons


async def test_a_status_message_whose_answer_was_lost_is_found_again(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = house.status._messages.post

    async def lost(*arguments: Any, **options: Any) -> discord.Message:
        await post(*arguments, **options)
        raise discord.DiscordServerError(Answer(502), "planted")  # type: ignore[arg-type] # all that it needs of one

    monkeypatch.setattr(house.status._messages, "post", lost)
    await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    job = await told(house)
    [status] = [message for message in ada.reads() if message.id == job.status_message_id]

    assert "Finished" in status.content
    assert not status.buttons
