"""Stills are kept as long as anything needs them, whoever lets go at the same time."""

import asyncio
import time
from pathlib import Path

import pytest

from generation.custody import Custody
from storage import drafts
from storage.blobs import BlobStore, blob_name
from storage.database import Database
from storage.drafts import NewDraft

NAME = blob_name(b"a still", ".png")


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "files")


@pytest.fixture
def custody(database: Database, blobs: BlobStore) -> Custody:
    return Custody(database, blobs, clock=time.time)


def prepared(blobs: BlobStore, number: int = 0) -> Path:
    path = blobs.incoming(f"{number}.png")
    path.write_bytes(b"a still")
    return path


async def drafted(database: Database, still: str) -> None:
    now = time.time()
    new = NewDraft(
        key="1",
        guild_id=1,
        channel_id=1,
        user_id=1,
        recipe={"still": still},
        advice=(),
        exercise=None,
        created_at=now,
        expires_at=now + 60,
    )
    await database.write(lambda tx: drafts.add(tx, new))


async def test_a_still_that_nothing_needs_is_removed_and_once_more_does_no_harm(
    custody: Custody, blobs: BlobStore
) -> None:
    await custody.keep(prepared(blobs))
    assert blobs.holds(NAME)
    await custody.remove_unneeded([NAME, NAME])

    assert not blobs.holds(NAME)


async def test_a_still_that_somebody_is_about_to_order_with_stays(
    custody: Custody, blobs: BlobStore, database: Database
) -> None:
    custody.hold(NAME)
    custody.hold(NAME)
    await custody.keep(prepared(blobs))
    custody.let_go(NAME)
    await custody.remove_unneeded([NAME])
    assert blobs.holds(NAME)
    await drafted(database, NAME)
    custody.let_go(NAME)
    await custody.remove_unneeded([NAME])

    assert blobs.holds(NAME)


async def test_whoever_orders_while_others_withdraw_never_loses_the_still(custody: Custody, blobs: BlobStore) -> None:
    async def order(number: int) -> bool:
        custody.hold(NAME)
        await custody.keep(prepared(blobs, number))
        await asyncio.sleep(0)
        is_there = blobs.holds(NAME)
        custody.let_go(NAME)
        return is_there

    async def withdraw() -> bool:
        await custody.remove_unneeded([NAME])
        return True

    both = [deed for number in range(30) for deed in (order(number), withdraw())]
    assert all(await asyncio.gather(*both))
    await custody.remove_unneeded([NAME])
    assert not blobs.holds(NAME)
