"""What people find after the bot was away: their clips, their places, and a word about it."""

import asyncio

import pytest
from classroom import (
    QUICK,
    BotProcess,
    StartBot,
    clip_of,
    clips_in,
    frozen_in_a_render,
    held_back,
    reached,
    told,
    worker_process,
)

from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage.jobs import Job
from tests.rendering import held_renders

LONG = {"prompt": "pan right", "shape": "landscape", "seconds": 10}


async def forever(*_: object) -> None:
    await asyncio.Event().wait()


async def test_a_clip_that_was_finished_before_the_restart_says_so_in_one_line(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        monkeypatch.setattr(house.deliveries, "begin_posting", forever)
        await ada.command("animate", {"still": still, **QUICK})
        await reached(house, "succeeded")
    async with start_bot() as house:
        message = await clip_of(ada)
        await told(house)
        await ada.command("animate", {"still": still, **QUICK})
        fresh = await ada.waits_for(lambda m: bool(m.attachments) and m.id != message.id and m.author.bot)
        await told(house, 2)

    assert message.content.startswith("-# While I was away")
    assert "While I was away" not in fresh.content
    assert ada.was_notified_by(message)


async def test_people_in_line_are_told_that_they_kept_their_place(
    sandbox: Sandbox, start_bot: StartBot, bot_process: BotProcess, ada: Person, ben: Person, still: Upload
) -> None:
    async with bot_process() as process, held_renders(process.pid):
        for person in (ada, ben):
            await (await person.command("animate", {"still": still, **LONG})).finished()
        process.kill()
        await process.wait()
    await sandbox.bot_gone()
    async with start_bot() as house:
        word = await ben.waits_for(
            lambda m: ben.mention in m.content and "your place in line was kept" in m.content, timeout_seconds=30
        )
        async with asyncio.timeout(30):
            # The line shows a job as running an instant after its row says so.
            while not (standing := house.dispatcher.line(10)).running:
                await asyncio.sleep(0.01)
        assert [1, 2] == [job.id for job, _ in standing.running] + [one.job_id for one, _ in standing.waiting]
        assert word.id == (await house.orders.job(2)).status_message_id
        for job_id in (1, 2):
            await house.dispatcher.cancel(job_id, actor=ada.id)
            await told(house, job_id)


@pytest.mark.parametrize("was_posted", [False, True])
async def test_a_job_that_lost_its_status_message_gets_exactly_one(
    sandbox: Sandbox,
    start_bot: StartBot,
    ada: Person,
    still: Upload,
    monkeypatch: pytest.MonkeyPatch,
    was_posted: bool,
) -> None:
    async with start_bot() as house:
        monkeypatch.setattr(*((house.deliveries, "remember_status") if was_posted else (house.status, "open")), forever)
        (await worker_process(house)).suspend()
        await ada.command("animate", {"still": still, **QUICK})
        async with asyncio.timeout(30):
            while not await house.orders.unfinished():
                await asyncio.sleep(0.02)
        if was_posted:
            await ada.waits_for(lambda m: bool(m.buttons), timeout_seconds=30)
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    async with start_bot() as house:
        await clip_of(ada)
        job = await told(house)

    statuses = [m for m in ada.reads() if "is animating a still" in m.content or "Finished: " in m.content]
    assert [job.status_message_id] == [message.id for message in statuses]
    assert not statuses[0].buttons


async def test_a_polite_stop_does_not_count_as_an_attempt(
    sandbox: Sandbox, start_bot: StartBot, bot_process: BotProcess, ada: Person, still: Upload
) -> None:
    async with bot_process() as process:
        await ada.command("animate", {"still": still, **LONG})
        await frozen_in_a_render(process, ada)
        process.terminate()
        assert 0 == await asyncio.wait_for(process.wait(), 30)
    await sandbox.bot_gone()
    async with start_bot() as house:
        await clip_of(ada)
        assert 1 == (await told(house)).attempts


async def test_a_polite_stop_while_a_claim_is_written_does_not_count_either(
    start_bot: StartBot, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        written, claim = asyncio.Event(), house.orders.claim

        async def slowly(job_id: int, worker: str) -> Job | None:
            job = await claim(job_id, worker)
            written.set()
            await asyncio.sleep(0.5)
            return job

        monkeypatch.setattr(house.orders, "claim", slowly)
        await ada.command("animate", {"still": still, **QUICK})
        await asyncio.wait_for(written.wait(), 30)
    async with start_bot() as house:
        await clip_of(ada)
        assert 1 == (await told(house)).attempts


async def test_an_outage_of_ten_minutes_loses_nothing_and_is_told_in_one_line(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        may_post = await held_back(house, monkeypatch)
        for person in (ada, ben):
            await (await person.command("animate", {"still": still, **QUICK})).finished()
        sandbox.faults.outage()
        for job_id in (1, 2):
            await reached(house, "succeeded", job_id)
        sandbox.clock.advance(600)
        may_post.set()
        async with asyncio.timeout(30):
            while not [request for request in sandbox.requests if request.method == "POST" and request.status == 503]:
                await asyncio.sleep(0.02)
        sandbox.faults.outage(on=False)
        for job_id in (1, 2):
            await told(house, job_id, timeout_seconds=90)
        await sandbox.bot_ready(timeout_seconds=60)
        await (await ada.command("credits", {})).finished()
        await (await ada.command("animate", {"still": still, **QUICK})).finished()
        await told(house, 3)
    posts = {names[0]: message for message in ada.reads() if (names := clips_in(message))}

    assert [f"stillmotion-{number}.mp4" for number in (1, 2, 3)] == sorted(posts)
    assert 3 == sum(len(clips_in(message)) for message in ada.reads())
    assert [1, 1, 0] == [posts[name].content.count("While I was away") for name in sorted(posts)]
    assert ada.was_notified_by(posts["stillmotion-1.mp4"])
    assert ben.was_notified_by(posts["stillmotion-2.mp4"])
