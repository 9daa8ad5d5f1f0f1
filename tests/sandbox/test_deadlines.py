"""Everything that must happen in time, with a clock that is moved by hand."""

import asyncio
import contextlib

import aiohttp
import discord
import pytest
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import DownloadFailed, NotAnswered, Person, Sandbox, Upload
from sandbox.files import URL_LIFE_SECONDS
from sandbox.interactions import ANSWER_SECONDS, TOKEN_SECONDS


async def test_a_late_answer_is_refused_and_the_person_told(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    call = asyncio.create_task(ada.command("slow"))
    await bot.reached.wait()
    bot.reached.clear()
    sandbox.clock.advance(ANSWER_SECONDS)
    with pytest.raises(NotAnswered):
        await call
    bot.gate.set()
    await bot.reached.wait()
    (error,) = bot.errors
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062
    assert ada.reads() == []


async def test_just_before_the_deadline_is_in_time(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    call = asyncio.create_task(ada.command("slow"))
    await bot.reached.wait()
    sandbox.clock.advance(ANSWER_SECONDS - 1)
    bot.gate.set()
    assert ANSWER_SECONDS - 1 <= (await call).answered_after_seconds < ANSWER_SECONDS


async def test_nobody_answers_while_the_bot_is_gone(sandbox: Sandbox, ada: Person, bot: WorkshopBot) -> None:
    await bot.close()
    await sandbox.bot_gone()
    call = asyncio.create_task(ada.command("whisper"))
    await asyncio.sleep(0)
    sandbox.clock.advance(ANSWER_SECONDS)
    with pytest.raises(NotAnswered):
        await call


@pytest.mark.parametrize("way", ["fifteen minutes", "at once"])
async def test_a_token_dies(bot: WorkshopBot, sandbox: Sandbox, ada: Person, way: str) -> None:
    call = await ada.command("slow", {"first": True})
    await bot.reached.wait()
    bot.reached.clear()
    if way == "at once":
        sandbox.expire_tokens()
    else:
        sandbox.clock.advance(TOKEN_SECONDS)
    bot.gate.set()
    await bot.reached.wait()
    (error,) = bot.errors
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (401, 50027)
    assert call.message is not None
    assert call.message.thinking


async def test_after_the_token_the_bot_edits_its_message_by_itself(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    call = await ada.command("count")
    assert call.message is not None
    sandbox.clock.advance(TOKEN_SECONDS)
    await bot.place(sandbox.channel).get_partial_message(call.message.id).edit(content="still here")
    assert call.message.content == "still here"


async def test_a_private_message_is_out_of_reach_of_the_bot_token(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    call = await ada.command("whisper")
    assert call.message is not None
    with pytest.raises(discord.NotFound) as missing:
        await bot.place(sandbox.channel).get_partial_message(call.message.id).edit(content="louder")
    assert missing.value.code == 10008


async def test_a_second_answer_is_refused(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    await ada.command("whisper")
    seen = bot.seen[0]
    url = f"{sandbox.url}/api/v10/interactions/{seen.id}/{seen.token}/callback"
    async with aiohttp.ClientSession() as session, session.post(url, json={"type": 5}) as response:
        assert response.status == 400
        assert (await response.json())["code"] == 40060


async def test_two_processes_race_and_one_is_refused(bot: WorkshopBot, connect, ada: Person) -> None:
    async with connect(WorkshopBot()) as twin:
        await ada.command("whisper")
        await asyncio.wait(
            [asyncio.create_task(bot.reached.wait()), asyncio.create_task(twin.reached.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        (error,) = bot.errors + twin.errors
        assert isinstance(error, discord.HTTPException)
        assert error.code == 40060
        bot.reached.set()
        twin.reached.set()
        await asyncio.sleep(0)
    assert len(ada.reads()) == 1


async def test_an_unknown_interaction_is_refused(bot: WorkshopBot, sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/api/v10/interactions/1/unknown/callback"
    async with aiohttp.ClientSession() as session, session.post(url, json={"type": 5}) as response:
        assert (response.status, (await response.json())["code"]) == (404, 10062)


async def test_nothing_follows_before_the_first_answer(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    call = asyncio.create_task(ada.command("slow"))
    await bot.reached.wait()
    with pytest.raises(discord.NotFound) as missing:
        await bot.seen[0].followup.send("early")
    assert missing.value.code == 10015
    bot.gate.set()
    await call


async def test_addresses_of_files_expire_and_are_renewed(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.png", png())])
    posted = await bot.place(sandbox.channel).fetch_message(message.id)
    assert await posted.attachments[0].read() == png()
    sandbox.clock.advance(URL_LIFE_SECONDS)
    with pytest.raises(discord.NotFound):
        await posted.attachments[0].read()
    again = await bot.place(sandbox.channel).fetch_message(message.id)
    assert await again.attachments[0].read() == png()


async def test_a_forged_address_gives_nothing(sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.png", png())])
    url = message.attachments[0].url.replace("hm=", "hm=0")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 404


async def test_files_of_a_deleted_message_are_gone(sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.png", png())])
    ada.deletes(message)
    with pytest.raises(DownloadFailed) as failed:
        await ada.download(message.attachments[0])
    assert failed.value.status == 404


async def test_a_post_with_the_same_nonce_happens_once(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    place = bot.place(sandbox.channel)
    first = await place.send("once", nonce="job-1")
    assert (await place.send("once", nonce="job-1")).id == first.id
    assert (await place.send("once", nonce="job-2")).id != first.id
    assert len(ada.reads()) == 2
    sandbox.clock.advance(24 * 3600)
    assert (await place.send("once", nonce="job-1")).id != first.id


async def test_timers_fire_in_order_when_the_clock_jumps(sandbox: Sandbox) -> None:
    fired: list[int] = []
    for seconds in (30, 10, 20):
        sandbox.clock.call_later(seconds, lambda seconds=seconds: fired.append(seconds))
    cancelled = sandbox.clock.call_later(15, lambda: fired.append(15))
    cancelled.cancel()
    sandbox.clock.advance(25)
    await asyncio.sleep(0.01)
    assert fired == [10, 20]
    with contextlib.suppress(ValueError):
        sandbox.clock.advance(-1)
        raise AssertionError
