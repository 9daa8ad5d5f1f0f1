"""What the tests of challenges and class sessions share: setting one, entering, voting, reading threads and boards."""

import asyncio

import discord
from classroom import clips_in

from bot.house import House
from sandbox.calls import Call
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.person import Person
from sandbox.server import Sandbox
from storage.sessions import ClassSession

TIDES = {"title": "Tides", "brief": "Make the *sea* move."}

SMALL_MENU = """
[[model]]
id = "draft"
label = "Draft"
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
"""A menu whose clips take a tenth of a second, for challenges that a whole class enters."""


def instructor(sandbox: Sandbox, name: str = "Ines") -> Person:
    role = sandbox.guild.add_role("Manager", permissions=discord.Permissions(manage_guild=True).value)
    return sandbox.person(name, roles=[role])


async def said(call: Call) -> Message:
    """The private answer, once it is there."""
    message = await call.finished(timeout_seconds=60)
    if call.followups:
        message = call.followups[-1]
    assert message is not None
    assert message.ephemeral
    return message


async def told(person: Person, command: str, /, **options: object) -> Message:
    return await said(await person.command(command, options))


def text_of(message: Message) -> str:
    """What a message says, in its embeds too."""
    return "\n".join([message.content, *(str(embed.get("description", "")) for embed in message.embeds)])


async def set_challenge(
    sandbox: Sandbox, ines: Person, words: dict[str, str] | None = None, /, **options: object
) -> tuple[Message, Channel]:
    """The brief and the thread of a new challenge."""
    before = {thread.id for thread in sandbox.guild.threads.values()}
    call = await ines.command("challenge post", options)
    assert call.modal is not None, call.message
    answer = await said(await ines.submit(call.modal, TIDES | (words or {})))
    assert "is set" in answer.content
    place = options.get("channel", sandbox.channel)
    assert isinstance(place, Channel)
    return await brief_in(sandbox, ines, place, before)


async def brief_in(sandbox: Sandbox, person: Person, place: Channel, before: set[int]) -> tuple[Message, Channel]:
    known = before | {place.id}

    def thread() -> Channel | None:
        return next((one for one in sandbox.guild.threads.values() if one.id not in known), None)

    if place.kind == 0:
        brief = await person.waits_for(lambda m: m.thread is not None and m.thread.id not in known, place, 60)
        assert brief.thread is not None
        return brief, brief.thread
    await sandbox_waits(sandbox, lambda: thread() is not None and bool(list(thread().messages)))  # type: ignore[union-attr]
    found = thread()
    assert found is not None
    return next(iter(found.messages)), found


async def sandbox_waits(sandbox: Sandbox, holds: object, timeout_seconds: float = 60) -> None:
    """Until something is so, looked at after each event."""
    from sandbox.waiting import wait_for_event

    assert callable(holds)
    await wait_for_event(sandbox.world.events, lambda _: holds() or None, timeout_seconds)


async def enter(person: Person, brief: Message, **given: object) -> Message:
    """The private answer to an entry made with the form."""
    call = await person.click(brief, "Enter")
    if call.modal is None:
        return await said(call)
    return await said(await person.submit(call.modal, given))


async def entry_in(person: Person, thread: Channel, number: int) -> Message:
    """The message that shows an entry's clip."""
    return await person.waits_for(
        lambda m: bool(clips_in(m)) and f"**Entry {number}**" in m.content, thread, timeout_seconds=120
    )


async def credits_of(house: House, person: Person) -> tuple[int, int]:
    """(available, held)"""
    assert person.home.guild is not None
    balance = await house.accounts.balance(person.home.guild.id, person.id)
    return balance.available, balance.held


async def close_and_read(ines: Person, thread: Channel, **options: object) -> Message:
    """The results of a challenge that is closed by hand."""
    answer = await told(ines, "challenge close", challenge=1, **options)
    assert "is closed" in answer.content
    return await ines.waits_for(lambda message: "is over" in message.content, thread, timeout_seconds=60)


async def board_with(person: Person, *words: str) -> Message:
    """The board of a class session once it says all of that."""
    return await person.waits_for(
        lambda one: one.content.endswith("board") and all(word in one.content for word in words), timeout_seconds=90
    )


async def summed_up(house: House, session_id: int) -> ClassSession:
    """The session once its last words are said and that is noted."""
    async with asyncio.timeout(60):
        while (session := await house.sessions.get(session_id)).closing not in ("posted", "abandoned"):
            await asyncio.sleep(0.05)
    return session
