"""A channel, a permission, a file or a whole server that is gone when the clip is ready."""

import pytest
from classroom import QUICK, clip_of, held_back, reached, rendering, told

from bot.house import House
from sandbox.person import Person, Upload
from sandbox.server import Sandbox


async def test_a_clip_of_a_deleted_channel_is_shown_in_another_one(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post, gone, other = await held_back(house, monkeypatch), ada.home, sandbox.guild.add_channel("other")
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.delete_channel(gone)
    may_post.set()
    job = await told(house)
    await ada.command("show", {"clip": 1}, channel=other)
    shown = await ada.waits_for(lambda m: bool(m.attachments), channel=other)

    assert ("abandoned", "stillmotion-1.mp4") == (job.delivery, shown.attachments[0].filename)
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    assert [{"name": "#1 · slow zoom in", "value": 1}] == await ada.autocomplete("show", "clip", "", channel=other)


async def test_a_clip_without_permission_is_kept_and_the_status_says_how_to_get_it(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.deny("attach_files")
    may_post.set()
    await ada.waits_for(lambda m: "type /show 1" in m.content)
    await told(house)
    refused = await (await ada.command("show", {"clip": 1})).finished()
    sandbox.allow("attach_files")
    stranger = await (await ben.command("show", {"clip": 1})).finished()
    answer = await (await ada.command("show", {"clip": 1})).finished()
    assert answer is None
    shown = await clip_of(ada)

    assert refused is not None
    assert "Attach Files" in refused.content
    assert stranger is not None
    assert "somebody else" in stranger.content
    assert "Not charged" in stranger.content
    assert "stillmotion-1.mp4" == shown.attachments[0].filename


async def test_who_cannot_be_told_in_the_channel_is_told_there_without_the_clip_or_else_privately(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.deny("attach_files")
    may_post.set()
    there = await ada.waits_for(lambda m: m.content.startswith(ada.mention) and "/show 1" in m.content)
    await told(house)
    sandbox.allow("attach_files")
    may_post.clear()
    await ben.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded", 2)
    sandbox.delete_channel(ben.home)
    may_post.set()
    await told(house, 2)
    private = ben.reads(ben.direct_messages)

    assert ada.was_notified_by(there)
    assert "It is kept as #1" in there.content
    assert [] == ada.reads(ada.direct_messages)
    assert "It is kept as #2: type /show 2" in private[-1].content


async def test_a_status_message_that_was_out_of_reach_when_its_clip_ended_is_mended_by_its_button(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    status = await ada.waits_for(lambda m: bool(m.buttons))
    await reached(house, "succeeded")
    sandbox.deny("view_channel")
    may_post.set()
    await told(house)
    sandbox.allow("view_channel")
    assert "credit held" in status.content
    answer = await (await ada.click(status, "Cancel")).finished()
    await ada.waits_for(lambda m: m is status and not m.buttons)

    assert answer is not None
    assert "already finished" in answer.content
    assert "It is kept as #1" in status.content


async def test_a_clip_whose_file_is_lost_is_refunded_and_told(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    house.blobs.delete((await house.orders.job(1)).clip or "")
    may_post.set()
    message = await ada.waits_for(lambda m: "its file is lost" in m.content)
    job = await told(house)

    assert "Refunded" in message.content
    assert ada.was_notified_by(message)
    assert (job.message_id, 400) == (message.id, (await house.accounts.balance(sandbox.guild.id, ada.id)).available)


async def test_a_delivered_clip_whose_copy_is_gone_stays_paid(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    job = await told(house)
    house.blobs.delete(job.clip or "")
    answer = await (await ada.command("show", {"clip": 1})).finished()

    assert answer is not None
    assert "I keep no copy of it" in answer.content
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_a_clip_that_was_never_handed_over_and_is_lost_is_refunded_once(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, "prompt": "pan right", "shape": "landscape-hd", "seconds": 6})
    await rendering(house)
    sandbox.deny("attach_files")
    await told(house)
    sandbox.allow("attach_files")
    house.blobs.delete((await house.orders.job(1)).clip or "")
    for _ in range(2):
        answer = await (await ada.command("show", {"clip": 1})).finished()

    assert answer is not None
    assert "Refunded" in answer.content
    assert 400 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_a_bot_put_out_of_the_server_pays_back_what_it_cannot_bring(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_post = await held_back(house, monkeypatch)
    await ada.command("animate", {"still": still, **QUICK})
    await reached(house, "succeeded")
    sandbox.world.remove_bot(sandbox.guild)
    may_post.set()
    job = await told(house)

    assert "abandoned" == job.delivery
    assert 400 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
