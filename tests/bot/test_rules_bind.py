"""A class's rules bind every way to a clip: also those that begin at a card, an offer or a button."""

import asyncio

from classroom import clip_of, told

from bot.house import House
from sandbox.messages import Message
from sandbox.modals import Modal
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger

STILL_STANDING = {"prompt": "static camera, she turns her head", "shape": "square", "seconds": 0.5, "seed": 7}
"""The draft cannot turn a head, so the clip stays still and offers the free retry."""


async def answer(person: Person, command: str, /, **options: object) -> Message:
    message = await (await person.command(command, options)).finished()
    assert message is not None
    return message


async def pressed(person: Person, message: Message, button: str) -> Message:
    label = next(one.label for one in message.buttons if one.label.startswith(button))
    told_privately = await (await person.click(message, label)).finished()
    assert told_privately is not None
    return told_privately


async def form_of(person: Person, exercise: str) -> Modal:
    modal = (await person.click(await answer(person, f"exercise {exercise}"), f"Start {exercise.upper()}")).modal
    assert modal is not None
    return modal


async def test_nothing_new_is_taken_from_a_button_a_card_an_offer_or_an_exercise_either(
    house: House, sandbox: Sandbox, ada: Person, ines: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **STILL_STANDING})
    clip = await clip_of(ada)
    await told(house)
    card = await answer(ada, "animate", still=still, **{**STILL_STANDING, "prompt": "zoom in, then pan left"})
    offer = await pressed(ada, clip, "Again")
    exercise = await form_of(ada, "b")
    await answer(ines, "class drain", reason="end of the hour")
    await ada.submit(exercise, {"still": still})
    for message, button in ((clip, "Try again for free"), (clip, "Again"), (card, "Go"), (offer, "Go")):
        await ada.click(message, next(one.label for one in message.buttons if one.label.startswith(button)))
    async with asyncio.timeout(30):
        while 5 > sum("Nothing new is taken at present: “end of the hour" in one.content for one in ada.reads()):
            await asyncio.sleep(0.02)
    entries = await house.database.read(lambda tx: ledger.statement(tx, sandbox.guild.id, ada.id, 20))

    assert [] == await house.orders.unfinished()
    assert {"grant", "hold", "capture"} == {entry.kind for entry in entries}
    await answer(ines, "class resume")
    assert "Refunded and ordered again" in (await pressed(ada, clip, "Try again for free")).content
    await told(house, 2)


async def test_an_exercise_offers_only_the_models_of_the_class(house: House, ada: Person, ines: Person) -> None:
    await answer(ines, "class models off", model="draft")
    refused = await pressed(ada, await answer(ada, "exercise a"), "Start A")

    assert "No model here can animate a still at present" in refused.content
