"""Every model of the menu through the whole bot, with tiny random weights in the published layouts."""

from pathlib import Path

import discord
import pytest
from classroom import QUICK, StartBot, clip_of, picture, told

from generation.catalog import load_catalog
from generation.media.probe import probe
from generation.workers.process import ProcessWorker
from generation.workers.protocol import Failed, Rendered
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox
from storage import ledger
from storage.jobs import Job

MENU = [(model, task) for model in load_catalog() if model.repository for task in model.tasks]


async def test_every_model_ends_in_an_mp4_paid_as_priced(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, tiny_models: Path, tmp_path: Path
) -> None:
    async with start_bot(catalog=tiny_models) as house:
        prices = 0
        for number, (model, task) in enumerate(MENU, 1):
            wish = {"prompt": "leaves sway", "model": model.id, "seed": 5}
            if task == "animate":
                await ada.command("animate", {"still": picture(640, 640), **wish})
            else:
                await ada.command("imagine-video", wish)
            message = await ada.waits_for(lambda m, number=number: _carries(m, number), timeout_seconds=90)
            assert model.label in message.content
            path = tmp_path / f"{number}.mp4"
            path.write_bytes(await ada.download(message.attachments[0]))
            facts = probe(path)
            assert (64, 64, 9, model.fps) == (facts.width, facts.height, facts.frames, facts.fps)
            prices += (await house.orders.job(number)).price_credits
        left = await house.accounts.balance(sandbox.guild.id, ada.id)
        assert (400 - prices, 0) == (left.available, left.held)


async def test_sound_negative_prompt_and_end_still_reach_the_models_that_have_them(
    start_bot: StartBot, ada: Person, tiny_models: Path, tmp_path: Path
) -> None:
    async with start_bot(catalog=tiny_models) as house:
        await ada.command("animate", {"still": picture(), "prompt": "waves", "model": "ltx-2.3", "sound": True})
        message = await clip_of(ada, timeout_seconds=90)
        path = tmp_path / "sound.mp4"
        path.write_bytes(await ada.download(message.attachments[0]))
        assert probe(path).sound_rate == 48000
        wish = {"prompt": "sunrise", "model": "wan2.2-i2v-a14b", "quality": "standard", "negative": "people"}
        await ada.command("animate", {"still": picture(), "end_still": picture(640, 640), **wish})
        await ada.waits_for(lambda m: _carries(m, 2), timeout_seconds=90)
        recipe = (await house.orders.job(2)).recipe
        assert ("people", 20) == (recipe["negative_prompt"], recipe["steps"])
        assert recipe["end_still"] not in (None, recipe["still"])


async def test_what_a_model_cannot_do_is_refused_before_credits_move(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, tiny_models: Path
) -> None:
    refused = {
        "makes no sound": {"model": "wan2.2-i2v-a14b", "sound": True},
        "cannot end a clip on a second still": {"model": "wan2.2-ti2v-5b", "end_still": picture()},
        "does not read a negative prompt": {"model": "wan2.2-i2v-a14b", "negative": "people"},
        "cannot do that. Pick another model": {"model": "wan2.2-t2v-a14b"},
    }
    async with start_bot(catalog=tiny_models) as house:
        for said, wish in refused.items():
            answer = await (await ada.command("animate", {"still": picture(), "prompt": "zoom in", **wish})).finished()
            assert answer is not None
            assert said in answer.content
        assert 0 == (await house.accounts.balance(sandbox.guild.id, ada.id)).held


async def test_a_clip_too_large_for_the_card_is_not_charged_and_that_is_said_from_the_ledger_alone(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_large(worker: ProcessWorker, job: Job) -> Failed:
        return Failed(fault="out_of_memory", cause="planted", retry=False)

    async with start_bot() as house:
        with monkeypatch.context() as full:
            full.setattr(house.dispatcher._attempts, "render", too_large)
            await ada.command("animate", {"still": picture(), **QUICK})
            await ada.waits_for(lambda m: "too large for this GPU" in m.content)
        await ada.command("animate", {"still": picture(), **QUICK})
        await clip_of(ada)
        left = await house.accounts.balance(sandbox.guild.id, ada.id)
        assert (399, 0) == (left.available, left.held)
        with monkeypatch.context() as broken:
            broken.setattr(house.dispatcher._attempts, "render", too_large)
            broken.setattr(ledger, "release", lambda *_, **__: 0)
            await ada.command("animate", {"still": picture(), **QUICK})
            failed = await ada.waits_for(lambda m: "What was held for it has not come back" in m.content)
            job = await told(house, 3)
        await house.database.write(lambda tx: ledger.release(tx, job.hold_id, reason="failed", actor="a", now=1.0))

    about = [m.content for m in ada.reads() if m.id >= failed.id or "What was held" in m.content]
    assert not any("Not charged" in text for text in about)


async def test_a_size_that_three_people_found_too_large_is_refused_and_the_model_stays(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = sandbox.guild.add_role("Manager", permissions=discord.Permissions(manage_guild=True).value)
    ines = sandbox.person("Ines", roles=[role])
    staff = sandbox.guild.add_channel("staff")
    large = {"still": picture(1280, 720), "prompt": "slow zoom in", "model": "draft", "shape": "landscape-hd"}

    async with start_bot(staff_channel_id=staff.id) as house:
        render = house.dispatcher._attempts.render

        async def on_a_small_card(worker: ProcessWorker, job: Job) -> Rendered | Failed:
            if job.recipe["width"] >= 1280:
                return Failed(fault="out_of_memory", cause="planted", retry=False)
            return await render(worker, job)

        with monkeypatch.context() as small:
            small.setattr(house.dispatcher._attempts, "render", on_a_small_card)
            for number, person in enumerate((ada, ben, sandbox.person("Cleo")), 1):
                await person.command("animate", large | {"seconds": 1})
                assert "failed" == (await told(house, number)).state
            word = await ada.waits_for(lambda m: "had no room in the GPU" in m.content, channel=staff)
            refused = await (await ada.command("animate", large | {"seconds": 1.5})).finished()
            held = (await house.accounts.balance(sandbox.guild.id, ada.id)).held
            choices = await ada.autocomplete("animate", "model", "")
            await ada.command("animate", {"still": picture(), "model": "draft", **QUICK})
            fits = await told(house, 4)
        await (await ines.command("class models on", {"model": "draft"})).finished()
        await ben.command("animate", large | {"seconds": 1})
        again = await told(house, 5)
        balances = [(await house.accounts.balance(sandbox.guild.id, person.id)).available for person in (ada, ben)]

    assert "1280 × 720 for 1.1 s and more" in word.content
    assert refused is not None
    assert "It is too large for this GPU. Try fewer seconds, a 480p shape if it was larger" in refused.content
    assert "Not charged" in refused.content
    assert 0 == held
    assert "draft" in [choice["value"] for choice in choices]
    assert ("succeeded", "succeeded") == (fits.state, again.state)
    assert [400 - fits.price_credits, 400 - again.price_credits] == balances


async def test_only_what_can_do_the_task_is_offered(start_bot: StartBot, ada: Person, tiny_models: Path) -> None:
    async with start_bot(catalog=tiny_models):
        offered = {choice["value"] for choice in await ada.autocomplete("imagine-video", "model", "")}

    assert {model.id for model, task in MENU if task == "imagine"} == offered


async def test_broken_weights_take_a_model_off_the_menu_and_not_the_bot_down(
    start_bot: StartBot, ada: Person, tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(tmp_path))
    async with start_bot(catalog=tiny_models):
        offered = [choice["value"] for choice in await ada.autocomplete("animate", "model", "")]

    assert ["draft"] == offered


def _carries(message: Message, number: int) -> bool:
    return any(attachment.filename == f"stillmotion-{number}.mp4" for attachment in message.attachments)
