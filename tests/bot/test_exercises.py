"""The exercises of the course, marks on one's own clips, and the class's board."""

import asyncio
import io

import discord
import pytest
from classroom import StartBot, clips_in, reached, told
from PIL import Image

from bot.house import House
from bot.limits import BrokeButton
from sandbox.modals import Modal
from sandbox.model import Channel, Overwrite
from sandbox.permissions import P
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import exercises, marks
from storage.jobs import Job
from storage.marks import Mark
from storage.staff_acts import NewAct


async def form_of(person: Person, exercise: str, button: str) -> Modal:
    call = await person.command(f"exercise {exercise}", {})
    assert call.ephemeral
    assert call.message is not None
    assert 5 == len(call.message.content.splitlines())
    modal = (await person.click(call.message, button)).modal
    assert modal is not None
    return modal


def filled(modal: Modal) -> dict[str, object]:
    return {one.custom_id: one.component.get("value") for one in modal.fields}


async def button_under(house: House, job: Job) -> int:
    """The message of a button as it stands under a clip."""
    channel = house.bot.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
    view = discord.ui.View(timeout=None)
    view.add_item(BrokeButton(job.id, job.locale))
    return (await channel.send(f"clip {job.id}", view=view)).id


async def mark(person: Person, message_id: int, job_id: int, kind: str, seconds: str = "") -> str:
    message = next(one for one in person.reads() if one.id == message_id)
    modal = (await person.click(message, f"broke:{job_id}")).modal
    assert modal is not None
    answer = await (await person.submit(modal, {"kind": kind, "seconds": seconds})).finished()
    assert answer is not None
    assert answer.ephemeral
    return answer.content


async def done(house: House, sandbox: Sandbox) -> set[tuple[int, str]]:
    all_done = await house.database.read(lambda tx: exercises.exercises_done(tx, sandbox.guild.id))
    return {(one.user_id, one.exercise) for one in all_done}


async def test_exercise_a_fills_a_form_and_is_done_with_its_clip(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    form = await form_of(ada, "a", "Start A")
    assert "slow zoom in, gentle wind" == filled(form)["prompt"]
    call = await ada.submit(form, {"still": still, "seconds": "0,5"})
    assert await call.finished() is None
    job = await told(house)

    assert ("draft", "slow zoom in, gentle wind", 9) == (job.model_id, job.recipe["prompt"], job.recipe["frames"])
    assert {(ada.id, "a")} == await done(house, sandbox)
    assert sandbox.violations == []


async def test_a_weak_prompt_in_exercise_a_meets_the_coach_and_still_counts(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    form = await form_of(ada, "a", "Start A")
    card = await (await ada.submit(form, {"still": still, "seconds": "1 s", "prompt": "person moves"})).finished()
    assert card is not None
    assert "Vague" in card.content
    await ada.click(card, "go-draft:1")
    await reached(house, "succeeded")

    assert {(ada.id, "a")} == await done(house, sandbox)


async def test_exercise_b_orders_three_prompts_of_one_still_and_one_seed(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    form = await form_of(ada, "b", "Start B")
    assert ["static, no movement", "slow zoom in", "gentle wind, leaves swaying"] == list(filled(form).values())[1:]
    assert "3 credits for 3 clips of 5 s with Draft" in form.components[0]["description"]
    call = await ada.submit(form, {"still": still})
    assert await call.finished() is None
    recipes = [(await told(house, number)).recipe for number in (1, 2, 3)]

    assert ["static, no movement", "slow zoom in", "gentle wind, leaves swaying"] == [one["prompt"] for one in recipes]
    for name in ("seed", "still", "width", "height", "frames", "model"):
        assert 1 == len({one[name] for one in recipes})
    assert 397 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    assert {(ada.id, "b")} == await done(house, sandbox)
    beside = await ada.waits_for(lambda message: "comparison" in "".join(one.filename for one in message.attachments))
    assert [["A"], ["B"], ["C"]] == [[label] for label in "ABC" if any(label in b.label for b in beside.buttons)]


async def test_exercise_b_holds_nothing_if_one_of_three_cannot_be_paid(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    act = NewAct(key="a", guild_id=sandbox.guild.id, actor_id=1, what="allowance")
    await house.staff.set(act, allowance_credits=2)
    form = await form_of(ada, "b", "Start B")
    answer = await (await ada.submit(form, {"still": still})).finished()

    assert answer is not None
    assert "costs 3 credits and you have 2" in answer.content
    assert 0 == (await house.accounts.balance(sandbox.guild.id, ada.id)).held
    with pytest.raises(LookupError):
        await house.orders.job(1)


@pytest.mark.parametrize(
    ("button", "prompt", "seconds"),
    [("A running person", "the person runs across the picture", None), ("More than 10 seconds", "", "12")],
)
async def test_every_limit_of_exercise_c_fills_its_form(
    house: House, ada: Person, button: str, prompt: str, seconds: str | None
) -> None:
    form = await form_of(ada, "c", button)

    assert prompt in str(filled(form)["prompt"])
    assert seconds == filled(form)["seconds"]
    [draft] = next(one.component["options"] for one in form.fields if one.custom_id == "model")
    assert ("2 credits for 12 s" if seconds else "1 credit for 5 s") == draft["description"]


async def test_exercise_c_is_not_asked_about_and_done_once_its_owner_marked_where_it_broke(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    form = await form_of(ada, "c", "Two people talking")
    assert await (await ada.submit(form, {"still": still, "seconds": "1"})).finished() is None
    job = await told(house)
    assert set() == await done(house, sandbox)
    under = await button_under(house, job)

    message = next(one for one in ben.reads() if one.id == under)
    refused = await ben.click(message, f"broke:{job.id}")
    assert refused.message is not None
    assert "belongs to somebody else" in refused.message.content

    assert "needed here" in await mark(ada, under, job.id, "face")
    assert "needed here" in await mark(ada, under, job.id, "face", "1.5")
    assert "not a number" in await mark(ada, under, job.id, "face", "soon")
    assert "The face changed at 0.5 s" in await mark(ada, under, job.id, "face", "0,5")
    assert "Physics at 1 s" in await mark(ada, under, job.id, "physics", "1")
    assert "The face changed at 0.8 s, Physics at 1 s" in await mark(ada, under, job.id, "face", "0.8 s")
    assert {(ada.id, "c")} == await done(house, sandbox)
    assert "The face changed" not in await mark(ada, under, job.id, "face")
    assert "Nothing broke" in await mark(ada, under, job.id, "nothing")
    assert [Mark("nothing", None)] == await house.database.read(lambda tx: marks.of_job(tx, job.id))
    assert "Text at 0 s" in await mark(ada, under, job.id, "text", "0")
    assert [Mark("text", 0.0)] == await house.database.read(lambda tx: marks.of_job(tx, job.id))

    board = await (await ben.command("limits", {})).finished()
    assert board is not None
    assert not board.ephemeral
    [picture] = board.attachments
    assert "Text: Draft (camera move, no model) 1" in (picture.description or "")
    assert f"/{job.channel_id}/{job.message_id}" in board.content
    assert 1200 == Image.open(io.BytesIO(await ben.download(picture))).width
    assert sandbox.violations == []


async def test_a_clip_of_another_kind_can_be_marked_too_and_after_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    async with start_bot() as house:
        await ada.command("animate", {"still": still, "prompt": "slow zoom in", "shape": "square", "seconds": 0.5})
        job = await told(house)
        under = await button_under(house, job)
        call = await ada.command("exercise c", {})
    async with start_bot() as house:
        assert "Length: it drifted away at 0.3 s" in await mark(ada, under, job.id, "length", "0.3")
        assert set() == await done(house, sandbox)
        assert call.message is not None
        assert (await ada.click(call.message, "A fall")).modal is not None


async def test_an_empty_board_says_how_to_begin(house: House, sandbox: Sandbox, ada: Person) -> None:
    board = await (await ada.command("limits", {})).finished()

    assert board is not None
    assert "Start with /exercise c" in board.content
    assert "Start with /exercise c" in (board.attachments[0].description or "")
    assert [] == clips_in(board)


async def test_two_exercises_at_once_keep_their_own_forms(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    forms = [await form_of(ada, "a", "Start A"), await form_of(ben, "c", "A dance")]
    await asyncio.gather(
        ada.submit(forms[0], {"still": still, "seconds": "1"}), ben.submit(forms[1], {"still": still, "seconds": "1"})
    )
    done_jobs = [await reached(house, "succeeded", number) for number in (1, 2)]
    noted = {
        job.user_id: await house.database.read(lambda tx, job=job: exercises.of_job(tx, job.id)) for job in done_jobs
    }

    assert {ada.id: "a", ben.id: "c"} == noted
    assert [] == await house.database.read(lambda tx: marks.board(tx, sandbox.guild.id))


async def test_the_board_shows_examples_only_to_those_who_read_their_channel(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    see = P.VIEW_CHANNEL.value
    without_ben = {ben.id: Overwrite(ben.id, 1, deny=see)}
    everyone = sandbox.guild.everyone.id
    let_in = {one: Overwrite(one, 1, allow=see) for one in (ada.id, sandbox.world.bot.id)}
    ada_alone = {everyone: Overwrite(everyone, 0, deny=see), **let_in}
    home, closed = ada.home, sandbox.guild.add_channel("closed", overwrites=without_ben)
    gone, own = sandbox.guild.add_channel("gone"), sandbox.guild.add_channel("own", overwrites=ada_alone)
    kinds = dict(zip((home, closed, gone, own), ("text", "face", "length", "physics"), strict=True))
    async with start_bot() as house:
        made = {}
        for number, (channel, kind) in enumerate(kinds.items(), 1):
            wish = {"still": still, "prompt": "pan left", "seconds": 0.5, "shape": "square"}
            await ada.command("animate", wish, channel=channel)
            made[channel] = await told(house, number)
            await house.limits.mark(made[channel], kind, 0.2)
        sandbox.delete_channel(gone)

        async def seen(person: Person, channel: Channel) -> set[Channel]:
            board = await (await person.command("limits", {}, channel=channel)).finished()
            assert board is not None
            assert "The face changed: Draft (camera move, no model) 1" in (board.attachments[0].description or "")
            return {place for place, job in made.items() if str(job.message_id) in board.content}

        assert {home} == await seen(ben, home)
        assert {home, closed} == await seen(ada, closed)
        assert {home, own} == await seen(ada, own)
