"""What Discord does not take: too long, too many, too large, too often."""

import asyncio
import io

import aiohttp
import discord
import pytest
from workshop_bot import WorkshopBot

from sandbox import NotAnswered, Person, Sandbox
from sandbox.interactions import ANSWER_SECONDS
from sandbox.limits import EDIT_MESSAGE, GLOBAL, POST_MESSAGE

AUTHORISED = {"Authorization": "Bot x"}


def button(**changes: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": "a", "custom_id": "a"} | changes


def row(*parts: object) -> dict[str, object]:
    return {"type": 1, "components": list(parts)}


def select(count: int) -> dict[str, object]:
    options = [{"label": str(number), "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


TEXT = {"type": 10, "content": "a"}
V2 = 1 << 15


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields"),
        ({"embeds": [{"description": "x" * 4096}, {"description": "x" * 1905}]}, "embeds"),
        ({"embeds": [{"title": "a"}] * 11}, "embeds"),
        ({"content": "a", "components": [row(button(custom_id=str(n))) for n in range(6)]}, "components"),
        ({"content": "a", "components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
        ({"content": "a", "components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id"),
        ({"content": "a", "components": [row(button(), button())]}, "components.0.components.1.custom_id"),
        ({"content": "a", "components": [row(select(26))]}, "components.0.components.0.options"),
        ({"content": "a", "components": [TEXT]}, "components.0.type"),
        ({"content": "a", "components": [TEXT], "flags": V2}, "content"),
        ({"components": [TEXT] * 41, "flags": V2}, "components"),
        ({"content": "a", "nonce": "x" * 26}, "nonce"),
    ],
)
async def test_a_message_beyond_a_limit_is_an_invalid_form(
    sandbox: Sandbox, ada: Person, body: dict[str, object], path: str
) -> None:
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    async with aiohttp.ClientSession(headers=AUTHORISED) as session, session.post(url, json=body) as response:
        answer = await response.json()
    assert (response.status, answer["code"]) == (400, 50035)
    details = answer["errors"]
    for key in path.split("."):
        details = details[key]
    assert details["_errors"]
    assert ada.reads() == []


async def test_what_is_just_within_the_limits_is_taken(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    view = discord.ui.View()
    for number in range(25):
        view.add_item(discord.ui.Button(label="x" * 80, custom_id=f"{number:0100}"))
    embed = discord.Embed(title="x" * 256, description="x" * 4096)
    await bot.place(sandbox.channel).send("x" * 2000, view=view, embed=embed)
    (message,) = ada.reads()
    assert len(message.buttons) == 25


async def test_an_empty_message_is_refused(bot: WorkshopBot, sandbox: Sandbox) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await bot.place(sandbox.channel).send(" ")
    assert refused.value.code == 50006


async def test_a_message_cannot_be_emptied_by_an_edit(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    posted = await bot.place(sandbox.channel).send("full")
    with pytest.raises(discord.HTTPException) as refused:
        await posted.edit(content="")
    assert refused.value.code == 50006
    assert [message.content for message in ada.reads()] == ["full"]


async def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_taken(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.set_upload_limit(100_000)
    place = bot.place(sandbox.channel)
    with pytest.raises(discord.HTTPException) as refused:
        await place.send(file=discord.File(io.BytesIO(bytes(100_001)), "a.bin"))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    await place.send(file=discord.File(io.BytesIO(bytes(100_000)), "a.bin"))
    assert [message.attachments[0].size for message in ada.reads()] == [100_000]


async def test_the_limit_also_holds_for_answers(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.set_upload_limit(1000)
    call = asyncio.create_task(ada.command("draw", {"size": 2000}))
    await bot.reached.wait()
    sandbox.clock.advance(ANSWER_SECONDS)
    with pytest.raises(NotAnswered):
        await call
    (error,) = bot.errors
    assert isinstance(error, discord.HTTPException)
    assert error.status == 413


async def test_boosts_raise_the_limit(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.boost(sandbox.guild, 2)
    await ada.command("whisper")
    guild = bot.get_guild(sandbox.guild.id)
    assert guild is not None
    assert guild.filesize_limit == 50 << 20
    assert bot.seen[0].filesize_limit == 50 << 20


async def test_the_window_of_a_channel_closes_with_json_and_via(sandbox: Sandbox, ada: Person) -> None:
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    async with aiohttp.ClientSession(headers=AUTHORISED) as session:
        for left in reversed(range(POST_MESSAGE.requests)):
            async with session.post(url, json={"content": "a"}) as response:
                assert response.headers["X-RateLimit-Remaining"] == str(left)
        async with session.post(url, json={"content": "a"}) as response:
            answer = await response.json()
        assert response.status == 429
        assert response.headers["Via"]
        assert response.content_type == "application/json"
        assert 0 < answer["retry_after"] <= POST_MESSAGE.seconds
        assert answer["global"] is False
        sandbox.clock.advance(answer["retry_after"] + 0.001)
        async with session.post(url, json={"content": "a"}) as response:
            assert response.status == 200
    assert len(ada.reads()) == POST_MESSAGE.requests + 1


async def test_each_channel_has_its_own_window(bot: WorkshopBot, sandbox: Sandbox) -> None:
    other = sandbox.guild.add_channel("other")
    for channel in (sandbox.channel, other):
        for _ in range(POST_MESSAGE.requests - 1):
            await bot.place(channel).send("a")
    assert {request.status for request in sandbox.requests} == {200}


async def test_the_bot_as_a_whole_has_a_window(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession(headers=AUTHORISED) as session:
        statuses, answers = [], []
        for number in range(GLOBAL.requests + 1):
            async with session.get(f"{sandbox.url}/api/v10/users/{number}") as response:
                statuses.append(response.status)
                answers.append(await response.json())
    assert statuses == [404] * GLOBAL.requests + [429]
    assert answers[-1]["global"] is True


async def test_answers_to_people_are_not_limited(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    for _ in range(GLOBAL.requests + 10):
        await ada.command("whisper")
    assert all(request.status == 200 for request in sandbox.requests)


async def test_discord_py_sees_the_end_of_a_window_coming(bot: WorkshopBot, sandbox: Sandbox) -> None:
    posted = await bot.place(sandbox.channel).send("0")
    edits = [request for request in sandbox.requests if request.method == "PATCH"]
    assert edits == []
    for number in range(EDIT_MESSAGE.requests - 1):
        await posted.edit(content=str(number))
    assert 429 not in [request.status for request in sandbox.requests]


async def test_after_too_many_errors_the_address_is_shut_out(sandbox: Sandbox) -> None:
    for _ in range(10_000):
        sandbox.limits.note(401)
    async with (
        aiohttp.ClientSession(headers=AUTHORISED) as session,
        session.get(f"{sandbox.url}/api/v10/users/@me") as response,
    ):
        assert response.status == 429
        assert "Via" not in response.headers


async def test_requests_without_a_token_are_not_answered(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/api/v10/users/@me") as response,
    ):
        assert response.status == 401
