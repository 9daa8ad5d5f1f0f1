"""Things that go wrong on request, and what an unmodified discord.py makes of them."""

import asyncio
import io

import aiohttp
import discord
import pytest
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import DownloadFailed, Person, Sandbox, Upload

MESSAGES = "/channels/*/messages"


def statuses(sandbox: Sandbox, method: str = "POST") -> list[int]:
    return [one.status for one in sandbox.requests if one.method == method and one.path.endswith("/messages")]


async def test_a_failing_post_is_tried_again_and_arrives_once(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.fail(method="POST", path=MESSAGES, status=500)
    await bot.place(sandbox.channel).send("hello")
    assert statuses(sandbox) == [500, 200]
    assert len(ada.reads()) == 1


async def test_a_lost_answer_does_not_double_a_post_with_a_nonce(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.faults.fail(method="POST", path=MESSAGES, status=502, applied=True)
    await bot.place(sandbox.channel).send("hello", nonce="job-1")
    assert statuses(sandbox) == [502, 200]
    assert len(ada.reads()) == 1


async def test_without_a_nonce_the_same_post_happens_twice(sandbox: Sandbox, ada: Person) -> None:
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    sandbox.faults.fail(method="POST", path=MESSAGES, status=502, applied=True)
    async with aiohttp.ClientSession(headers={"Authorization": "Bot x"}) as session:
        for status in (502, 200):
            async with session.post(url, json={"content": "hello"}) as response:
                assert response.status == status
    assert len(ada.reads()) == 2


async def test_a_storm_of_429_is_sat_out(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.fail(method="POST", path=MESSAGES, status=429, times=3, retry_after=0.01)
    await bot.place(sandbox.channel).send("hello")
    assert statuses(sandbox) == [429, 429, 429, 200]
    assert len(ada.reads()) == 1


async def test_a_503_is_not_tried_again(bot: WorkshopBot, sandbox: Sandbox) -> None:
    sandbox.faults.fail(path=MESSAGES, status=503, code=0, message="down")
    with pytest.raises(discord.DiscordServerError):
        await bot.place(sandbox.channel).send("hello")
    await bot.place(sandbox.channel).send("hello")


async def test_a_fault_meets_only_what_it_is_meant_for(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    fault = sandbox.faults.fail(
        method="PATCH", path=f"/channels/{sandbox.channel.id}/messages/*", status=403, times=None
    )
    posted = await bot.place(sandbox.channel).send("hello")
    for _ in range(2):
        with pytest.raises(discord.Forbidden):
            await posted.edit(content="changed")
    sandbox.faults.clear()
    await posted.edit(content="changed")
    assert fault not in sandbox.faults.active
    assert [message.content for message in ada.reads()] == ["changed"]


async def test_an_upload_that_breaks_half_way_posts_nothing(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.fail(method="POST", path=MESSAGES, after_bytes=500_000)
    with pytest.raises((OSError, aiohttp.ClientError)):
        await bot.place(sandbox.channel).send(file=discord.File(io.BytesIO(bytes(2_000_000)), "a.bin"))
    assert ada.reads() == []
    await bot.place(sandbox.channel).send(file=discord.File(io.BytesIO(bytes(2_000_000)), "a.bin"))
    assert len(ada.reads()) == 1
    broken = next(request for request in sandbox.requests if request.fault)
    assert 500_000 <= broken.size < 2_000_000


async def test_a_slow_upload_arrives_whole(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.slow(method="POST", path=MESSAGES, bytes_per_second=5_000_000)
    await bot.place(sandbox.channel).send(file=discord.File(io.BytesIO(bytes(1_000_000)), "a.bin"))
    (message,) = ada.reads()
    assert message.attachments[0].size == 1_000_000
    (request,) = [one for one in sandbox.requests if one.fault]
    assert request.seconds >= 0.2


async def test_a_download_breaks_half_way(sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.bin", bytes(300_000))])
    sandbox.faults.fail(method="GET", path="/attachments/*", after_bytes=100_000)
    with pytest.raises((OSError, aiohttp.ClientError)):
        await ada.download(message.attachments[0])
    assert await ada.download(message.attachments[0]) == bytes(300_000)


async def test_a_download_fails_with_a_status(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.png", png())])
    sandbox.faults.fail(method="GET", path="/attachments/*", status=500, times=2)
    with pytest.raises(DownloadFailed):
        await ada.download(message.attachments[0])
    posted = await bot.place(sandbox.channel).fetch_message(message.id)
    with pytest.raises(discord.HTTPException):
        await posted.attachments[0].read()


async def test_a_range_of_a_file_can_be_asked_for(sandbox: Sandbox, ada: Person) -> None:
    message = await ada.say("look", [Upload("a.bin", bytes(range(200)))])
    url = message.attachments[0].url
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Range": "bytes=10-19"}) as response:
            assert response.status == 206
            assert response.headers["Content-Range"] == "bytes 10-19/200"
            assert await response.read() == bytes(range(10, 20))
        async with session.get(url, headers={"Range": "bytes=500-"}) as response:
            assert response.status == 416


async def test_an_outage_ends_everything_and_afterwards_all_is_well(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.faults.outage(True)
    with pytest.raises(discord.DiscordServerError):
        await bot.place(sandbox.channel).send("hello")
    await sandbox.bot_gone()
    sandbox.faults.outage(False)
    await sandbox.bot_ready(timeout_seconds=30)
    assert (await ada.command("whisper")).message is not None


async def test_a_refused_gateway_is_tried_until_it_opens(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.refuse_gateway(True)
    sandbox.faults.drop_gateway()
    await sandbox.bot_gone()
    with pytest.raises(TimeoutError):
        await sandbox.bot_ready(timeout_seconds=0.2)
    sandbox.faults.refuse_gateway(False)
    await sandbox.bot_ready(timeout_seconds=30)
    assert (await ada.command("whisper")).message is not None


async def test_everything_that_happened_is_logged(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    watched: list[str] = []
    stop = sandbox.world.events.subscribe(lambda event: watched.append(event.name))
    await ada.command("draw", {"size": 5000})
    stop()
    await ada.command("whisper")
    answer = sandbox.requests[-2]
    assert (answer.method, answer.status, answer.fault) == ("POST", 200, "")
    assert answer.size > 5000
    assert watched == ["INTERACTION_CREATE", "MESSAGE_CREATE", "interaction_answered", "request"]


async def test_three_hundred_people_are_all_answered_a_hundred_at_once(bot: WorkshopBot, sandbox: Sandbox) -> None:
    people = [sandbox.person(f"Student {number}") for number in range(300)]
    # Not all at once: each has to be answered within three true seconds, whatever else the machine has to do.
    for crowd in (people[:100], people[100:200], people[200:]):
        calls = await asyncio.gather(*(person.command("greet", {"whom": person.name[-10:]}) for person in crowd))
        assert [call.message.content for call in calls if call.message] == [
            f"warm 0.5 {person.name[-10:]}" for person in crowd
        ]
