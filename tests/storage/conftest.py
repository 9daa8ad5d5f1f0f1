"""Databases for the storage tests: real files, as the bot has them."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database, connect_writer
from tests.databases import copy_empty


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stillmotion.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with Database.open(copy_empty(path)) as opened:
        yield opened


@pytest.fixture
def tx(path: Path) -> Iterator[sqlite3.Connection]:
    """The writer's connection in autocommit mode, for tests of single functions."""
    connection = connect_writer(copy_empty(path))
    yield connection
    connection.close()
