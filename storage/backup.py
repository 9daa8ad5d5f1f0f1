"""Copies of the database: taken while the bot runs, proved by the audit, and put back only where no bot is running.

A copy holds credits and jobs. Stills and clips are files under ``files/``, named by their content and never changed,
so any file copier can take them along; ``missing_clips`` says what a copy of them lacks.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.audit import audit
from storage.blobs import BlobStore
from storage.database import Transaction, connect_reader, connect_writer
from storage.errors import BackupUnsound, TargetExists
from storage.occupancy import occupied

CLIPS = "SELECT id, clip FROM jobs WHERE clip IS NOT NULL AND visibility <> 'deleted' ORDER BY id"


def backup(database: Path, target: Path) -> None:
    """Copy the database to ``target``, also while the bot works on it; ``target`` is whole or not there.

    Raises TargetExists, DatabaseUnusable, BackupUnsound if the audit of the copy finds anything, OSError.
    """
    if target.exists():
        raise TargetExists(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect_reader(database)) as source:
        _copy(source, target)


def restore(source: Path, database: Path) -> Path | None:
    """Put the copy ``source`` in the place of the database; returns where an earlier database was moved to.

    Nothing is changed unless the audit of the copy is clean. Raises FolderInUse if a bot works in the folder,
    DatabaseUnusable, BackupUnsound, OSError.
    """
    with occupied(database.parent):
        incoming = database.with_suffix(".restoring")
        incoming.unlink(missing_ok=True)
        with closing(connect_reader(source)) as opened:
            _copy(opened, incoming)
        aside = _set_aside(database)
        incoming.replace(database)
        # Brings an older copy to the newest schema, and proves that a bot could open it.
        with closing(connect_writer(database)) as opened:
            _prove(opened, database)
        return aside


def missing_clips(tx: Transaction, blobs: BlobStore) -> list[str]:
    """One sentence for every clip that a job names and that is no longer among the files."""
    return [f"clip: the file of job {job_id} is missing" for job_id, name in tx.execute(CLIPS) if not blobs.holds(name)]


def _copy(source: sqlite3.Connection, target: Path) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            # In one step: between steps a write of the bot would make SQLite begin again. Readers hold up no writer.
            source.backup(copy)
            # One file, with no log beside it that could be left behind.
            copy.execute("PRAGMA journal_mode = DELETE").close()
            _prove(copy, target)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _prove(connection: sqlite3.Connection, path: Path) -> None:
    if findings := audit(connection):
        raise BackupUnsound(path, findings)


def _set_aside(database: Path) -> Path | None:
    if not database.exists():
        return None
    number = 1
    while (aside := database.with_name(f"{database.name}.before-restore-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm"):
        log = database.with_name(database.name + suffix)
        if log.exists():
            log.replace(aside.with_name(aside.name + suffix))
    database.replace(aside)
    return aside
