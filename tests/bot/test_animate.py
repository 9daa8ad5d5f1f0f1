"""From /animate to a paid clip in the channel, and every way in which the request can be wrong."""

import asyncio
import contextlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from classroom import QUICK as WISH
from classroom import StartBot, bomb, broken, clip_of, clips_in, picture, told

from bot.house import House
from generation.media.probe import probe
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import jobs
from storage.staff_acts import NewAct


async def test_a_student_gets_a_clip_paid_from_her_credits(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, tmp_path: Path
) -> None:
    call = await ada.command("animate", {"still": still, "prompt": "slow zoom in, gentle wind"})
    assert call.deferred
    assert call.ephemeral
    message = await clip_of(ada)

    assert ada.was_notified_by(message)
    attachment = message.attachments[0]
    assert (attachment.filename, attachment.content_type) == ("stillmotion-1.mp4", "video/mp4")
    assert "slow zoom in" in (attachment.description or "")
    assert re.search(
        r"-# #1 · Draft .* · computed camera move · .* · seed \d+ · waited .* · rendered in .* · 1 credit used, 399",
        message.content,
    )
    path = tmp_path / "clip.mp4"
    path.write_bytes(await ada.download(attachment))
    facts = probe(path)
    assert (facts.frames, facts.fps, facts.pixel_format, facts.faststart) == (81, 16, "yuv420p", True)
    assert facts.width / facts.height == pytest.approx(960 / 640, rel=0.01)
    assert attachment.description == facts.metadata["description"]
    balance = await house.accounts.balance(sandbox.guild.id, ada.id)
    assert (balance.available, balance.held) == (399, 0)


async def test_the_status_message_says_the_price_moves_and_ends_with_a_link(
    house: House, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **WISH})
    message = await clip_of(ada)
    status = await ada.waits_for(lambda m: "Finished" in m.content, timeout_seconds=30)

    assert str(message.id) in status.content
    assert status.buttons == []
    assert not ada.was_notified_by(status)


async def test_an_edit_that_arrives_late_never_overwrites_the_last_words(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_arrive, under_way, edit = asyncio.Event(), set[asyncio.Task[None]](), house.status._messages.edit

    async def arrives_late(*given: Any) -> None:
        await may_arrive.wait()
        await edit(*given)

    async def send(*given: Any) -> None:
        # What was sent goes on to Discord, also if the bot waits no longer for the answer.
        under_way.add(task := asyncio.create_task(arrives_late(*given)))
        await asyncio.shield(task)

    monkeypatch.setattr(house.status._messages, "edit", send)
    await ada.command("animate", {"still": still, **WISH})
    await clip_of(ada)
    with contextlib.suppress(TimeoutError):
        await told(house, timeout_seconds=0.3)
    may_arrive.set()
    await asyncio.gather(*under_way)
    job = await told(house)
    [status] = [message for message in ada.reads() if message.id == job.status_message_id]

    assert under_way
    assert "Finished" in status.content
    assert [] == status.buttons


async def test_the_private_answer_disappears_when_all_is_well(house: House, ada: Person, still: Upload) -> None:
    call = await ada.command("animate", {"still": still, **WISH})

    assert await call.finished() is None


async def test_advice_about_a_poor_still_is_private_and_costs_no_refusal(
    house: House, ada: Person, ben: Person
) -> None:
    call = await ada.command("animate", {"still": picture(300, 200), "prompt": "pan left", "seconds": 1})
    answer = await call.finished()

    assert answer is not None
    assert "1280×720" in answer.content
    assert answer not in ben.reads()
    await clip_of(ada)


async def test_everything_that_was_chosen_arrives_in_the_job(house: House, ada: Person, still: Upload) -> None:
    wish = {"prompt": "boats", "model": "draft", "shape": "portrait", "seconds": 2, "quality": "fast"}
    await ada.command("animate", {"still": still, **wish, "camera": "tilt up", "seed": 42})
    message = await clip_of(ada)
    job = await house.orders.job(1)

    recipe = job.recipe
    assert (recipe["width"], recipe["height"], recipe["frames"]) == (480, 832, 33)
    assert (recipe["preset"], recipe["camera"], recipe["seed"]) == ("fast", "tilt up", 42)
    assert "“tilt up, boats”" in message.content
    assert "tilt up, boats" in (message.attachments[0].description or "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "sora"}, "no model “sora”"),
        ({"shape": "round"}, "does not make that shape"),
        ({"seconds": 55}, "at most 15 seconds"),
        ({"prompt": "   "}, "The prompt is empty"),
        ({"still": Upload("notes.txt", b"not a picture", content_type="text/plain")}, "not a picture"),
        ({"sound": True}, "makes no sound"),
        ({"quality": "standard"}, "no such quality; it has fast"),
        ({"negative": "blur"}, "takes no negative prompt"),
        ({"end_still": picture()}, "cannot end a clip on a second still"),
        ({"still": picture(60, 60)}, "only 60×60"),
        ({"still": picture(3000, 300)}, "crop it"),
        ({"still": bomb()}, "at most 64 megapixels"),
        ({"still": Upload("lies.png", b"%PDF-1.7 nothing", content_type="image/png")}, "not a picture"),
        ({"still": broken()}, "damaged"),
        ({"still": Upload("cut.png", picture().data[:2000], content_type="image/png")}, "incomplete"),
    ],
)
async def test_what_cannot_be_made_gets_its_sentence_and_costs_nothing(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, options: dict[str, object], said: str
) -> None:
    call = await ada.command("animate", {"still": still, "prompt": "pan left", **options})
    answer = await call.finished()

    assert answer is not None
    assert answer.ephemeral
    assert said in answer.content
    assert "Not charged" in answer.content
    balance = await house.accounts.balance(sandbox.guild.id, ada.id)
    assert balance.held == 0
    assert await house.database.read(jobs.waiting) == []


async def test_a_still_that_is_larger_than_it_says_is_not_swallowed(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    async with start_bot(still_limit_bytes=2048):
        call = await ada.command("animate", {"still": still, "prompt": "pan left"})
        answer = await call.finished()

    assert answer is not None
    assert "too large" in answer.content


async def test_a_still_that_lies_about_its_size_is_stopped_while_it_is_fetched(
    start_bot: StartBot, ada: Person, still: Upload
) -> None:
    async with start_bot(still_limit_bytes=2048):
        lying = replace(still, claimed_size_bytes=100)
        answer = await (await ada.command("animate", {"still": lying, "prompt": "pan left"})).finished()

    assert answer is not None
    assert "too large" in answer.content


async def test_a_clip_too_many_is_refused_before_its_still_is_kept(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, data_folder: Path
) -> None:
    async with start_bot(outstanding_limit=1):
        await (await ada.command("animate", {"still": still, "prompt": "pan left", "seconds": 10})).finished()
        kept = set((data_folder / "files").rglob("*.png"))
        answer = await (await ada.command("animate", {"still": picture(800, 800), "prompt": "pan left"})).finished()

        assert answer is not None
        assert "Not charged" in answer.content
        assert kept == set((data_folder / "files").rglob("*.png"))


async def test_without_enough_credits_nothing_is_held(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await house.staff.set(NewAct(key="a", guild_id=sandbox.guild.id, actor_id=1, what="allowance"), allowance_credits=1)
    call = await ada.command("animate", {"still": still, "prompt": "pan left", "seconds": 15})
    answer = await call.finished()

    assert answer is not None
    assert "costs 3 credits and you have 1" in answer.content
    assert re.search(r"<t:\d+:R>", answer.content)


async def test_missing_permissions_are_named_before_a_clip_is_promised(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    sandbox.deny("attach_files")
    sandbox.deny("view_channel")
    call = await ada.command("animate", {"still": still, "prompt": "pan left"})

    assert call.message is not None
    assert "“View Channel”" in call.message.content
    assert "“Attach Files”" in call.message.content
    assert "Not charged" in call.message.content


async def test_a_picture_in_the_channel_is_animated_through_the_menu(house: House, ada: Person, still: Upload) -> None:
    posted = await ada.say("look", uploads=[still])
    call = await ada.menu("Animate this image", posted)
    assert call.modal is not None
    await ada.submit(call.modal, {"prompt": "pan right"})
    message = await clip_of(ada)

    assert "pan right" in message.content


async def test_two_open_forms_keep_their_own_pictures(house: House, ada: Person, ben: Person) -> None:
    wide = await ada.menu("Animate this image", await ada.say("wide", uploads=[picture(1280, 640)]))
    tall = await ben.menu("Animate this image", await ben.say("tall", uploads=[picture(640, 1280)]))
    assert wide.modal is not None
    assert tall.modal is not None
    await ada.submit(wide.modal, {"prompt": "pan right"})
    await clip_of(ada)
    recipe = (await house.orders.job(1)).recipe

    assert recipe["width"] > recipe["height"]


async def test_a_prompt_is_quoted_without_its_markdown(house: House, ada: Person, still: Upload) -> None:
    await ada.command(
        "animate", {"still": still, **WISH, "prompt": "zoom in [free credits](https://x.test) **now** -# #2 ·"}
    )
    message = await clip_of(ada)

    assert r"zoom in \[free credits](https\://x.test)" in message.content
    assert "**now**" not in message.content
    assert 1 == message.content.count("\n-# #")


async def test_a_message_without_a_picture_is_refused_by_the_menu(house: House, ada: Person) -> None:
    posted = await ada.say("no picture here")
    call = await ada.menu("Animate this image", posted)

    assert call.message is not None
    assert "no picture" in call.message.content


async def test_a_clip_from_words_alone_is_refused_where_no_model_can(house: House, ada: Person) -> None:
    call = await ada.command("imagine-video", {"prompt": "a boat on the sea"})
    answer = await call.finished()

    assert answer is not None
    assert "No model here" in answer.content
    assert "Not charged" in answer.content


async def test_a_preview_is_seen_while_the_clip_renders_and_gone_afterwards(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.status.EDIT_PAUSE_SECONDS", 0.3)
    await ada.command("animate", {"still": still, "prompt": "pan left", "shape": "landscape-hd", "seconds": 10})
    status = await ada.waits_for(lambda m: bool(m.attachments) and not clips_in(m), timeout_seconds=60)
    assert "preview.jpg" == status.attachments[0].filename
    assert "frame" in status.content
    await clip_of(ada)
    finished = await ada.waits_for(lambda m: "Finished" in m.content, timeout_seconds=30)

    assert [] == finished.attachments


async def test_prompts_cannot_ping(house: House, ada: Person, ben: Person, still: Upload) -> None:
    await ada.command("animate", {"still": still, **WISH, "prompt": f"@everyone <@{ben.id}> pan left"})
    message = await clip_of(ada)

    assert ada.was_notified_by(message)
    assert not ben.was_notified_by(message)


async def test_choices_are_offered_while_typing(house: House, ada: Person) -> None:
    models = await ada.autocomplete("animate", "model", "dra")
    cameras = await ada.autocomplete("animate", "camera", "zoom")
    shapes = await ada.autocomplete("animate", "shape", "")

    assert [choice["value"] for choice in models] == ["draft"]
    assert {"slow zoom in", "slow zoom out"} == {choice["value"] for choice in cameras}
    assert "square" in [choice["value"] for choice in shapes]


async def test_every_request_of_the_bot_is_as_discord_describes_it(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **WISH})
    await clip_of(ada)
    await ada.waits_for(lambda m: "Finished" in m.content, timeout_seconds=30)

    assert sandbox.violations == []
