"""One free retry for a clip that came out still."""

import asyncio

import pytest
from classroom import QUICK, StartBot, clip_of, told
from contest import credits_of, instructor, said
from contest import told as answered

from bot.house import House
from generation.retries import STRIDE
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger

ASKED = {**QUICK, "prompt": "static camera, she turns her head", "seed": 7, "seconds": 0.5}
"""The draft cannot turn a head, so the clip stays still although movement was asked for."""


async def broken(_: object) -> None:
    raise RuntimeError("planted")


async def still_clip(house: House, person: Person, still: Upload) -> Message:
    await person.command("animate", {"still": still, **ASKED})
    message = await clip_of(person)
    await told(house)
    return message


async def test_a_still_clip_says_so_and_is_retried_for_free_once_however_often_it_is_pressed(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    async with start_bot() as house:
        message = await still_clip(house, ada, still)

        assert "Hardly anything moves" in message.content
        assert "needs a model" in message.content
        assert "Try again for free" in [button.label for button in message.buttons]
        refused = await (await ben.click(message, "retry:1")).finished()
        assert refused is not None
        assert "somebody else" in refused.content
        calls = await asyncio.gather(*(ada.click(message, "retry:1") for _ in range(3)))
        answers = [await call.finished() for call in calls]
        retry = await told(house, 2)
    async with start_bot() as house:
        late = await (await ada.click(message, "retry:1")).finished()
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)
        entries = await house.database.read(lambda tx: ledger.statement(tx, sandbox.guild.id, ada.id, 20))
        jobs = [await house.orders.job(number) for number in (1, 2)]

        assert 1 == sum("Refunded and ordered again" in answer.content for answer in answers if answer)
        assert late is not None
        assert "it is #2" in late.content
        assert (399, 0) == (balance.available, balance.held)
        assert ["still"] == [entry.reason for entry in entries if entry.kind == "refund"]
        assert (retry.user_id, retry.state) == (ada.id, "succeeded")
        assert jobs[0].recipe | {"seed": 7 + STRIDE} == jobs[1].recipe
        second = await ada.waits_for(lambda m: "#2 ·" in m.content)
        assert "Hardly anything moves" in second.content
        assert "Try again for free" not in [button.label for button in second.buttons]
        ines = instructor(sandbox)
        await answered(ines, "class session start", minutes=50)
        await ada.command("animate", {"still": still, **ASKED, "seed": 8})
        await told(house, 3)
        await answered(ines, "class session stop")
        third = await ada.waits_for(lambda m: "#3 ·" in m.content)
        assert "so the class pays for the retry" in (await said(await ada.click(third, "retry:3"))).content
        await told(house, 4)
        assert (399, 0) == await credits_of(house, ada)
        assert [] == await house.database.read(ledger.audit)


async def test_a_clip_that_moves_or_was_asked_to_be_still_offers_no_retry(
    house: House, ada: Person, still: Upload
) -> None:
    for prompt in ("pan left", "static camera, no movement"):
        await ada.command("animate", {"still": still, **ASKED, "prompt": prompt})
    for number in (1, 2):
        await told(house, number)
        message = await ada.waits_for(lambda m, number=number: f"#{number} ·" in m.content)
        assert "Hardly" not in message.content
        assert "Try again for free" not in [button.label for button in message.buttons]


async def test_a_retry_that_finds_no_room_in_the_line_refunds_nothing_and_can_be_pressed_later(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot(outstanding_limit=1) as house:
        message = await still_clip(house, ada, still)
        await (await ada.command("animate", {"still": still, "prompt": "pan left", "seconds": 10})).finished()
        answer = await (await ada.click(message, "retry:1")).finished()
        entries = await house.database.read(lambda tx: ledger.statement(tx, sandbox.guild.id, ada.id, 20))

        assert answer is not None
        assert "in the making, which is the most" in answer.content
        assert [] == [entry for entry in entries if entry.kind == "refund"]
        await house.dispatcher.cancel(2, actor=ada.id)
        await told(house, 2)
        with monkeypatch.context() as patch:
            patch.setattr(house.dispatcher, "enqueue", broken)
            unforeseen = await (await ada.click(message, "retry:1")).finished()
        assert unforeseen is not None
        assert "1 credit is held for clip #3" in unforeseen.content
    async with start_bot() as house:
        again = await (await ada.click(message, "retry:1")).finished()
        assert again is not None
        assert "it is #3" in again.content
        await told(house, 3)
        assert (399, 0) == await credits_of(house, ada)


async def test_a_retry_with_a_model_that_rests_names_it_as_on_the_menu(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await still_clip(house, ada, still)
    monkeypatch.setattr(house.dispatcher.health, "is_resting", lambda model_id: True)

    answer = await (await ada.click(message, "retry:1")).finished()

    assert answer is not None
    assert "Draft (camera move, no model) is being looked after by the instructors" in answer.content
    assert (399, 0) == await credits_of(house, ada)
