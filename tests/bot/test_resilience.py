"""What a person sees when something dies, hangs or refuses; nothing is lost and nothing is charged twice."""

import asyncio
import os
import signal

import psutil
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
    rendering,
    told,
    worker_process,
)

from bot.house import House
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger

MEDIUM = {"prompt": "pan right", "shape": "landscape", "seconds": 5}
"""A wish of which most frames are still to be made when this process hears of the first ones."""

LONG = {"prompt": "pan right", "shape": "landscape-hd", "seconds": 6}
"""A wish that is still in the making when its status message says so."""


def clips(person: Person) -> list[str]:
    return [name for message in person.reads() for name in clips_in(message)]


async def test_a_worker_killed_mid_clip_still_brings_the_clip_once(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **LONG})
    await rendering(house)
    (await worker_process(house)).kill()
    await clip_of(ada)
    await ada.waits_for(lambda m: "Finished" in m.content, timeout_seconds=30)

    job = await house.orders.job(1)
    assert (job.attempts, job.state) == (2, "succeeded")
    assert clips(ada) == ["stillmotion-1.mp4"]
    assert 400 - job.price_credits == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_a_decoder_killed_between_two_stills_keeps_nobody_from_ordering(
    house: House, ada: Person, still: Upload
) -> None:
    for _ in range(2):
        os.kill(await house.darkroom._stills.run(10.0, os.getpid), signal.SIGKILL)
        await asyncio.sleep(0.5)
        answer = await (await ada.command("animate", {"still": still, **QUICK})).finished()
        assert answer is None or "broke" not in answer.content
    await told(house, 1)
    await told(house, 2)

    assert ["stillmotion-1.mp4", "stillmotion-2.mp4"] == sorted(clips(ada))


async def test_a_bot_killed_mid_clip_brings_it_once_after_the_restart(
    sandbox: Sandbox, start_bot: StartBot, bot_process: BotProcess, ada: Person, still: Upload
) -> None:
    async with bot_process() as process:
        await ada.command("animate", {"still": still, **LONG})
        await ada.waits_for(lambda m: "Getting ready" in m.content or "frame" in m.content, timeout_seconds=30)
        process.kill()
        await process.wait()
    async with start_bot() as house:
        await clip_of(ada)
        job = await told(house)
        assert clips(ada) == ["stillmotion-1.mp4"]
        assert (job.state, job.delivery) == ("succeeded", "posted")
        assert 400 - job.price_credits == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
        assert await house.database.read(ledger.audit) == []


async def test_a_bot_told_to_stop_during_a_render_ends_cleanly(
    bot_process: BotProcess, ada: Person, still: Upload, capfd: pytest.CaptureFixture[str]
) -> None:
    async with bot_process() as process:
        await ada.command("animate", {"still": still, **LONG, "seconds": 10})
        worker = await frozen_in_a_render(process, ada)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0
    log = "".join(capfd.readouterr())
    assert psutil.wait_procs([worker], timeout=10)[1] == []
    assert "clip rendered" not in log
    assert "Traceback" not in log


async def test_a_clip_posted_but_not_noted_is_not_posted_again(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        # The process dies between the post and the note.
        monkeypatch.setattr(house.deliveries, "delivered", lambda *_: asyncio.Event().wait())
        await ada.command("animate", {"still": still, **QUICK})
        message = await clip_of(ada)
        assert "posting" == (await house.orders.job(1)).delivery
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    async with start_bot() as house:
        assert message.id == (await told(house)).message_id
    assert 1 == len(clips(ada))


async def test_the_cancel_button_works_after_a_restart(start_bot: StartBot, ada: Person, still: Upload) -> None:
    async with start_bot() as house:
        await ada.command("animate", {"still": still, **LONG})
        status = await ada.waits_for(lambda m: bool(m.buttons), timeout_seconds=30)
        await rendering(house)
    async with start_bot() as house:
        call = await ada.click(status, "Cancel")
        answer = await call.finished()
        assert answer is not None
        assert "Not charged" in answer.content
        await ada.waits_for(lambda m: "Cancelled" in m.content and not m.ephemeral, timeout_seconds=30)
        assert (await house.orders.job(1)).state == "cancelled"
    assert clips(ada) == []


async def test_nobody_else_can_press_the_cancel_button(house: House, ada: Person, ben: Person, still: Upload) -> None:
    await ada.command("animate", {"still": still, **MEDIUM})
    status = await ada.waits_for(lambda m: bool(m.buttons), timeout_seconds=30)
    call = await ben.click(status, "Cancel")

    assert call.message is not None
    assert call.message.ephemeral
    assert "somebody else" in call.message.content
    await clip_of(ada)


async def test_an_expired_token_does_not_keep_the_clip_away(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **MEDIUM})
    await rendering(house)
    sandbox.expire_tokens()
    sandbox.clock.advance(16 * 60)

    assert ada.was_notified_by(await clip_of(ada))


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_refused_final_post_is_tried_again_until_it_arrives_once(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.faults.fail(method="POST", path="/channels/*/messages", status=status, times=2, retry_after=0.2)
    may_post.set()
    await clip_of(ada)
    await ada.waits_for(lambda m: "Finished" in m.content, timeout_seconds=30)

    assert len(clips(ada)) == 1


async def test_an_upload_that_breaks_half_way_is_tried_again(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **MEDIUM})
    await reached(house, "succeeded")
    sandbox.faults.fail(method="POST", path="/channels/*/messages", after_bytes=20_000, times=1)
    may_post.set()
    await clip_of(ada)

    assert len(clips(ada)) == 1


async def test_a_clip_that_is_too_large_is_made_smaller_and_never_lost(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **MEDIUM})
    await reached(house, "succeeded")
    sandbox.set_upload_limit(40_000)
    may_post.set()
    message = await clip_of(ada)

    assert message.attachments[0].size <= 40_000
    assert "Made smaller" in message.content


async def test_a_lost_permission_keeps_the_clip_and_the_bot(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.deny("attach_files")
    may_post.set()
    kept = await ada.waits_for(lambda m: "It is kept as #1" in m.content, timeout_seconds=60)
    assert clips(ada) == []
    sandbox.allow("attach_files")
    await ben.command("animate", {"still": still, **QUICK})
    await clip_of(ben)

    assert (await told(house)).delivery == "abandoned"
    assert not kept.buttons


async def test_a_render_that_cannot_end_well_is_told_with_what_to_do(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **LONG})
    for attempt in (1, 2, 3):
        await rendering(house, attempt)
        (await worker_process(house)).kill()
    told = await ada.waits_for(lambda m: "could not be made" in m.content, timeout_seconds=60)

    assert ada.was_notified_by(told)
    assert "Not charged" in told.content
    assert (await house.accounts.balance(sandbox.guild.id, ada.id)).available == 400


async def test_an_answer_that_discord_took_and_lost_is_followed_by_a_word(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    sandbox.faults.fail(method="POST", path="/interactions/*/callback", status=500, times=1, applied=True)
    await ada.command("animate", {"still": still, **QUICK})
    answer = await ada.waits_for(lambda m: "lost my first answer" in m.content)

    assert "Not charged" in answer.content
    assert [] == await house.orders.unfinished()


async def test_a_storm_of_429s_loses_and_repeats_nothing(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    sandbox.faults.fail(path="/channels/*", status=429, times=12, retry_after=0.1)
    for person in (ada, ben):
        await person.command("animate", {"still": still, **QUICK})
    for job_id in (1, 2):
        await told(house, job_id, timeout_seconds=90)

    assert ["stillmotion-1.mp4", "stillmotion-2.mp4"] == sorted(clips(ada))
    assert [399, 399] == [(await house.accounts.balance(sandbox.guild.id, one.id)).available for one in (ada, ben)]


async def test_an_answer_lost_after_the_post_does_not_bring_a_second_clip(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.faults.fail(method="POST", path="/channels/*/messages", status=502, times=1, applied=True)
    may_post.set()
    await told(house)

    assert ["stillmotion-1.mp4"] == clips(ada)


async def test_a_refused_status_message_does_not_keep_the_job_out_of_the_line(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    sandbox.faults.fail(method="POST", path="/channels/*/messages", after_bytes=10, times=1)
    await ada.command("animate", {"still": still, **QUICK})
    await told(house)

    assert ["stillmotion-1.mp4"] == clips(ada)
