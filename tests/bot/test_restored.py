"""An older copy of the database is put back: what happened since is found in the channel and not done twice."""

import asyncio
from pathlib import Path

import pytest
from classroom import QUICK, StartBot, clips_in, held_back, reached, told, worker_process

from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage.backup import backup, restore
from storage.settings import DATABASE_NAME


async def test_clips_posted_since_the_copy_are_not_posted_again_and_numbers_are_not_used_again(
    sandbox: Sandbox,
    start_bot: StartBot,
    data_folder: Path,
    tmp_path: Path,
    ada: Person,
    ben: Person,
    still: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def order(person: Person) -> None:
        await (await person.command("animate", {"still": still, **QUICK})).finished()

    async with start_bot() as house:
        may_post = await held_back(house, monkeypatch)
        await order(ada)
        await reached(house, "succeeded")
        worker = await worker_process(house)
        worker.suspend()
        for person in (ada, ben):
            await order(person)
        await reached(house, "running", 2)
        # The copy knows 1 as made and not posted, 2 as being made, 3 as waiting.
        await asyncio.to_thread(backup, data_folder / DATABASE_NAME, tmp_path / "copy")
        await house.dispatcher.cancel(3, actor=ben.id)
        worker.resume()
        may_post.set()
        await order(ben)
        first = {number: (await told(house, number)).message_id for number in (1, 2, 3, 4)}
    sandbox.clock.advance(3600)  # longer than any nonce is remembered
    await asyncio.to_thread(restore, tmp_path / "copy", data_folder / DATABASE_NAME)
    async with start_bot() as house:
        again = {number: await told(house, number) for number in (1, 2, 3)}
        await order(ben)
        fresh = await told(house, 5)
        balances = [await house.accounts.balance(sandbox.guild.id, one.id) for one in (ada, ben)]

    assert {number: first[number] for number in (1, 2, 3)} == {number: job.message_id for number, job in again.items()}
    assert ["succeeded", "succeeded", "cancelled"] == [job.state for job in again.values()]
    assert "succeeded" == fresh.state
    assert [f"stillmotion-{number}.mp4" for number in (1, 2, 4, 5)] == sorted(
        name for message in ada.reads() for name in clips_in(message)
    )
    # What the copy does not know is not charged in it: Ben's clip 4 was free in the end.
    assert [(398, 0), (399, 0)] == [(balance.available, balance.held) for balance in balances]
