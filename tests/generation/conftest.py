"""What the tests of the orders share: a database, whose ledger is audited at the end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import ledger
from storage.database import Database
from tests.databases import copy_empty


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.open(copy_empty(tmp_path / "stillmotion.db")) as opened:
        yield opened
        assert [] == await opened.read(ledger.audit)
