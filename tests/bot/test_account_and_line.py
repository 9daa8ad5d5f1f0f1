"""What /credits, /queue and /cancel show and do, and what an instructor's allowance changes."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import discord
from classroom import QUICK, StartBot, clip_of, clips_in, rendering, told

from bot.house import House
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

LONG = {"prompt": "pan left to a secret wish", "shape": "landscape-hd", "seconds": 10}


def words_of(message: Message | None) -> str:
    """Everything a person reads in a message with one embed."""
    assert message is not None
    embed = message.embeds[0]
    fields = [f"{field['name']}\n{field['value']}" for field in embed.get("fields", [])]
    return "\n".join([embed["title"], embed.get("description", ""), *fields, embed.get("footer", {}).get("text", "")])


async def test_credits_of_somebody_new_show_the_allowance_and_prices(house: House, ada: Person, ben: Person) -> None:
    call = await ada.command("credits", {})
    message = await call.finished()
    text = words_of(message)

    assert message is not None
    assert message.ephemeral
    assert message not in ben.reads()
    assert "**400** available, **0** held" in text
    assert re.search(r"Filled up to 400 <t:\d+:R>", text)
    assert "Draft (camera move, no model), fast: **1**" in text
    assert "400 clips" in text


async def test_credits_after_a_clip_show_what_it_cost(house: House, ada: Person, still: Upload) -> None:
    await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    text = words_of(await (await ada.command("credits", {})).finished())

    assert "**399** available, **0** held" in text
    assert "paid" in text
    assert "a clip · #1" in text


async def test_a_month_that_ends_and_a_clock_set_back_during_clips_pay_nothing_twice(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    berlin, moved = ZoneInfo("Europe/Berlin"), 0.0
    shift = datetime(2026, 11, 30, 23, 59, tzinfo=berlin).timestamp() - sandbox.clock.now()
    async with start_bot(clock=lambda: sandbox.clock.now() + shift + moved, timezone="Europe/Berlin") as house:
        seen = []
        # The new month fills up to 400 what the clip has left; a clock that is set back pays nothing again.
        for number, seconds, available in ((1, 120.0, 400), (2, -2 * 86400.0, 398)):
            await ada.command("animate", {"still": still, **LONG, "seconds": 4})
            await rendering(house)
            moved += seconds
            job = await told(house, number)
            [clip] = [message.content for message in ada.reads() if f"stillmotion-{number}.mp4" in clips_in(message)]
            seen.append(words_of(await (await ada.command("credits", {})).finished()))
            assert f"used, {400 - job.price_credits} left" in clip
            assert re.search(r"waited \d+ s · rendered in \d+ s", clip)
            assert f"**{available}** available, **0** held" in seen[-1]

    tops_up = [int(datetime(year, month, 1, tzinfo=berlin).timestamp()) for year, month in ((2027, 1), (2026, 12))]
    assert all(f"Filled up to 400 <t:{at}:R>" in text for at, text in zip(tops_up, seen, strict=True))


async def test_credits_while_a_clip_is_made_show_the_hold(house: House, ada: Person, still: Upload) -> None:
    call = await ada.command("animate", {"still": still, **LONG})
    await call.finished()
    text = words_of(await (await ada.command("credits", {})).finished())

    assert re.search(r"\*\*39\d\*\* available, \*\*[1-9]\d*\*\* held", text)
    await (await ada.command("cancel", {})).finished()


async def test_the_queue_shows_people_in_order_and_nobody_elses_prompt(
    house: House, ada: Person, ben: Person, still: Upload
) -> None:
    for person in (ada, ada, ben):
        await (await person.command("animate", {"still": still, **LONG})).finished()
    call = await ben.command("queue", {})
    text = words_of(call.message)

    assert "secret wish" not in text
    assert text.index(f"1. <@{ben.id}>") < text.index(f"2. <@{ada.id}>")
    for job_id in (1, 2, 3):
        await house.dispatcher.cancel(job_id, actor=ada.id)


async def test_an_empty_queue_says_so(house: House, ada: Person) -> None:
    call = await ada.command("queue", {})

    assert "Nobody is waiting" in words_of(call.message)


async def test_cancel_takes_back_the_chosen_clip(house: House, sandbox: Sandbox, ada: Person, still: Upload) -> None:
    for _ in range(2):
        await (await ada.command("animate", {"still": still, **LONG})).finished()
    choices = await ada.autocomplete("cancel", "clip", "")
    answer = await (await ada.command("cancel", {"clip": 2})).finished()

    assert {1, 2} == {choice["value"] for choice in choices}
    assert answer is not None
    assert "Not charged" in answer.content
    assert (await house.orders.job(2)).state == "cancelled"
    assert (await house.orders.job(1)).state != "cancelled"
    await (await ada.command("cancel", {})).finished()
    assert (await house.accounts.balance(sandbox.guild.id, ada.id)).available == 400


async def test_cancel_reaches_own_clips_only(house: House, ada: Person, ben: Person, still: Upload) -> None:
    await (await ada.command("animate", {"still": still, **LONG})).finished()
    call = await ben.command("cancel", {"clip": 1})

    assert call.message is not None
    assert "no such clip" in call.message.content
    assert await ben.autocomplete("cancel", "clip", "") == []
    await (await ada.command("cancel", {})).finished()


async def test_help_explains_a_motion_prompt(house: House, ada: Person) -> None:
    text = words_of((await ada.command("help", {})).message)

    assert "slow zoom in" in text
    assert "what changes" in text


async def test_an_instructor_sets_the_allowance_and_a_student_cannot(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    role = sandbox.guild.add_role("Instructor", permissions=discord.Permissions(manage_guild=True).value)
    ines = sandbox.person("Ines", roles=[role])
    answer = await (await ines.command("class allowance", {"credits": 50})).finished()

    assert answer is not None
    assert "50 credits" in answer.content
    assert "**50** available" in words_of(await (await ada.command("credits", {})).finished())
