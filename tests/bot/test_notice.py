"""The notice before a first order: every way to a clip passes it, and the order made goes on once it is accepted."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from classroom import QUICK, StartBot, clip_of, clips_in, picture, reached, told
from contest import SMALL_MENU, instructor, set_challenge
from contest import said as answer_of

from bot.house import House
from bot.words import FALLBACK, load_words
from generation.media.probe import probe
from generation.privacy import notices
from sandbox.calls import Call
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

WISH = {**QUICK, "shape": None, "seconds": 0.5}
PRICE = {1: "1 credit", 2: "2 credits", 3: "3 credits"}


@pytest.fixture
def menu(tmp_path: Path) -> Path:
    path = tmp_path / "menu.toml"
    path.write_text(SMALL_MENU)
    return path


def is_notice(message: Message, price: int) -> bool:
    return "Before your first clip here" in message.content and f"costs **{PRICE[price]}**" in message.content


async def notice_of(person: Person, call: Call, price: int = 1) -> Message:
    """The private answer that stands in place of the order."""
    message = await person.waits_for(lambda m: m.id > call.id and is_notice(m, price), timeout_seconds=60)
    assert message.ephemeral
    assert [f"Accept and go on · {PRICE[price]}"] == [button.label for button in message.buttons]
    assert message.content.endswith("**Not charged.**")
    return message


async def accept(person: Person, notice: Message) -> None:
    await person.click(notice, str(notice.buttons[0].custom_id))


async def nothing_is_held(house: House, person: Person) -> bool:
    assert person.home.guild is not None
    balance = await house.accounts.balance(person.home.guild.id, person.id)
    return balance.held == 0 and await house.orders.outstanding(person.home.guild.id, person.id) == []


async def ways_in(sandbox: Sandbox, ines: Person, brief: Message, still: Upload) -> list[tuple[Person, Message]]:
    """A notice for everybody who tries a way to a clip of their own."""
    menu, card, exercise, both, compared, entrant = (
        sandbox.person(name) for name in ("Ben", "Cy", "Di", "Em", "Flo", "Gil")
    )
    found = []
    opened = await menu.menu("Animate this image", await ines.say("look", uploads=[still]))
    assert opened.modal is not None
    found.append((menu, await notice_of(menu, await menu.submit(opened.modal, {"prompt": "pan right"}))))
    coached = await answer_of(
        await card.command("animate", {"still": still, **WISH, "prompt": "zoom in, then pan left"})
    )
    assert "2 camera moves" in coached.content
    found.append((card, await notice_of(card, await card.click(coached, "go-draft:2"))))
    for person, which, given in ((exercise, "a", {"seconds": "0,5"}), (both, "b", {})):
        shown = (await person.command(f"exercise {which}", {})).message
        assert shown is not None
        form = (await person.click(shown, shown.buttons[0].label)).modal
        assert form is not None
        call = await person.submit(form, {"still": still, **given})
        found.append((person, await notice_of(person, call, 1 if which == "a" else 3)))
    form = (await compared.command("compare", {"vary": "seeds", "still": still, "seconds": 0.5})).modal
    assert form is not None
    offer = await answer_of(await compared.submit(form, {"prompt": "pan right", "seeds": "1 2"}))
    found.append((compared, await notice_of(compared, await compared.click(offer, "Go · 2 credits"), 2)))
    entering = (await entrant.click(brief, "Enter")).modal
    assert entering is not None
    found.append((entrant, await notice_of(entrant, await entrant.submit(entering, {"prompt": "tilt up"}))))
    found.append(
        (ines, await notice_of(ines, await ines.command("class demo", {"still": still, "prompt": "pan left"})))
    )
    return found


async def test_the_order_goes_on_when_the_notice_is_accepted_also_after_a_restart_and_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, menu: Path, tmp_path: Path
) -> None:
    async with start_bot(notice=True, catalog=menu) as house:
        notice = await notice_of(ada, await ada.command("animate", {"still": still, **WISH}))
        assert "`/forget-me` removes it" in notice.content
        assert await nothing_is_held(house, ada)
    async with start_bot(notice=True, catalog=menu) as house:
        await asyncio.gather(*(accept(ada, notice) for _ in range(3)))
        clip = await clip_of(ada)
        await told(house)
        await ada.waits_for(lambda _: notice.deleted)
        await ada.command("animate", {"still": still, **WISH, "prompt": "pan right"})
        await told(house, 2)
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)
        path = tmp_path / "clip.mp4"
        path.write_bytes(await ada.download(clip.attachments[0]))

    assert (398, 0) == (balance.available, balance.held)
    assert "slow zoom in" in clip.content
    assert " · computed camera move · " in clip.content
    assert "Synthetic video, made with Stillmotion" == probe(path).metadata["artist"]
    assert [] == sandbox.violations


async def test_every_way_to_a_clip_shows_the_notice_first_and_goes_on_from_there(
    sandbox: Sandbox, start_bot: StartBot, menu: Path
) -> None:
    sandbox.limits.enabled = False
    still, ines = picture(320, 192), instructor(sandbox)
    async with start_bot(notice=True, catalog=menu) as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=5, cap=1)
        shown = await ways_in(sandbox, ines, brief, still)
        for person, notice in shown:
            assert await nothing_is_held(house, person)
            await accept(person, notice)
        jobs = [await reached(house, "succeeded", number) for number in range(1, 11)]
        made = {person.user.name: [job for job in jobs if job.user_id == person.id] for person, _ in shown}
        entered = await ines.waits_for(lambda m: "**Entry 1**" in m.content and bool(clips_in(m)), thread, 60)
        beside = {"Em": "comparison-1", "Flo": "comparison-2"}
        for number in beside.values():
            await ines.waits_for(lambda m, n=number: any(n in name for name in clips_in(m)), timeout_seconds=60)
        pool = jobs[8].pool_id
        assert pool is not None
        totals = await house.pools.totals(pool)
        await told(house, 10)
        kept = next(notice for person, notice in shown if person.user.name == "Gil")
        again = await answer_of(await shown[5][0].click(kept, str(kept.buttons[0].custom_id)))
        outstanding = await house.orders.unfinished()

    counts = {"Ben": 1, "Cy": 1, "Di": 1, "Em": 3, "Flo": 2, "Gil": 1, "Ines": 1}
    assert counts == {name: len(found) for name, found in made.items()}
    assert ("demo", "class") == (made["Ines"][0].lane, made["Gil"][0].lane)
    assert ("zoom in, then pan left", "pan right") == (made["Cy"][0].recipe["prompt"], made["Ben"][0].recipe["prompt"])
    assert (1, [None], [pool]) == (totals.spent, [j.pool_id for j in made["Ines"]], [j.pool_id for j in made["Gil"]])
    assert ("**entry 1**" in again.content, []) == (True, outstanding)
    assert "computed camera move" in entered.content


async def test_new_words_are_shown_to_those_who_accepted_the_old_ones(
    house: House, start_bot: StartBot, sandbox: Sandbox, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.orders._admission, "_asks_notice", True)
    old = await notice_of(ada, await ada.command("animate", {"still": still, **QUICK}))
    monkeypatch.setattr(notices, "NOTICE_VERSION", 2)
    newer = await notice_of(ada, await ada.click(old, str(old.buttons[0].custom_id)))
    assert await nothing_is_held(house, ada)
    await accept(ada, newer)
    await told(house)

    assert "accept:2:go-draft:1" == newer.buttons[0].custom_id


def test_new_words_need_a_new_version() -> None:
    says = load_words()(FALLBACK, "error-notice", price=1, kept="always", days=0)
    digest = hashlib.sha256(says.encode()).hexdigest()[:8]

    assert (1, "eb639029") == (notices.NOTICE_VERSION, digest)
