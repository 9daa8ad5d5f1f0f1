"""The buttons under a finished clip: offered with a price, ordered once, and the owner's alone where they spend."""

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import StartBot, clips_in, picture, told

from bot.chain_texts import ChainTexts
from bot.house import House
from bot.rendering import JobTexts
from bot.words import load_words
from generation.media.probe import probe
from sandbox.calls import Call
from sandbox.components import Part
from sandbox.errors import ClientRefused
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox
from storage.jobs import Job

TINY = {"prompt": "pan right", "shape": "square", "seconds": 0.5, "seed": 7}


@pytest.fixture(autouse=True)
def no_rate_limits(sandbox: Sandbox) -> None:
    """Chains in one channel wait for Discord's rates longer than for their frames."""
    sandbox.limits.enabled = False


async def made(house: House, person: Person, job_id: int = 1, **wish: object) -> Message:
    """The message of a finished clip that the person asked for by command."""
    await (await person.command("animate", {"still": picture(640, 640), **TINY, **wish})).finished()
    return await finished(house, person, job_id)


async def finished(house: House, person: Person, job_id: int) -> Message:
    await told(house, job_id)
    return await person.waits_for(lambda m: f"stillmotion-{job_id}.mp4" in clips_in(m))


async def answer(call: Call) -> Message:
    """The private answer to a press or a form."""
    message = await call.finished()
    assert message is not None
    assert message.ephemeral
    return message


async def ordered(house: House, person: Person, offer: Message, job_id: int) -> Job:
    """Press Go, and wait until its clip is there."""
    await person.click(offer, next(b.label for b in offer.buttons if b.label.startswith("Go")))
    await finished(house, person, job_id)
    return await house.orders.job(job_id)


async def test_a_clip_has_its_buttons_in_two_rows_with_readable_names(house: House, ada: Person) -> None:
    message = await made(house, ada)
    rows = [[part["label"] for part in row["components"]] for row in message.components]

    assert ["Again", "Edit", "Continue", "Compare", "Recipe"] == rows[0]
    assert ["Mark where it broke", "Keep private", "Delete", "Report"] == rows[1]
    assert "again:1" == message.buttons[0].custom_id


async def test_again_says_its_price_orders_once_and_draws_another_seed(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    message = await made(house, ada)
    offer = await answer(await ada.click(message, "Again"))
    before = await house.accounts.balance(sandbox.guild.id, ada.id)
    text, go = offer.content, offer.buttons[0].label
    await asyncio.gather(*(ada.click(offer, go) for _ in range(3)))
    await finished(house, ada, 2)
    after = await house.accounts.balance(sandbox.guild.id, ada.id)
    first, second = (await house.orders.job(1)).recipe, (await house.orders.job(2)).recipe

    assert "**1 credit** of your 399" in text
    assert "Go · 1 credit" == go
    assert (399, 0) == (before.available, before.held)
    assert (398, 0) == (after.available, after.held)
    assert first["seed"] != second["seed"]
    assert {**first, "seed": 0} == {**second, "seed": 0}
    with pytest.raises(LookupError):
        await house.orders.job(3)


async def test_an_offer_that_is_left_costs_nothing(house: House, sandbox: Sandbox, ada: Person) -> None:
    message = await made(house, ada)
    offer = await answer(await ada.click(message, "Again"))
    await ada.click(offer, "Never mind")

    assert "nothing was held" in offer.content
    assert [] == offer.buttons
    assert 0 == (await house.accounts.balance(sandbox.guild.id, ada.id)).held


async def test_the_coach_reads_what_is_continued_and_its_words_are_ordered_once_and_only_if_wanted(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    message = await made(house, ada)

    async def continued() -> Message:
        form = (await ada.click(message, "Continue")).modal
        assert form is not None
        return await answer(
            await ada.submit(form, {"prompt": "the cat with the *white* fur blinks, zoom in, pan left"})
        )

    offer = await continued()
    text, labels = offer.content, [button.label for button in offer.buttons]
    await ada.click(offer, "go-rewrite:" + str(offer.buttons[0].custom_id).removeprefix("go:"))
    await finished(house, ada, 2)
    with contextlib.suppress(ClientRefused):
        await ada.click(offer, labels[0])
    await (await ada.command("coach off")).finished()
    quiet = await continued()
    job = await house.orders.job(2)

    assert "• **2 camera moves**" in text
    assert f"**Movement first:** “{job.recipe['prompt'].replace('*', chr(92) + '*')}”" in text
    assert text.index("camera moves") < text.index("**1 credit**")
    assert ["Go · 1 credit", "Use the rewrite · 1 credit", "Never mind"] == labels
    assert "pan left" not in job.recipe["prompt"]
    assert "camera moves" not in quiet.content
    assert ["Go · 1 credit", "Never mind"] == [button.label for button in quiet.buttons]
    assert 398 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    with pytest.raises(LookupError):
        await house.orders.job(3)


async def test_edit_opens_filled_and_changes_only_what_was_changed(house: House, ada: Person) -> None:
    message = await made(house, ada, prompt="gentle wind", camera="tilt up")
    call = await ada.click(message, "Edit")
    assert call.modal is not None
    filled = {one.custom_id: one.component for one in call.modal.fields}
    assert "tilt up, gentle wind" == filled["prompt"]["value"]
    assert ["draft"] == [option["value"] for option in filled["model"]["options"] if option.get("default")]
    assert ("0.6", "7") == (filled["seconds"]["value"], filled["seed"]["value"])
    offer = await answer(await ada.submit(call.modal, {"prompt": "zoom out"}))
    assert "zoom out" in offer.content
    job = await ordered(house, ada, offer, 2)
    first = (await house.orders.job(1)).recipe

    assert {**first, "prompt": "zoom out", "camera": ""} == job.recipe


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("seconds", "long", "The length is a number of seconds"),
        ("seconds", "99", "at most 15 seconds"),
        ("seed", "lucky", "A seed is a number"),
        ("prompt", " ", "The prompt is empty"),
    ],
)
async def test_what_a_form_cannot_mean_is_explained_and_costs_nothing(
    house: House, sandbox: Sandbox, ada: Person, field: str, typed: str, said: str
) -> None:
    message = await made(house, ada)
    call = await ada.click(message, "Edit")
    assert call.modal is not None
    text = (await answer(await ada.submit(call.modal, {field: typed}))).content

    assert said in text
    assert "Not charged" in text
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_a_chain_of_three_is_shown_as_such_and_joined_without_a_doubled_frame(
    house: House, sandbox: Sandbox, ada: Person, tmp_path: Path
) -> None:
    message = await made(house, ada)
    for part in (2, 3):
        form = (await ada.click(message, "Continue")).modal
        assert form is not None
        offer = await answer(await ada.submit(form, {"seed": "7"}))
        await ordered(house, ada, offer, part)
        message = await finished(house, ada, part)
        assert f"Continues #{part - 1} · part {part}" in message.content
    recipes = [(await house.orders.job(number)).recipe for number in (1, 2, 3)]
    assert 3 == len({recipe["still"] for recipe in recipes})
    call, again = await asyncio.gather(*(ada.click(message, "Join the parts") for _ in range(2)))
    joined = await ada.waits_for(lambda m: "stillmotion-joined-3.mp4" in clips_in(m))
    await asyncio.gather(call.finished(), again.finished())
    path = tmp_path / "joined.mp4"
    path.write_bytes(await ada.download(joined.attachments[0]))

    await ordered(house, ada, await answer(await ada.click(message, "Again")), 4)
    sandbox.set_upload_limit(500)
    too_much = (await answer(await ada.click(message, "Join the parts"))).content

    assert "These 3 parts are too much for one clip that may be uploaded here. Press Join the parts under" in too_much
    assert "Continues #2 · part 3" in (await finished(house, ada, 4)).content
    assert sum(recipe["frames"] for recipe in recipes) - 2 == probe(path).frames
    assert "#1 + #2 + #3 · 3 parts" in joined.content
    assert "pan right; pan right; pan right" in (joined.attachments[0].description or "")
    assert 1 == sum("joined-3" in name for m in ada.reads() for name in clips_in(m))
    assert 396 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    assert [(ada.home.id, joined.id)] == [
        post for post in await house.keeping.posts(await house.orders.job(1)) if post[1] == joined.id
    ]


async def test_a_very_long_chain_is_named_by_its_ends(house: House, ada: Person) -> None:
    await made(house, ada)
    job = await house.orders.job(1)
    parts = [replace(job, id=100_000 + number) for number in range(400)]
    words = load_words()
    text = ChainTexts(words, JobTexts(words, house.catalog)).joined(parts[-1], parts, made_smaller=True)

    assert "#100000 + #100001 + " in text
    assert " + … + " in text
    assert "+ #100399 · 400 parts" in text
    assert len(text) < 2000


async def test_the_recipe_says_everything_that_the_clip_was_made_from(house: House, ada: Person, ben: Person) -> None:
    message = await made(house, ada, prompt="gentle wind", camera="tilt up")
    text = (await answer(await ben.click(message, "Recipe"))).content
    recipe = (await house.orders.job(1)).recipe

    for name in ("prompt", "camera", "model", "seed", "steps", "width", "height", "frames", "fps", "guidance", "still"):
        assert f"\n{name}: {recipe[name]}" in text


async def test_a_long_recipe_comes_as_a_file(house: House, ada: Person) -> None:
    message = await made(house, ada, prompt="pan right " + "``` " * 240)
    shown = await answer(await ada.click(message, "Recipe"))

    assert ["recipe-1.txt"] == [one.filename for one in shown.attachments]
    assert b"seed: 7" in await ada.download(shown.attachments[0])


@pytest.mark.parametrize("button", ["Again", "Edit", "Continue"])
async def test_what_spends_credits_is_its_owners_alone(house: House, ada: Person, ben: Person, button: str) -> None:
    message = await made(house, ada)
    call = await ben.click(message, button)

    assert call.modal is None
    assert "somebody else's" in (await answer(call)).content


async def test_a_report_reaches_the_instructors_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person
) -> None:
    staff = sandbox.guild.add_channel("staff")
    async with start_bot(staff_channel_id=staff.id) as house:
        message = await made(house, ada)
        first, second = (await ben.click(message, "Report")).modal, (await ben.click(message, "Report")).modal
        assert first is not None
        assert second is not None
        thanks = await answer(await ben.submit(first, {"reason": "This shows *somebody* I know"}))
        word = await ada.waits_for(lambda m: "Report:" in m.content, channel=staff)
        twice = await answer(await ben.submit(second, {"reason": "again"}))
        third = await answer(await ben.click(message, "Report"))

    assert "The instructors have it" in thanks.content
    assert f"channels/{sandbox.guild.id}/{ada.home.id}/{message.id}" in word.content
    assert (ben.mention in word.content, ada.mention in word.content) == (True, True)
    assert "\\*somebody\\*" in word.content
    assert "already" in twice.content
    assert "already" in third.content
    assert 1 == len([m for m in ada.reads(staff) if "Report:" in m.content])


async def test_old_buttons_and_old_offers_work_after_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person
) -> None:
    async with start_bot() as house:
        message = await made(house, ada)
        offer = await answer(await ada.click(message, "Again"))
    await sandbox.bot_gone()
    async with start_bot() as house:
        assert "prompt: pan right" in (await answer(await ben.click(message, "Recipe"))).content
        assert (await ada.click(message, "Edit")).modal is not None
        assert (await ben.click(message, "Report")).modal is not None
        assert "What shall differ" in (await answer(await ben.click(message, "Compare"))).content
        job = await ordered(house, ada, offer, 2)

    assert str(offer.id) != job.key
    assert 398 == (await _balance(start_bot, sandbox, ada))


async def _balance(start_bot: StartBot, sandbox: Sandbox, person: Person) -> int:
    await sandbox.bot_gone()
    async with start_bot() as house:
        return (await house.accounts.balance(sandbox.guild.id, person.id)).available


async def test_a_still_that_was_deleted_and_a_model_that_left_are_refused_kindly(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, tmp_path: Path
) -> None:
    async with start_bot() as house:
        message = await made(house, ada)
        offer = await answer(await ada.click(message, "Again"))
        house.blobs.delete((await house.orders.job(1)).recipe["still"])
        gone = await answer(await ada.click(message, "Again"))
        late = await ada.click(offer, "Go · 1 credit")
        refused = await answer(late)
    await sandbox.bot_gone()
    menu = tmp_path / "menu.toml"
    shipped = Path(__file__).parents[2] / "generation" / "catalog.toml"
    menu.write_text(shipped.read_text(encoding="utf-8").replace('id = "draft"', 'id = "sketch"'), encoding="utf-8")
    async with start_bot(catalog=menu):
        outdated = await answer(await ada.click(message, "Again"))
        form = (await ada.click(message, "Edit")).modal

    assert "The still of that clip was deleted" in gone.content
    assert "The still of that clip was deleted" in refused.content
    assert "Not charged" in refused.content
    assert "Press Edit" in outdated.content
    assert form is not None


async def test_an_offer_at_yesterdays_price_is_not_taken(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, tmp_path: Path
) -> None:
    async with start_bot() as house:
        message = await made(house, ada)
        offer = await answer(await ada.click(message, "Again"))
    await sandbox.bot_gone()
    menu = tmp_path / "menu.toml"
    shipped = (Path(__file__).parents[2] / "generation" / "catalog.toml").read_text(encoding="utf-8")
    menu.write_text(shipped.replace("price = { credits = 1,", "price = { credits = 99,", 1), encoding="utf-8")
    async with start_bot(catalog=menu) as house:
        call = await ada.click(offer, "Go · 1 credit")
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert call.message is not None
    assert "prices have changed" in call.message.content
    assert (399, 0) == (balance.available, balance.held)


async def test_a_person_cannot_take_an_offer_made_to_somebody_else(
    house: House, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    message = await made(house, ada)
    offer = await answer(await ada.click(message, "Again"))
    assert offer not in ben.reads()
    # No client shows the button to anybody else; somebody who writes their own might press it all the same.
    call = await ben._use_component(offer, Part.BUTTON, str(offer.buttons[0].custom_id), {})

    assert call.message is not None
    assert "somebody else's" in call.message.content
    assert 0 == (await house.accounts.balance(sandbox.guild.id, ben.id)).held


async def test_pictures_and_words_of_a_deleted_clip_leave_no_offer_behind(house: House, ada: Person) -> None:
    message = await made(house, ada)
    offer = await answer(await ada.click(message, "Again"))
    await house.keeping.delete(1, actor=ada.id)
    call = await ada.click(offer, "Go · 1 credit")

    assert call.message is not None
    assert "too old" in call.message.content


async def test_a_clip_is_kept_private_by_its_button_and_its_owner_still_has_the_others(
    house: House, ada: Person
) -> None:
    message = await made(house, ada)
    await answer(await ada.click(message, "Keep private"))
    await ada.waits_for(lambda m: "private" in m.content)
    shown = await answer(await ada.command("show", {"clip": 1}))
    offer = await answer(await ada.click(shown, "Again"))

    assert ["stillmotion-1.mp4"] == clips_in(shown)
    assert "1 credit" in offer.content
    assert "Delete" in [button.label for button in shown.buttons]
