"""What runs for ever outlives a database that refuses for a while, and nothing else is swallowed."""

from pathlib import Path

import pytest

from generation import patience
from generation.patience import persist
from storage.errors import DatabaseBusy, DatabaseUnusable, DiskFull

FILE = Path("x.sqlite3")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.0)


async def test_a_refused_step_is_tried_again_until_it_works() -> None:
    refusals: list[DatabaseUnusable] = [DatabaseBusy(FILE, "busy"), DiskFull(FILE, "full"), DatabaseUnusable(FILE, "?")]

    async def step() -> int:
        if refusals:
            raise refusals.pop()
        return 7

    assert 7 == await persist(step, "count")


async def test_any_other_error_passes_at_once() -> None:
    async def step() -> None:
        raise LookupError(1)

    with pytest.raises(LookupError):
        await persist(step, "look")
