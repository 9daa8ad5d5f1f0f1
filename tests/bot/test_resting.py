"""A model whose worker really fails job after job: off the menu, tried again by itself, and everybody told."""

import asyncio
from pathlib import Path

import discord
import pytest
from classroom import QUICK, StartBot, clips_in, picture, rendering, told, worker_process

from bot.house import House
from generation.catalog import SHIPPED_CATALOG
from generation.health import FIRST_PAUSE_SECONDS
from generation.line import gate
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

LONG = {"prompt": "pan right", "shape": "landscape-hd", "seconds": 6}


@pytest.fixture
def two_models(tmp_path: Path) -> Path:
    """A menu with the draft model twice, under two names."""
    shipped = SHIPPED_CATALOG.read_text(encoding="utf-8")
    draft = "[[model]]" + shipped.split("[[model]]")[1]
    twin = draft.replace('id = "draft"', 'id = "sketch"').replace('label = "', 'label = "Second ', 1)
    path = tmp_path / "catalog.toml"
    path.write_text(f"{draft}\n{twin}", encoding="utf-8")
    return path


async def asks(person: Person, still: Upload, **options: object) -> None:
    refusal = await (await person.command("animate", {"still": still, "model": "draft", **QUICK, **options})).finished()
    assert refusal is None


def in_their_own_rooms(sandbox: Sandbox, *people: Person) -> list[Person]:
    """Discord lets a bot post five messages in five seconds to a channel; nobody here should wait for that."""
    for number, person in enumerate(people):
        person.home = sandbox.guild.add_channel(f"room-{number}")
    return list(people)


async def fallen_ill(house: House, sandbox: Sandbox, people: list[Person], still: Upload) -> None:
    """Three jobs fail for real, because the still that they share is gone for a while."""
    await asks(sandbox.person("Whoever is first"), still, **LONG)
    await rendering(house)
    worker = await worker_process(house)
    worker.suspend()
    for person in people:
        await asks(person, still)
    path = house.blobs.path((await house.orders.job(2)).recipe["still"])
    content = path.read_bytes()
    path.unlink()
    await house.dispatcher.cancel(1, actor=1)
    worker.resume()
    async with asyncio.timeout(30):
        while not house.dispatcher.health.is_resting("draft") or {"queued"} != {
            job.state for job in await house.orders.unfinished()
        }:
            await asyncio.sleep(0.02)
    path.write_bytes(content)


async def test_a_model_that_fails_three_jobs_rests_is_told_of_and_comes_back_by_itself(
    sandbox: Sandbox,
    start_bot: StartBot,
    two_models: Path,
    ada: Person,
    ben: Person,
    still: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "LOOK_SECONDS", 0.05)
    staff = sandbox.guild.add_channel("staff")
    people = in_their_own_rooms(sandbox, ada, ben, sandbox.person("Cleo"), sandbox.person("Dora"))
    async with start_bot(staff_channel_id=staff.id, catalog=two_models, outstanding_limit=1) as house:
        await fallen_ill(house, sandbox, people, still)
        word = await ben.waits_for(lambda m: "off the menu" in m.content, channel=staff)
        before = [await house.orders.job(number) for number in (2, 3, 4, 5)]
        waiting = [job for job in before if job.state == "queued"]
        patient = next(person for person in people if person.id == waiting[0].user_id)
        await patient.waits_for(lambda m: "I try it again by myself" in m.content)
        refused = await (await ben.command("animate", {"still": still, "model": "draft", **QUICK})).finished()
        choices = await ben.autocomplete("animate", "model", "")
        queue = (await ben.command("queue", {})).message
        # One clip at a time is allowed here, but that one waits for the model and not for its person.
        await asks(patient, picture(1280, 720), model="sketch")
        other = await told(house, 6)
        sandbox.clock.advance(FIRST_PAUSE_SECONDS)
        await ben.waits_for(lambda m: "is on the menu again" in m.content, channel=staff)
        after = [await told(house, job.id) for job in before]

    assert "Nobody was charged" in word.content
    assert "FileNotFoundError" in word.content
    assert refused is not None
    assert "looked after by the instructors" in refused.content
    assert "Not charged" in refused.content
    assert ["sketch"] == [choice["value"] for choice in choices]
    assert queue is not None
    assert f"{len(waiting)} more clip" in queue.embeds[0]["description"]
    assert "succeeded" == other.state
    assert ["succeeded"] * len(waiting) == [job.state for job in after if job.id in {one.id for one in waiting}]
    assert {f"stillmotion-{job.id}.mp4" for job in (*waiting, other)} == {
        name for person in people for message in person.reads() for name in clips_in(message)
    }


async def test_an_instructors_word_brings_the_model_back_at_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    role = sandbox.guild.add_role("Manager", permissions=discord.Permissions(manage_guild=True).value)
    ines = sandbox.person("Ines", roles=[role])
    async with start_bot() as house:
        await fallen_ill(house, sandbox, in_their_own_rooms(sandbox, ada, ben, sandbox.person("Cleo")), still)
        waiting = await house.orders.unfinished()
        await (await ines.command("class models on", {"model": "draft"})).finished()
        after = [await told(house, job.id) for job in waiting]

    assert ["succeeded"] * len(waiting) == [job.state for job in after]
    assert waiting


async def test_a_model_that_nobody_waits_for_is_offered_again_and_tried_with_its_next_clip(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LOOK_SECONDS", 0.05)
    staff = sandbox.guild.add_channel("staff")
    async with start_bot(staff_channel_id=staff.id) as house:
        await fallen_ill(house, sandbox, in_their_own_rooms(sandbox, ada, ben, sandbox.person("Cleo")), still)
        for job in await house.orders.unfinished():
            await house.dispatcher.cancel(job.id, actor=job.user_id)
        sandbox.clock.advance(FIRST_PAUSE_SECONDS)
        async with asyncio.timeout(30):
            while house.dispatcher.health.is_resting("draft"):
                await asyncio.sleep(0.02)
        await asks(ben, still)
        await ben.waits_for(lambda m: "is on the menu again" in m.content, channel=staff)
        job = await told(house, 5)

    assert "succeeded" == job.state
