"""Comparisons: all clips or none, delivered as they finish, then one picture of all of them, and the vote."""

import asyncio
from pathlib import Path

import pytest
from classroom import StartBot, clips_in, picture, told, worker_process

from bot.house import House
from generation.comparison_orders import Compared
from generation.media.probe import probe
from generation.workers.protocol import Failed
from sandbox.messages import Message
from sandbox.modals import Modal
from sandbox.person import Person
from sandbox.server import Sandbox

PROMPTS = {"prompt-a": "static camera", "prompt-b": "slow zoom in", "prompt-c": "pan right"}
SHORT = {"seconds": 0.5}


async def form_of(person: Person, vary: str, **options: object) -> Modal:
    """The form that /compare opens."""
    call = await person.command("compare", {"vary": vary, "still": picture(640, 640), **SHORT, **options})
    assert call.modal is not None, call.message
    return call.modal


async def offered(person: Person, vary: str, given: dict[str, object]) -> Message:
    """The private offer of a comparison."""
    offer = await (await person.submit(await form_of(person, vary), given)).finished()
    assert offer is not None
    assert offer.ephemeral
    return offer


async def go(person: Person, offer: Message) -> None:
    await person.click(offer, next(one.label for one in offer.buttons if one.label.startswith("Go")))


async def over(house: House, comparison_id: int = 1, timeout_seconds: float = 60) -> Compared:
    """The comparison once its last message is noted."""
    async with asyncio.timeout(timeout_seconds):
        while True:
            try:
                compared = await house.comparisons.get(comparison_id)
            except LookupError:
                compared = None
            if compared is not None and compared.comparison.delivery in ("posted", "abandoned"):
                return compared
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def no_rate_limits(sandbox: Sandbox) -> None:
    """Four clips in one channel wait for Discord's rates longer than for their frames."""
    sandbox.limits.enabled = False


def side_by_sides(person: Person) -> list[Message]:
    return [m for m in person.reads() if any("comparison" in name for name in clips_in(m))]


async def test_three_prompts_become_three_clips_and_one_picture_with_a_vote(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, tmp_path: Path
) -> None:
    offer = await offered(ada, "prompts", PROMPTS)
    said = offer.content
    before = await house.accounts.balance(sandbox.guild.id, ada.id)
    await asyncio.gather(*(go(ada, offer) for _ in range(3)))
    compared = await over(house)
    [message] = side_by_sides(ada)
    path = tmp_path / "all.mp4"
    path.write_bytes(await ada.download(message.attachments[0]))
    recipes = [job.recipe for job in compared.jobs]
    facts = probe(path)

    assert "1 + 1 + 1 = **3 credits** of your 400" in said
    assert "**A** “static camera”" in said
    assert (400, 0) == (before.available, before.held)
    assert 397 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    assert list(PROMPTS.values()) == [recipe["prompt"] for recipe in recipes]
    assert 1 == len({str({**recipe, "prompt": ""}) for recipe in recipes})
    assert (recipes[0]["frames"], 3 * recipes[0]["width"], recipes[0]["height"]) == (
        facts.frames, facts.width, facts.height,
    )  # fmt: skip
    assert ada.was_notified_by(message)
    assert max(job.message_id or 0 for job in compared.jobs) < message.id
    for letter, prompt in zip("ABC", PROMPTS.values(), strict=True):
        assert f"**{letter}** “{prompt}”" in message.content
        assert f"{letter} “{prompt}”" in (message.attachments[0].description or "")
    assert f"seed {recipes[0]['seed']}" in message.content
    assert ["A", "B", "C"] == [button.label for button in message.buttons]
    assert "B in compare-1" in next(m.content for m in ada.reads() if "stillmotion-2.mp4" in clips_in(m))

    for person, letter in ((ada, "A"), (ben, "A"), (ben, "C")):
        await person.click(message, next(b.custom_id for b in message.buttons if b.label.startswith(letter)))
    assert ["A · 1", "B", "C · 1"] == [button.label for button in message.buttons]
    with pytest.raises(LookupError):
        await house.orders.job(4)


async def test_many_votes_at_once_are_all_counted_and_shown(house: House, sandbox: Sandbox, ada: Person) -> None:
    await go(ada, await offered(ada, "seeds", {"prompt": "pan right", "seeds": "1 2"}))
    await over(house)
    [message] = side_by_sides(ada)
    people = [sandbox.person(f"Student {number}") for number in range(12)]
    await asyncio.gather(*(one.click(message, f"vote:1:{number % 2}") for number, one in enumerate(people)))
    await ada.waits_for(lambda m: m.id == message.id and ["A · 6", "B · 6"] == [b.label for b in m.buttons])

    assert {0: 6, 1: 6} == (await house.comparisons.get(1)).votes


async def test_one_of_four_fails_and_the_others_are_delivered_and_compared(
    house: House, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = house.dispatcher._attempts.render

    async def break_the_third(worker, job):  # type: ignore[no-untyped-def]
        if job.id == 3:
            return Failed(fault="bad_frames", cause="planted", retry=False)
        return await render(worker, job)

    monkeypatch.setattr(house.dispatcher._attempts, "render", break_the_third)
    await go(ada, await offered(ada, "prompts", {**PROMPTS, "prompt-d": "tilt up"}))
    compared = await over(house)
    [message] = side_by_sides(ada)
    balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert ["succeeded", "succeeded", "failed", "succeeded"] == [job.state for job in compared.jobs]
    assert (397, 0) == (balance.available, balance.held)
    assert "**C** “pan right” · could not be made: The model returned broken frames. Not charged." in message.content
    assert ["A", "B", "D"] == [button.label for button in message.buttons]
    assert "3 clips side by side" in (message.attachments[0].description or "")
    assert "C “" not in (message.attachments[0].description or "")


async def test_when_every_clip_fails_that_is_said_and_nothing_was_charged(
    house: House, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(worker, job):  # type: ignore[no-untyped-def]
        return Failed(fault="internal", cause="planted", retry=False)

    monkeypatch.setattr(house.dispatcher._attempts, "render", broken)
    await go(ada, await offered(ada, "prompts", PROMPTS))
    await over(house)
    message = await ada.waits_for(lambda m: "none of its clips could be made" in m.content)
    monkeypatch.undo()

    assert [] == message.attachments
    assert [] == message.buttons
    assert 3 == message.content.count("Not charged.")
    assert 400 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_cancelling_one_clip_leaves_the_others_to_be_compared(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as house:
        offer, worker = await offered(ada, "prompts", PROMPTS), await worker_process(house)
        worker.suspend()
        await go(ada, offer)
        status = await ada.waits_for(lambda m: any(b.custom_id == "cancel:3" for b in m.buttons))
        await (await ada.click(status, "Cancel")).finished()
        worker.resume()
        compared = await over(house)

    assert "cancelled" == compared.jobs[2].state
    assert "**C** “pan right” · cancelled, not charged" in side_by_sides(ada)[0].content


async def test_without_credits_for_all_nothing_is_held(start_bot: StartBot, sandbox: Sandbox, ada: Person) -> None:
    async with start_bot(allowance_credits=2) as house:
        call = await ada.submit(await form_of(ada, "prompts"), PROMPTS)
        refused = await call.finished()
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert refused is not None
    assert "costs 3 credits and you have 2" in refused.content
    assert "Not charged" in refused.content
    assert 0 == balance.held


async def test_credits_that_went_meanwhile_hold_nothing_either(
    start_bot: StartBot, sandbox: Sandbox, ada: Person
) -> None:
    async with start_bot(allowance_credits=4) as house:
        first, second = await offered(ada, "prompts", PROMPTS), await offered(ada, "prompts", PROMPTS)
        await go(ada, first)
        await over(house)
        await go(ada, second)
        await ada.waits_for(lambda m: "costs 3 credits and you have 1" in m.content)
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert (1, 0) == (balance.available, balance.held)


async def test_a_set_beyond_what_one_person_may_have_in_the_making_is_refused_whole(
    start_bot: StartBot, sandbox: Sandbox, ada: Person
) -> None:
    async with start_bot(outstanding_limit=3) as house:
        await (
            await ada.command("animate", {"still": picture(), "prompt": "pan left", "shape": "still-hd", "seconds": 10})
        ).finished()
        call = await ada.submit(await form_of(ada, "prompts"), PROMPTS)
        refused = await call.finished()
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)
        await house.dispatcher.cancel(1, actor=ada.id)
        await told(house)

    assert refused is not None
    assert "1 clip in the making and may have 3 at one time, so 3 more are too many" in refused.content
    assert balance.held < 10


@pytest.mark.parametrize(
    ("vary", "given", "said"),
    [
        ("prompts", {"prompt-a": "pan left", "prompt-b": "pan left"}, "each a different one"),
        ("seeds", {"prompt": "pan left", "seeds": "7"}, "2 to 4 different seeds"),
        ("seeds", {"prompt": "pan left", "seeds": "1 one"}, "A seed is a number"),
    ],
)
async def test_what_cannot_be_compared_is_explained(
    house: House, ada: Person, vary: str, given: dict[str, object], said: str
) -> None:
    assert said in (await offered(ada, vary, given)).content


async def test_the_coach_says_which_of_the_prompts_it_means_and_leaves_room_for_the_price(
    house: House, ada: Person
) -> None:
    long = "*the man and the woman dance and fight wildly* " * 20
    prompts = {"prompt-a": "pan left", "prompt-b": "person moves", "prompt-c": f"{long}1", "prompt-d": f"{long}2"}
    offer = await offered(ada, "prompts", prompts)
    same = await offered(ada, "seeds", {"prompt": "person moves", "seeds": "1 2"})

    assert "**B** **Vague** (“person moves”)" in offer.content
    assert "**C, D** **181 words:**" in offer.content
    assert ["1”", "2”"] == [
        line[-2:] for line in offer.content.splitlines() if line.startswith(("**C** “…", "**D** “…"))
    ]
    assert "**A** **" not in offer.content
    assert "**4 credits** of your 400" in offer.content
    assert "• **Vague** (“person moves”)" in same.content


@pytest.mark.parametrize("vary", ["models", "quality", "still"])
async def test_what_this_menu_cannot_compare_is_said_before_the_form(house: House, ada: Person, vary: str) -> None:
    call = await ada.command("compare", {"vary": vary, "still": picture()})

    assert call.modal is None
    assert call.message is not None
    assert "Compare prompts or seeds" in call.message.content


async def test_a_finished_clip_is_compared_with_its_own_still_by_anybody_on_their_own_credits(
    house: House, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    await ada.command("animate", {"still": picture(640, 640), "prompt": "pan left", "seconds": 0.5})
    await told(house)
    clip = await ada.waits_for(lambda m: "stillmotion-1.mp4" in clips_in(m))
    chooser = await (await ben.click(clip, "Compare")).finished()
    assert chooser is not None
    form = (await ben.click(chooser, "Prompts")).modal
    assert form is not None
    filled = {one.custom_id: one.component for one in form.fields}
    assert "pan left" == filled["prompt-a"]["value"]
    offer = await (await ben.submit(form, {"prompt-b": "zoom out"})).finished()
    assert offer is not None
    await go(ben, offer)
    compared = await over(house)

    assert 2 == len({job.recipe["prompt"] for job in compared.jobs})
    assert {(await house.orders.job(1)).recipe["still"]} == {job.recipe["still"] for job in compared.jobs}
    assert (399, 398) == (
        (await house.accounts.balance(sandbox.guild.id, ada.id)).available,
        (await house.accounts.balance(sandbox.guild.id, ben.id)).available,
    )


@pytest.mark.parametrize("lost", ["before the picture", "before the note"])
async def test_a_bot_that_stops_before_the_last_message_is_noted_brings_it_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    async def forever(*_: object) -> None:
        await asyncio.Event().wait()

    async with start_bot() as house:
        monkeypatch.setattr(house.comparisons, "begin_posting" if lost == "before the picture" else "posted", forever)
        await go(ada, await offered(ada, "prompts", PROMPTS))
        for job_id in (1, 2, 3):
            await told(house, job_id)
        if lost == "before the note":
            await ada.waits_for(lambda m: any("comparison" in name for name in clips_in(m)))
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    await sandbox.bot_gone()
    async with start_bot() as house:
        compared = await over(house)
        [message] = side_by_sides(ada)
        await ada.click(message, "vote:1:1")

    assert compared.comparison.message_id == message.id
    assert ["A", "B · 1", "C"] == [button.label for button in message.buttons]


async def test_a_warp_is_compared_with_a_model_and_a_model_with_itself(
    start_bot: StartBot, ada: Person, tiny_models: Path, tmp_path: Path
) -> None:
    wan = "wan2.2-ti2v-5b"
    async with start_bot(catalog=tiny_models) as house:
        quality = (await offered(ada, "quality", {"prompt": "zoom in", "model": wan})).content
        still = (await offered(ada, "still", {"prompt": "zoom in", "model": wan})).content
        await go(ada, await offered(ada, "models", {"prompt": "zoom in", "models": ["draft", wan]}))
        models = await over(house)
        [message] = side_by_sides(ada)
        path = tmp_path / "models.mp4"
        path.write_bytes(await ada.download(message.attachments[0]))

    assert "**B** standard · steps: 50" in quality
    assert "**A** from the still\n**B** from words alone" in still
    assert ["draft", wan] == [job.model_id for job in models.jobs]
    assert 1 == len({job.recipe["seed"] for job in models.jobs})
    assert 24 == probe(path).fps
    assert "**A** Draft (camera move, no model)" in message.content
    assert "**B** Wan 2.2 TI2V 5B" in message.content
