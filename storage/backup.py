"""Copies of the database: taken while the bot runs, proved by the audit, and put back only where no bot is running.

A copy holds credits and jobs. Stills and clips are files under ``files/``, named by their content and never changed,
so any file copier can take them along; ``missing_clips`` says what a copy of them lacks.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.audit import audit
from storage.blobs import BlobStore
from storage.database import BUSY_TIMEOUT_SECONDS, Transaction, connect_reader, connect_writer
from storage.errors import BackupUnsound, TargetExists
from storage.occupancy import occupied
from storage.restores import last_used_job_id, note

INCOMING, READY, ASIDE = ".restoring", ".restored-", ".before-restore-"
"""Beside the database: a copy being made, a copy that takes its place with a number, what was there before."""

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

    Nothing is changed unless the audit of the copy is clean. Killed at any moment, the old data or the new are in
    place, or ``finish_restore`` brings the new there. Raises FolderInUse if a bot works in the folder,
    DatabaseUnusable, BackupUnsound, OSError.
    """
    with occupied(database.parent):
        finish_restore(database)
        incoming = database.with_name(f"{database.name}{INCOMING}")
        try:
            with closing(connect_reader(source)) as opened:
                _copy(opened, incoming)
            _make_ready(incoming, source, _last_used(database))
            # From here on the restore is decided, and whoever comes next finishes it.
            incoming.replace(database.with_name(f"{database.name}{READY}{_free_number(database)}"))
            _sync(database.parent)
        finally:
            _clear(database)
        return finish_restore(database)


def finish_restore(database: Path) -> Path | None:
    """Finish or undo what a killed ``restore`` left; call it before the database is opened, while holding the folder.

    Idempotent. Returns where the earlier database is now, None if there was none or nothing was to be done.
    """
    _clear(database)
    ready = next(database.parent.glob(f"{database.name}{READY}*"), None)
    if ready is None:
        return None
    aside = database.with_name(f"{database.name}{ASIDE}{ready.name.rpartition('-')[2]}")
    # The log first: beside the new database it would be taken for its own.
    for suffix in ("-wal", "-shm", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
            _sync(database.parent)
    ready.replace(database)
    _sync(database.parent)
    return aside if aside.exists() else None


def finish_interrupted_restore(database: Path) -> None:
    """``finish_restore`` for whoever does not hold the folder; nothing if no restore was interrupted."""
    if any(database.parent.glob(f"{database.name}{READY}*")):
        with occupied(database.parent):
            finish_restore(database)


def missing_clips(tx: Transaction, blobs: BlobStore) -> list[str]:
    """One sentence for every clip that a job names and that is no longer among the files."""
    return [f"clip: the file of job {job_id} is missing" for job_id, name in tx.execute(CLIPS) if not blobs.holds(name)]


def _copy(source: sqlite3.Connection, target: Path) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    for leftover in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        leftover.unlink(missing_ok=True)
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


def _make_ready(incoming: Path, source: Path, last_used: int | None) -> None:
    """Bring the copy to the newest schema, note in it that it is one, and prove that a bot could open it."""
    with closing(connect_writer(incoming)) as opened:
        note(opened, last_used)
        _prove(opened, source)
    if os.geteuid() == 0:
        # Root may restore for a bot that is not: the file is its, like the folder.
        owner = incoming.parent.stat()
        os.chown(incoming, owner.st_uid, owner.st_gid)


def _last_used(database: Path) -> int | None:
    """The highest job number of the database that will be replaced; None if that cannot be read."""
    if not database.exists():
        return None
    try:
        # Not read-only: a log that a killed bot left is folded in, or its jobs would not be seen.
        with closing(sqlite3.connect(database, timeout=BUSY_TIMEOUT_SECONDS)) as opened:
            return last_used_job_id(opened)
    except sqlite3.Error:
        return None


def _free_number(database: Path) -> int:
    number = 1
    while database.with_name(f"{database.name}{ASIDE}{number}").exists():
        number += 1
    return number


def _clear(database: Path) -> None:
    """Remove what was never decided on."""
    for path in database.parent.glob(f"{database.name}{INCOMING}*"):
        path.unlink()


def _sync(folder: Path) -> None:
    """Make renames in the folder durable; where folders cannot be opened, the file system has to do."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
