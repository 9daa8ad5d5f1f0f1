"""What becomes of finished clips: deleted for good, kept private, shown again to those who may see them."""

import asyncio
import os
from collections.abc import Awaitable
from pathlib import Path

import discord
import pytest
from classroom import QUICK, StartBot, clips_in, told

from bot.house import House
from sandbox.messages import Message
from sandbox.model import Overwrite
from sandbox.permissions import P
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import keeping

WISH = {**QUICK, "prompt": "pan left over a secret garden", "seed": 5, "seconds": 0.5}


async def made(house: House, person: Person, still: Upload, number: int = 1) -> Message:
    await person.command("animate", {"still": still, **WISH})
    await told(house, number)
    return await person.waits_for(lambda m: bool(clips_in(m)) and f"#{number} ·" in m.content)


async def settled(house: House) -> None:
    """Wait until nothing is left to be withdrawn."""
    while await house.keeping.withdrawals():
        await asyncio.sleep(0.02)


def files(folder: Path) -> set[str]:
    return {path.suffix for path in (folder / "files").rglob("*") if path.is_file()}


def age(folder: Path) -> None:
    for path in (folder / "files").rglob("*"):
        os.utime(path, (1, 1))


async def with_buttons(house: House, person: Person, custom_ids: list[str]) -> Message:
    """A message of the bot that everybody sees, with these buttons."""
    view = discord.ui.View()
    for custom_id in custom_ids:
        view.add_item(discord.ui.Button(label=custom_id, custom_id=custom_id))
    view.stop()
    sent = await house.bot.get_partial_messageable(person.home.id).send("buttons", view=view)
    return await person.waits_for(lambda m: m.id == sent.id)


async def answer(call: Awaitable[object]) -> str:
    message = await (await call).finished()  # type: ignore[attr-defined]
    assert message is not None
    return message.content


async def test_a_deleted_clip_is_gone_from_disk_and_channel_while_its_row_and_credits_stay(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, data_folder: Path
) -> None:
    async with start_bot() as house:
        message = await made(house, ada, still)
        await (await ada.command("show", {"clip": 1})).finished()
        page = await (await ada.command("history")).finished()
        assert page is not None
        assert {".mp4", ".png", ".jpg"} <= files(data_folder)
        age(data_folder)

        question = await (await ada.click(page, "delete:1")).finished()
        assert question is not None
        assert "The credit it cost stays spent" in question.content
        assert question.ephemeral
        await asyncio.gather(*(ada.click(question, "delete-yes:1") for _ in range(2)))
        await ada.waits_for(lambda m: "#1 is deleted" in m.content and not m.buttons)
        await settled(house)
        job = await house.orders.job(1)
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

        assert set() == files(data_folder)
        assert [] == [m for m in ada.reads() if clips_in(m) and not m.ephemeral]
        assert message not in ben.reads()
        assert ("deleted", "", None, []) == (job.visibility, job.recipe["prompt"], job.recipe["still"], job.remarks)
        assert (399, 0) == (balance.available, balance.held)
        assert "deleted by its owner" in await answer(ada.command("show", {"clip": 1}))
        again = await (await ada.command("history")).finished()
        assert again is not None
        assert "#1 · deleted" in again.text
        assert "secret" not in again.text
        assert "no clips here" in await answer(ada.command("portfolio"))


async def test_equal_files_stay_for_the_other_job_until_that_is_deleted_too(
    start_bot: StartBot, ada: Person, ben: Person, still: Upload, data_folder: Path
) -> None:
    async with start_bot() as house:
        await made(house, ada, still)
        await made(house, ben, still, 2)
        jobs = [await house.orders.job(number) for number in (1, 2)]
        assert (jobs[0].clip, jobs[0].recipe["still"]) == (jobs[1].clip, jobs[1].recipe["still"])
        age(data_folder)
        await house.keeping.delete(1, actor=ada.id)
        await settled(house)
        assert {".mp4", ".png"} == files(data_folder)
        await (await ben.command("show", {"clip": 2})).finished()

        await house.keeping.delete(2, actor=ben.id)
        await settled(house)
        assert set() == files(data_folder)


async def test_a_fresh_file_waits_until_no_order_can_be_about_to_name_it(
    house: House, ada: Person, still: Upload, data_folder: Path
) -> None:
    await made(house, ada, still)
    await house.keeping.delete(1, actor=ada.id)
    await ada.waits_for(lambda m: True)
    [left] = await house.keeping.withdrawals()

    assert not await house.keeping.remove_files(left)
    assert {".mp4", ".png"} == files(data_folder)
    house.keeping.fresh_seconds = 0.0
    assert await house.keeping.remove_files(left)
    assert set() == files(data_folder)


@pytest.mark.parametrize("broken", ["remove_files", "messages_gone"])
async def test_a_deletion_that_was_interrupted_is_finished_by_the_next_start(
    sandbox: Sandbox,
    start_bot: StartBot,
    ada: Person,
    still: Upload,
    data_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    async def refuse(*_: object) -> bool:
        raise OSError

    async with start_bot() as house:
        message = await made(house, ada, still)
        monkeypatch.setattr(house.keeping, broken, refuse)
        age(data_folder)
        await house.keeping.delete(1, actor=ada.id)
    async with start_bot() as house:
        await settled(house)

        assert set() == files(data_folder)
        assert message not in ada.reads()
        assert await house.database.read(lambda tx: keeping.to_withdraw(tx, 10)) == []


async def test_a_private_clip_leaves_the_channel_and_is_shown_to_its_owner_alone(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload, data_folder: Path
) -> None:
    message = await made(house, ada, still)
    page = await (await ada.command("history")).finished()
    assert page is not None
    assert "private now" in await answer(ada.click(page, "private:1"))
    await settled(house)

    assert message not in ben.reads()
    assert "belongs to somebody else" in await answer(ben.command("show", {"clip": 1}))
    shown = await (await ada.command("show", {"clip": 1})).finished()
    assert shown is not None
    assert shown.ephemeral
    assert clips_in(shown) == ["stillmotion-1.mp4"]
    page = await (await ada.command("history")).finished()
    assert page is not None
    assert "**private**" in page.text
    assert "may be shown again" in await answer(ada.click(page, "share:1"))
    await (await ada.command("show", {"clip": 1})).finished()
    posted = await ben.waits_for(lambda m: bool(clips_in(m)))
    await house.keeping.keep_private(1, actor=ada.id)
    await settled(house)
    assert posted not in ben.reads()
    assert {".mp4", ".png", ".jpg"} == files(data_folder)


async def test_others_see_a_clip_again_only_where_they_can_read_the_channel(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    lobby = sandbox.guild.add_channel("lobby")
    closed = sandbox.guild.add_channel("closed", overwrites={ben.id: Overwrite(ben.id, 1, deny=P.VIEW_CHANNEL.value)})
    async with start_bot() as house:
        await made(house, ada, still)
        await ada.command("animate", {"still": still, **WISH}, channel=closed)
        await told(house, 2)
        shown = await (await ben.command("show", {"clip": 1}, channel=lobby)).finished()
        assert shown is not None
        assert (shown.ephemeral, clips_in(shown)) == (True, ["stillmotion-1.mp4"])

        assert "belongs to somebody else" in await answer(ben.command("show", {"clip": 2}, channel=lobby))
        await (await ada.command("show", {"clip": 2}, channel=lobby)).finished()
        assert [["stillmotion-2.mp4"]] == [clips_in(m) for m in ada.reads(lobby) if not m.ephemeral]


async def test_nobody_presses_the_buttons_of_another(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload
) -> None:
    await made(house, ada, still)
    message = await with_buttons(house, ada, ["show:1", "private:1", "share:1", "delete:1", "delete-yes:1"])
    for custom_id in ("show:1", "private:1", "share:1", "delete:1", "delete-yes:1"):
        assert "belongs to somebody else" in await answer(ben.click(message, custom_id))

    assert ("shown", []) == ((await house.orders.job(1)).visibility, await house.keeping.withdrawals())


async def test_a_clip_in_the_making_can_be_neither_deleted_nor_kept_private(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await (await ada.command("animate", {"still": still, "prompt": "pan left", "seconds": 10})).finished()
    message = await with_buttons(house, ada, ["private:1", "delete-yes:1"])
    first = await (await ada.click(message, "private:1")).finished()
    assert first is not None
    assert "not finished" in first.content
    await ada.click(message, "delete-yes:1")
    await ada.waits_for(lambda m: "not finished" in m.content and m.id != first.id)
    await house.dispatcher.cancel(1, actor=ada.id)
    await told(house)
    await ada.click(message, "delete-yes:1")
    await ada.waits_for(lambda m: "It had cost nothing" in m.content)
