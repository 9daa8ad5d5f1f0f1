"""The coach's card: nothing is held until Go, everything survives a restart."""

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

import discord
import numpy as np
import pytest
from classroom import QUICK, StartBot, clip_of, picture, reached, told
from PIL import Image

from bot.house import House
from generation.stills import crop_to, prepare_still
from sandbox import components
from sandbox.calls import Call
from sandbox.interactions import Kind
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import drafts, jobs
from storage.staff_acts import NewAct

TWO_MOVES = {**QUICK, "prompt": "zoom in, then pan left", "seconds": 0.5}
PLAIN_LONG = {"prompt": "slow zoom in", "shape": "square", "seconds": 11}


async def card_of(person: Person, still: Upload, **wish: object) -> Message:
    call = await person.command("animate", {"still": still, **TWO_MOVES, **wish})
    assert call.ephemeral
    card = await call.finished()
    assert card is not None
    return card


async def outstanding(house: House) -> list[object]:
    return list(await house.database.read(jobs.waiting))


def button(card: Message, verb: str) -> str:
    return next(str(one.custom_id) for one in card.buttons if str(one.custom_id).startswith(f"{verb}:"))


async def forged(person: Person, card: Message, custom_id: str) -> Call:
    """A press that Discord's client would not offer to this person."""
    data = {"component_type": int(components.Part.BUTTON), "custom_id": custom_id}
    return await person._start(Kind.COMPONENT, card.channel, data, message=card)


def stills_in(folder: Path) -> set[Path]:
    return set((folder / "files").rglob("*.png"))


async def test_a_card_shows_the_still_price_wait_findings_and_rewrite_before_anything_is_held(
    house: House, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    still = picture(1200, 640)
    card = await card_of(ada, still)

    assert card not in ben.reads()
    assert "1 credit" in card.content
    assert re.search(r"likely to begin at once(, <t:\d+:R> at the latest)? · render time: estimating", card.content)
    assert "2 camera moves" in card.content
    assert "“zoom in, then pan left”" in card.content
    assert "“slow zoom in”" in card.content
    assert "/coach off" in card.content
    assert ["Go · 1 credit", "Use the rewrite · 1 credit", "Edit", "Cancel"] == [one.label for one in card.buttons]
    [shown] = card.attachments
    assert "640×640" in (shown.description or "")
    expected = crop_to(Image.open(io.BytesIO(prepare_still(still.data).png)), 640, 640)
    seen = np.asarray(Image.open(io.BytesIO(await ada.download(shown))), dtype=float)
    assert (640, 640, 3) == seen.shape
    assert np.abs(seen - np.asarray(expected, dtype=float)).mean() < 3
    assert [] == await outstanding(house)
    assert 0 == (await house.accounts.balance(sandbox.guild.id, ada.id)).held

    await ada.click(card, button(card, "go-draft"))
    await clip_of(ada)
    recipe = (await told(house)).recipe
    assert "zoom in, then pan left" == recipe["prompt"]
    assert card.deleted
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available
    assert sandbox.violations == []


async def test_a_good_prompt_gets_no_card(house: House, ada: Person, still: Upload) -> None:
    call = await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5})

    assert await call.finished() is None
    await reached(house, "succeeded")


async def test_the_rewrite_is_ordered_only_where_it_was_chosen(house: House, ada: Person, still: Upload) -> None:
    card = await card_of(ada, still)
    await ada.click(card, button(card, "rewrite"))

    assert "slow zoom in" == (await reached(house, "succeeded")).recipe["prompt"]


async def test_an_edited_prompt_is_shown_again_and_ordered_by_go(house: House, ada: Person, still: Upload) -> None:
    card = await card_of(ada, still)
    form = (await ada.click(card, button(card, "edit-draft"))).modal
    assert form is not None
    assert "zoom in, then pan left" == form.fields[0].component["value"]
    await ada.submit(form, {"prompt": "  gentle wind,\nleaves swaying "})
    card = await ada.waits_for(lambda m: "Nothing any more" in m.content)
    assert "gentle wind, leaves swaying" in card.content
    assert ["Go · 1 credit", "Edit", "Cancel"] == [one.label for one in card.buttons]
    assert 1 == len(card.attachments)
    assert [] == await outstanding(house)

    form = (await ada.click(card, button(card, "edit-draft"))).modal
    assert form is not None
    await ada.submit(form, {"prompt": "?!"})
    refusal = await ada.waits_for(lambda m: "prompt is empty" in m.content)
    assert "Not charged" in refusal.content
    await ada.click(card, button(card, "go-draft"))
    assert "gentle wind, leaves swaying" == (await reached(house, "succeeded")).recipe["prompt"]


async def test_a_withdrawn_draft_leaves_neither_row_nor_still(
    house: House, ada: Person, still: Upload, data_folder: Path
) -> None:
    card = await card_of(ada, still)
    assert 1 == len(stills_in(data_folder))
    await ada.click(card, button(card, "withdraw"))
    card = await ada.waits_for(lambda m: "Withdrawn" in m.content)

    assert [] == card.buttons
    assert [] == card.attachments
    assert set() == stills_in(data_folder)
    assert [] == await outstanding(house)


async def test_a_withdrawn_draft_leaves_the_still_that_another_draft_or_a_job_needs(
    house: House, ada: Person, ben: Person, still: Upload, data_folder: Path
) -> None:
    cards = [await card_of(person, still) for person in (ada, ben, ben)]
    await ada.click(cards[0], button(cards[0], "withdraw"))
    await ada.waits_for(lambda m: "Withdrawn" in m.content)
    assert 1 == len(stills_in(data_folder))
    await ben.click(cards[1], button(cards[1], "go-draft"))
    await ben.click(cards[2], button(cards[2], "withdraw"))
    await reached(house, "succeeded")

    assert 1 == len(stills_in(data_folder))


async def test_go_pressed_twice_is_one_job(house: House, sandbox: Sandbox, ada: Person, still: Upload) -> None:
    card = await card_of(ada, still)
    go, rewrite = button(card, "go-draft"), button(card, "rewrite")
    await ada.click(card, go)
    for again in (go, rewrite):
        await forged(ada, card, again) if not card.deleted else None
    await reached(house, "succeeded")
    late = await house.coaching.ordered(1)

    assert late is not None
    with pytest.raises(LookupError):
        await house.orders.job(2)
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_go_and_rewrite_pressed_at_once_are_one_job(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    card = await card_of(ada, still)
    presses = [forged(ada, card, button(card, verb)) for verb in ("go-draft", "rewrite", "go-draft")]
    await asyncio.gather(*presses, return_exceptions=True)
    await reached(house, "succeeded")

    with pytest.raises(LookupError):
        await house.orders.job(2)
    assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_nobody_presses_somebody_elses_card(house: House, ada: Person, ben: Person, still: Upload) -> None:
    card = await card_of(ada, still)
    for verb in ("go-draft", "rewrite", "edit-draft", "withdraw"):
        call = await forged(ben, card, button(card, verb))
        assert call.message is not None
        assert "belongs to somebody else" in call.message.content
    assert [] == await outstanding(house)


async def test_go_works_after_a_restart_and_after_the_token(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    async with start_bot():
        card = await card_of(ada, still)
    sandbox.clock.advance(20 * 60)
    async with start_bot() as house:
        await ada.click(card, button(card, "go-draft"))
        assert "zoom in, then pan left" == (await reached(house, "succeeded")).recipe["prompt"]


async def test_an_expired_card_says_so_and_its_still_is_removed(
    house: House, sandbox: Sandbox, ada: Person, still: Upload, data_folder: Path
) -> None:
    card = await card_of(ada, still)
    sandbox.clock.advance(3 * 3600 + 1)
    call = await ada.click(card, button(card, "go-draft"))
    assert call.message is not None
    assert "This card is over" in call.message.content
    assert "Not charged" in call.message.content
    assert 1 == await house.coaching.sweep()

    assert set() == stills_in(data_folder)
    assert [] == await outstanding(house)
    assert [] == await house.database.read(lambda tx: drafts.expired(tx, 2e10, 10))


async def test_drafts_that_expired_while_the_bot_was_away_are_swept_at_the_start(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, data_folder: Path
) -> None:
    async with start_bot():
        await card_of(ada, still)
    sandbox.clock.advance(4 * 3600)
    async with start_bot() as house, asyncio.timeout(30):
        while await house.database.read(lambda tx: drafts.expired(tx, 2e10, 10)):
            await asyncio.sleep(0.02)

    assert set() == stills_in(data_folder)


async def test_the_card_is_turned_off_and_on_per_person(house: House, ada: Person, ben: Person, still: Upload) -> None:
    answer = await (await ada.command("coach off", {})).finished()
    assert answer is not None
    assert "/coach on" in answer.content
    call = await ada.command("animate", {"still": still, **TWO_MOVES})
    assert await call.finished() is None
    assert "zoom in, then pan left" == (await reached(house, "succeeded")).recipe["prompt"]
    assert "camera moves" in (await card_of(ben, still)).content

    await (await ada.command("coach on", {})).finished()
    assert "camera moves" in (await card_of(ada, still)).content


async def test_a_demo_of_an_instructor_is_not_asked_about(house: House, sandbox: Sandbox, still: Upload) -> None:
    role = sandbox.guild.add_role("Instructor", permissions=discord.Permissions(manage_guild=True).value)
    ines = sandbox.person("Ines", roles=[role])
    wish = {"still": still, "prompt": "zoom in, then pan left", "camera": "tilting up"}
    call = await ines.command("class demo", wish)
    assert await call.finished() is None

    assert "tilting up" == (await house.orders.job(1)).recipe["camera"]
    await house.dispatcher.cancel(1, actor=ines.id)
    async with asyncio.timeout(30):
        while [(ines.id, "demo")] != [(act.actor_id, act.what) for act in await house.staff.page(sandbox.guild.id, 9)]:
            await asyncio.sleep(0.02)


async def test_too_poor_at_go_costs_nothing_and_keeps_the_card(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    act = NewAct(key="a", guild_id=sandbox.guild.id, actor_id=1, what="allowance")
    await house.staff.set(act, allowance_credits=1)
    first, second = await card_of(ada, still), await card_of(ada, still)
    await ada.click(first, button(first, "go-draft"))
    await reached(house, "succeeded")
    await ada.click(second, button(second, "go-draft"))
    refusal = await ada.waits_for(lambda m: "you have 0" in m.content)
    assert "shorter clip" not in refusal.content

    assert "Not charged" in refusal.content
    assert not second.deleted


async def test_advice_about_the_still_and_the_length_stand_on_the_card(house: House, ada: Person) -> None:
    call = await ada.command("animate", {"still": picture(300, 200), **PLAIN_LONG})
    card = await call.finished()

    assert card is not None
    assert "**11 seconds:**" in card.content
    assert "1280×720" in card.content
    assert re.search(r"until <t:\d+:R>", card.content)
    assert ["Go · 2 credits", "Edit", "Cancel"] == [one.label for one in card.buttons]


async def test_the_longest_prompt_still_fits_on_a_card(house: House, ada: Person, still: Upload) -> None:
    prompt = ("**zoom** in, then pan left, [x](https://x.test) " * 40)[:1000]
    card = await card_of(ada, replace(still, filename="again.png"), prompt=prompt)

    assert "camera moves" in card.content
    assert "words:" in card.content
    assert len(card.content) <= 2000
