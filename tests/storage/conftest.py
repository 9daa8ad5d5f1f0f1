"""Databases for the storage tests: real files, as the bot has them."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database, connect_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stillmotion.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with Database.open(path) as opened:
        yield opened


@pytest.fixture
def tx(path: Path) -> Iterator[sqlite3.Connection]:
    """The writer's connection in autocommit mode, for tests of single functions."""
    connection = connect_writer(path)
    yield connection
    connection.close()
