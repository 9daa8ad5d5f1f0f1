"""What people are told of the line: the limit, the wait, who goes first and why."""

import asyncio
import re

import discord
import pytest
from classroom import QUICK, StartBot, picture
from classroom import told as job_told

from bot.house import House
from generation.updates import Update
from sandbox.errors import ClientRefused
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

LONG = {"prompt": "pan left", "shape": "landscape-hd", "seconds": 10}
STAMP = r"<t:(\d+):R>"


def text_of(message: Message | None) -> str:
    assert message is not None
    embed = message.embeds[0]
    fields = "\n".join(field["value"] for field in embed.get("fields", []))
    return f"{embed.get('description', '')}\n{fields}\n{embed.get('footer', {}).get('text', '')}"


def status_of(person: Person, job_line: str) -> Message | None:
    return next((message for message in person.reads() if job_line in message.content), None)


async def cancel_all(house: House, count: int) -> None:
    for job_id in range(1, count + 1):
        await house.dispatcher.cancel(job_id, actor=1)


async def test_one_clip_too_many_is_refused_in_words_and_costs_nothing(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    async with start_bot(outstanding_limit=2) as house:
        for _ in range(2):
            await (await ada.command("animate", {"still": still, **LONG})).finished()
        held = (await house.accounts.balance(sandbox.guild.id, ada.id)).held
        answer = await (await ada.command("animate", {"still": still, **LONG})).finished()

        assert answer is not None
        assert answer.ephemeral
        assert "You have 2 clips in the making, which is the most at one time" in answer.content
        assert "Not charged" in answer.content
        assert (await house.accounts.balance(sandbox.guild.id, ada.id)).held == held
        assert await (await ben.command("animate", {"still": still, **LONG})).finished() is None
        await cancel_all(house, 3)


async def test_times_are_estimating_until_three_clips_are_known(
    house: House, ada: Person, ben: Person, still: Upload
) -> None:
    for person in (ada, ben):
        await (await person.command("animate", {"still": still, **LONG})).finished()
    waiting = status_of(ben, "Next in line")
    queue = text_of((await ada.command("queue", {})).message)

    assert waiting is not None
    assert "start: estimating · render time: estimating" in waiting.content
    assert "ready: estimating" in queue
    assert "start: estimating" in queue
    await cancel_all(house, 2)


async def test_after_three_clips_wait_and_render_are_told_apart(
    house: House, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    still = picture(832, 480)
    sandbox.limits.enabled = False
    for number in (1, 2, 3):
        await (await ada.command("animate", {"still": still, **QUICK})).finished()
        await job_told(house, number)
    asked_at = sandbox.clock.now()
    # All at once, so that somebody has to wait however fast this machine renders.
    await asyncio.gather(*(person.command("animate", {"still": still, **QUICK}) for person in (ada, ben) * 3))
    waiting = await ben.waits_for(lambda m: "then renders for about" in m.content, timeout_seconds=30)
    # Clips of a second: the wait may begin now, and how far it reaches depends on the machine.
    told = re.search(
        rf"likely to begin (?:at once(?:, {STAMP} at the latest)?|soon|by {STAMP}|{STAMP} to {STAMP})"
        r" · then renders for about \d+ s",
        waiting.content,
    )

    assert told is not None, waiting.content
    assert all(int(stamp) > asked_at for stamp in told.groups() if stamp is not None)


async def test_a_running_clip_is_ready_after_what_clips_like_it_took_from_where_it_is(
    start_bot: StartBot, ada: Person
) -> None:
    now, pace_seconds, told, is_done = 1_800_000_000.0, 1.0, list[float](), asyncio.Event()

    def look(update: Update) -> None:
        # Every report of progress is ``pace_seconds`` after the one before.
        nonlocal now
        if update.progress is not None:
            ready_at = house.dispatcher.outlook(update.job).ready_at
            told.append(0.0 if ready_at is None else ready_at - now)
            now += pace_seconds
        if update.job.state == "succeeded":
            is_done.set()

    async with start_bot(lambda: now) as house:
        house.dispatcher.listen(look)
        for number in range(1, 5):
            # The fourth is half as fast as those before.
            pace_seconds = 1.0 if number < 4 else 2.0
            told.clear()
            is_done.clear()
            await (await ada.command("animate", {"still": picture(832, 480), **QUICK})).finished()
            await is_done.wait()

    # The first report is of loading, the others of frames.
    assert len(told) > 10
    assert told[1:] == [float(left) for left in range(len(told) - 1, 0, -1)]


async def test_queue_explains_itself_in_one_sentence(house: House, ada: Person) -> None:
    text = text_of((await ada.command("queue", {})).message)

    assert "Whoever used the GPU least in the last hours goes next" in text
    assert "passed over for more than 15 minutes" in text


async def test_a_demonstration_goes_first_and_students_have_none(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    role = sandbox.guild.add_role("Instructor", permissions=discord.Permissions(manage_guild=True).value)
    ines = sandbox.person("Ines", roles=[role])
    for person in (ada, ben):
        await (await person.command("animate", {"still": still, **LONG})).finished()
    with pytest.raises(ClientRefused):
        await ada.command("class demo", {"still": still, "prompt": "slow zoom in"})
    await (await ines.command("class demo", {"still": still, "prompt": "slow zoom in"})).finished()
    queue = text_of((await ada.command("queue", {})).message)

    assert f"1. <@{ines.id}>" in queue
    assert f"2. <@{ben.id}>" in queue
    assert "demo" == (await house.orders.job(3)).lane
    await cancel_all(house, 3)
