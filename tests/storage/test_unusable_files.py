"""Files that cannot be a database stop the start, untouched, with their path and the reason."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import database as database_module
from storage.audit import audit
from storage.database import Database, connect_writer
from storage.errors import DatabaseUnusable


async def refused(path: Path) -> str:
    """Why the file cannot be opened; nothing of the attempt may be left."""
    threads = threading.active_count()
    with pytest.raises(DatabaseUnusable) as caught:
        async with Database.open(path):
            pytest.fail("opened")
    assert caught.value.path == path
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and "_connection_worker_thread" in thread.name:
            thread.join(30)
    assert threading.active_count() <= threads
    return caught.value.cause


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run as a user who owns nothing, because root may write to read-only files."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can enter, as pytest's own is only for its user."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def filled(path: Path) -> bytes:
    connection = connect_writer(path)
    connection.execute("BEGIN")
    for guild_id in range(2000):
        connection.execute(
            "INSERT INTO guild_settings (guild_id, updated_by, updated_at) VALUES (?, 1, 1.0)", (guild_id,)
        )
    connection.execute("COMMIT")
    connection.close()
    return path.read_bytes()


async def test_text_file(path):
    path.write_text("not a database, but long enough to be mistaken for one\n" * 100)
    assert "SQLITE_NOTADB" in await refused(path)
    assert path.read_text().startswith("not a database")


async def test_truncated_file(path):
    whole = filled(path)
    path.write_bytes(whole[: len(whole) // 2])
    assert "malformed" in await refused(path) or "CORRUPT" in await refused(path)


async def test_file_with_a_page_overwritten(path):
    whole = bytearray(filled(path))
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(whole)
    assert await refused(path)
    assert path.read_bytes() == whole


async def test_damage_in_a_file_too_large_to_read_whole_is_left_to_the_audit(path, monkeypatch):
    monkeypatch.setattr(database_module, "CHECKED_BYTES", 0)
    whole = bytearray(filled(path))
    # The last page holds rows; those before it may hold the schema, without which nothing opens.
    whole[-4096:] = bytes(4096)
    path.write_bytes(whole)
    async with Database.open(path) as database:
        assert [finding for finding in await database.read(audit) if finding.startswith("integrity: ")]


async def test_folder_in_place_of_the_file(path):
    path.mkdir()
    assert "SQLITE_CANTOPEN" in await refused(path)


async def test_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "file").write_text("")
    assert "File exists" in await refused(tmp_path / "file" / "x.db")
    assert (tmp_path / "file").read_text() == ""


async def test_database_of_another_program(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.close()
    before = path.read_bytes()
    assert await refused(path) == "the file belongs to another program"
    assert path.read_bytes()[100:] == before[100:]


async def test_schema_newer_than_this_program(path):
    connection = connect_writer(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert "schema 9999 is newer" in await refused(path)


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
async def test_read_only_file(open_folder, folder_mode):
    path = open_folder / "x.db"
    filled(path)
    path.chmod(0o444)
    open_folder.chmod(folder_mode)
    with as_nobody():
        assert "READONLY" in await refused(path) or "CANTOPEN" in await refused(path)


async def test_read_only_folder(open_folder):
    open_folder.chmod(0o555)
    with as_nobody():
        assert "SQLITE_CANTOPEN" in await refused(open_folder / "x.db")
        assert "Permission denied" in await refused(open_folder / "new" / "x.db")
