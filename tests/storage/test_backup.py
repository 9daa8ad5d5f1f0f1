"""Copies taken while the bot writes are sound, and are put back only where they can do no harm."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from storage_samples import GUILD, USER, WHO, seen, succeeded

from storage import ledger
from storage.backup import backup, restore
from storage.blobs import BlobStore
from storage.database import Database, connect_reader, connect_writer
from storage.errors import BackupUnsound, DatabaseUnusable, FolderInUse, TargetExists
from storage.occupancy import occupied

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose database has one finished clip."""
    folder = tmp_path / "data"
    with closing(connect_writer(folder / "stillmotion.sqlite3")) as tx:
        succeeded(tx)
    return folder


def transfers(path: Path) -> list[tuple[object, ...]]:
    with closing(connect_reader(path)) as tx:
        return tx.execute("SELECT * FROM transfers ORDER BY id").fetchall()


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STILLMOTION_DATA_FOLDER": str(data)}
    command = [sys.executable, "-m", "storage", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


async def test_a_copy_taken_while_the_bot_writes_is_sound(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "stillmotion.sqlite3") as database:
        await database.write(lambda tx: seen(tx))

        async def grant_on_and_on() -> None:
            for number in range(400):
                await database.write(
                    lambda tx, key=str(number): ledger.grant(
                        tx, key=key, guild_id=GUILD, user_id=USER, amount_credits=1, **WHO
                    )
                )

        writing = asyncio.create_task(grant_on_and_on())
        for number in range(5):
            await asyncio.to_thread(backup, tmp_path / "stillmotion.sqlite3", tmp_path / f"copy-{number}")
        await writing
    for number in range(5):
        with closing(connect_reader(tmp_path / f"copy-{number}")) as tx:
            assert [] == ledger.audit(tx)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("copy") and "-wal" in path.name]


def test_a_copy_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(TargetExists):
        backup(data / "stillmotion.sqlite3", tmp_path / "copy")
    assert "precious" == (tmp_path / "copy").read_text()


def test_a_restored_database_is_the_copied_one_and_the_other_is_kept(data: Path, tmp_path: Path) -> None:
    database, copy = data / "stillmotion.sqlite3", tmp_path / "copy"
    before = transfers(database)
    backup(database, copy)
    with closing(connect_writer(database)) as tx:
        ledger.grant(tx, key="later", guild_id=GUILD, user_id=USER, amount_credits=1, **WHO)
    aside = restore(copy, database)

    assert aside is not None
    assert before == transfers(database)
    assert len(before) + 1 == len(transfers(aside))
    with closing(connect_reader(database)) as tx:
        assert [] == ledger.audit(tx)


def test_a_copy_is_restored_where_nothing_was(data: Path, tmp_path: Path) -> None:
    backup(data / "stillmotion.sqlite3", tmp_path / "copy")
    assert restore(tmp_path / "copy", tmp_path / "new" / "stillmotion.sqlite3") is None
    assert transfers(data / "stillmotion.sqlite3") == transfers(tmp_path / "new" / "stillmotion.sqlite3")


def test_nothing_is_restored_under_a_living_bot(data: Path, tmp_path: Path) -> None:
    backup(data / "stillmotion.sqlite3", tmp_path / "copy")
    with occupied(data), pytest.raises(FolderInUse):
        restore(tmp_path / "copy", data / "stillmotion.sqlite3")


@pytest.mark.parametrize("damage", ["balance", "garbage", "empty"])
def test_an_unsound_copy_changes_nothing(data: Path, tmp_path: Path, damage: str) -> None:
    database, copy = data / "stillmotion.sqlite3", tmp_path / "copy"
    before = transfers(database)
    backup(database, copy)
    if damage == "garbage":
        copy.write_bytes(b"nonsense" * 1000)
    elif damage == "empty":
        copy.write_bytes(b"")
    else:
        with closing(sqlite3.connect(copy)) as tx:
            tx.execute("UPDATE accounts SET balance_credits = 1 WHERE kind = 'available'")
            tx.commit()
    with pytest.raises((BackupUnsound, DatabaseUnusable, sqlite3.DatabaseError)):
        restore(copy, database)
    assert before == transfers(database)
    assert not [path.name for path in data.iterdir() if "restor" in path.name]


def test_the_command_line_says_what_it_did_and_what_is_missing(data: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    taken, twice = run("backup", copy, data=data), run("backup", copy, data=data)
    missing = run("audit", data=data)
    clip = "a" * 64 + ".mp4"
    path = BlobStore(data / "files").path(clip)
    path.parent.mkdir()
    path.write_bytes(b"clip")
    clean, restored = run("audit", data=data), run("restore", copy, data=data)

    assert (0, 1, 1, 0, 0) == tuple(each.returncode for each in (taken, twice, missing, clean, restored))
    assert "exists already" in twice.stderr
    assert "the file of job 1 is missing" in missing.stderr
    assert "The audit is clean." in clean.stdout
    assert "before-restore-1" in restored.stdout
    assert "Traceback" not in run("restore", str(tmp_path / "nowhere"), data=data).stderr


def test_the_command_line_finds_the_data_folder_of_the_file_that_the_bot_reads(data: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"STILLMOTION_DATA_FOLDER={data}\n")
    environment = {name: value for name, value in os.environ.items() if name != "STILLMOTION_DATA_FOLDER"}
    command = [sys.executable, "-m", "storage", "backup", str(tmp_path / "copy")]
    taken = subprocess.run(
        command, env={**environment, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert 0 == taken.returncode, taken.stderr
    assert transfers(data / "stillmotion.sqlite3") == transfers(tmp_path / "copy")


@pytest.mark.parametrize("command", [["audit"], ["backup", "copy"]])
def test_a_folder_without_a_database_is_named_and_not_made(tmp_path: Path, command: list[str]) -> None:
    ended = run(*command, data=tmp_path / "typo")

    assert 1 == ended.returncode
    assert f"{tmp_path / 'typo' / 'stillmotion.sqlite3'}: there is no such file\n" == ended.stderr
    assert not (tmp_path / "typo").exists()


def test_a_copy_that_is_not_there_makes_no_folder(data: Path, tmp_path: Path) -> None:
    assert 1 == run("restore", str(tmp_path / "typo" / "copy"), data=data).returncode
    assert not (tmp_path / "typo").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_restores_belongs_to_whom_the_folder_belongs(data: Path, tmp_path: Path) -> None:
    assert 0 == run("backup", str(tmp_path / "copy"), data=data).returncode
    os.chown(data, 65534, 65534)

    run("restore", str(tmp_path / "copy"), data=data)

    assert 65534 == (data / "stillmotion.sqlite3").stat().st_uid
