"""A restore that is killed at any moment leaves the old data or the new; and a copy never uses a number twice."""

import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from storage_samples import held, new_job, ordered

from storage import jobs, ledger
from storage.backup import backup, finish_interrupted_restore, finish_restore, restore
from storage.database import connect_reader, connect_writer
from storage.occupancy import occupied
from storage.restores import UNKNOWN_NUMBERS, highest_job_id

ROOT = Path(__file__).parents[2]
NAME = "stillmotion.sqlite3"

KILLED_RESTORE = """
import os, signal, sys
from pathlib import Path
from storage.backup import restore

left = int(sys.argv[3])

def count(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "sqlite3.connect"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""
"""Dies before its n-th touch of a file, whatever that is."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as a killed bot leaves it: two jobs, the second one only in the write-ahead log."""
    living, folder = tmp_path / "living", tmp_path / "data"
    with closing(connect_writer(living / NAME)) as tx:
        ordered(tx, "one")
        tx.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        backup(living / NAME, tmp_path / "copy")
        ordered(tx, "two")
        shutil.copytree(living, folder)
    assert (folder / f"{NAME}-wal").stat().st_size > 0
    return folder


def keys(path: Path) -> list[str]:
    with closing(connect_reader(path)) as tx:
        assert [] == ledger.audit(tx)
        return [key for (key,) in tx.execute("SELECT key FROM jobs ORDER BY id")]


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "restor" in path.name and "before-restore-1" not in path.name]


def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new_data(data: Path, tmp_path: Path) -> None:
    found: list[list[str]] = []
    for moment in range(200):
        folder = tmp_path / f"killed-{moment}"
        shutil.copytree(data, folder)
        command = [sys.executable, "-c", KILLED_RESTORE, str(tmp_path / "copy"), str(folder / NAME), str(moment)]
        ended = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
        finish_interrupted_restore(folder / NAME)
        now = keys(folder / NAME)
        found.append(now)
        if now == ["one"]:
            assert ["one", "two"] == keys(folder / f"{NAME}.before-restore-1")
        with occupied(folder):
            finish_restore(folder / NAME)
        assert [] == leftovers(folder)
        if ended.returncode == 0:
            break
        assert -signal.SIGKILL == ended.returncode
        restore(tmp_path / "copy", folder / NAME)
        assert ["one"] == keys(folder / NAME)

    assert 0 == ended.returncode
    assert [["one"], ["one", "two"]] == sorted(map(list, {tuple(one) for one in found}))
    assert found == sorted(found, key=len, reverse=True)
    assert found.count(["one"]) > 5


def test_a_restored_database_gives_no_number_that_was_used_before(data: Path, tmp_path: Path) -> None:
    restore(tmp_path / "copy", data / NAME)
    with closing(connect_writer(data / NAME)) as tx:
        first = ordered(tx, "three")
        assert 2 == highest_job_id(tx)
        second = jobs.add(tx, new_job("four"), hold_id=held(tx, key="four"), now=1.0)

    assert (3, 4) == (first.id, second.id)


def test_numbers_of_a_second_restore_stay_beyond_those_of_the_first(data: Path, tmp_path: Path) -> None:
    restore(tmp_path / "copy", data / NAME)
    with closing(connect_writer(data / NAME)) as tx:
        ordered(tx, "three")
    restore(tmp_path / "copy", data / NAME)
    with closing(connect_writer(data / NAME)) as tx:
        assert 4 == ordered(tx, "four").id


@pytest.mark.parametrize("lost", ["gone", "damaged"])
def test_where_the_old_database_cannot_be_read_many_numbers_are_left_out(data: Path, tmp_path: Path, lost: str) -> None:
    database = data / NAME
    for path in data.iterdir():
        path.unlink()
    if lost == "damaged":
        database.write_bytes(b"nonsense" * 1000)
    restore(tmp_path / "copy", database)
    with closing(connect_writer(database)) as tx:
        assert 2 + UNKNOWN_NUMBERS == ordered(tx, "later").id
