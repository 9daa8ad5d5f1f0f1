"""What can go wrong in storage. Errors carry data; bot/ owns the words.

StorageError
├── DatabaseUnusable          the file cannot be opened, read or written as it is
│   ├── DatabaseBusy          another process has held the file's write lock for too long
│   └── DiskFull              nothing more can be written; what was committed is safe
├── FolderInUse               another bot works in the data folder
├── FolderUnusable            the data folder cannot be created or written to
├── TargetExists              a backup would overwrite a file
├── BackupUnsound             the audit of a copy found something; it was not used
├── BlobUnknown               no file of that name is kept
└── RuleBroken                a rule of the schema was about to be broken; nothing changed
    ├── InsufficientCredits   fewer credits are available than a hold or a taking back needs
    ├── PoolExhausted         fewer credits are left in a pool than a hold or a prize needs
    ├── CapReached            a person would have spent and held more of a pool than each may
    ├── PoolClosed            the pool gives and takes nothing any more
    ├── UnknownPool           the server has no pool of that id
    ├── AlreadySettled        the hold was settled the other way
    ├── AlreadyRefunded       the hold was refunded with another amount
    ├── NotCaptured           a refund of credits that were never captured
    ├── RefundTooLarge        a refund of more than was captured
    ├── UnknownHold           no hold has that id
    ├── KeyReused             the key belongs to a different request
    ├── AttemptsExhausted     the job may not be tried again
    └── HistoryIsFixed        a transfer, a job or what was promised was about to be rewritten
"""

import sqlite3
from pathlib import Path
from typing import Any


class StorageError(Exception):
    """Base of everything this package raises on purpose."""


class DatabaseUnusable(StorageError):
    """The database at ``path`` cannot be used; ``cause`` is for the log."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


class DatabaseBusy(DatabaseUnusable):
    """Another process has kept the write lock longer than the busy timeout."""


class DiskFull(DatabaseUnusable):
    """The disk has no room for another transaction; it was rolled back."""


class FolderInUse(StorageError):
    """Another process holds the data ``folder``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use by another bot; stop that one first, or choose another data folder")
        self.folder = folder


class FolderUnusable(StorageError):
    """The data ``folder`` cannot be created or written to; ``cause`` says why."""

    def __init__(self, folder: Path, cause: str) -> None:
        super().__init__(f"{folder}: {cause}")
        self.folder = folder
        self.cause = cause


class TargetExists(StorageError):
    """A backup never overwrites ``path``."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; a backup overwrites nothing")
        self.path = path


class BackupUnsound(StorageError):
    """The copy at ``path`` does not pass the audit: ``findings``, one sentence each."""

    def __init__(self, path: Path, findings: list[str]) -> None:
        super().__init__(f"{path} is not sound: {findings[0]}")
        self.path = path
        self.findings = findings


class BlobUnknown(StorageError):
    """``name`` is not the name of a kept file."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class RuleBroken(StorageError):
    """The schema's ``rule`` refused a statement."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class InsufficientCredits(RuleBroken):
    """``available`` credits are fewer than the ``needed`` ones."""

    def __init__(self, available: int, needed: int) -> None:
        super().__init__(f"{available} available, {needed} needed")
        self.available = available
        self.needed = needed


class _AboutPool(RuleBroken):
    def __init__(self, pool_id: int) -> None:
        super().__init__(f"pool {pool_id}")
        self.pool_id = pool_id


class PoolExhausted(_AboutPool):
    """``available`` credits are left in the pool, fewer than the ``needed`` ones."""

    def __init__(self, pool_id: int, available: int, needed: int) -> None:
        super().__init__(pool_id)
        self.available = available
        self.needed = needed


class CapReached(_AboutPool):
    """The person may have ``left`` more credits of the pool, fewer than the ``needed`` ones."""

    def __init__(self, pool_id: int, left: int, needed: int) -> None:
        super().__init__(pool_id)
        self.left = left
        self.needed = needed


class PoolClosed(_AboutPool):
    """The pool was closed, and its rest returned."""


class UnknownPool(_AboutPool):
    """The server has no pool of this id."""


class _AboutHold(RuleBroken):
    def __init__(self, hold_id: int) -> None:
        super().__init__(f"hold {hold_id}")
        self.hold_id = hold_id


class AlreadySettled(_AboutHold):
    """The hold was captured and should be released, or the other way round."""


class AlreadyRefunded(_AboutHold):
    """The hold was refunded before, with another amount."""


class NotCaptured(_AboutHold):
    """The hold was never captured, so there is nothing to give back."""


class RefundTooLarge(_AboutHold):
    """More would be given back than was captured."""


class UnknownHold(_AboutHold):
    """No hold has this id."""


class KeyReused(RuleBroken):
    """``key`` was used before for another person, amount or hold."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class AttemptsExhausted(RuleBroken):
    """The job has used up its attempts; it can only fail or be cancelled."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"job {job_id}")
        self.job_id = job_id


class HistoryIsFixed(RuleBroken):
    """Transfers, pools, sessions and jobs are only added to; ``rule`` is the trigger that refused."""


_RULES: dict[str, tuple[type[RuleBroken], tuple[str, ...]]] = {
    "enough_credits": (InsufficientCredits, ("available", "needed")),
    "settlement_matches_hold": (UnknownHold, ("hold_id",)),
    "refund_within_capture": (RefundTooLarge, ("hold_id",)),
    "job_attempts_left": (AttemptsExhausted, ("job_id",)),
    "pool_cap": (CapReached, ("pool_id", "left", "needed")),
    "pool_closed": (PoolClosed, ("pool_id",)),
    "pools_keep_their_promise": (HistoryIsFixed, ("rule",)),
    "transfers_append_only": (HistoryIsFixed, ("rule",)),
    "session_keeps_its_promise": (HistoryIsFixed, ("rule",)),
    "job_keeps_its_order": (HistoryIsFixed, ("rule",)),
    "deleted_stays_deleted": (HistoryIsFixed, ("rule",)),
    "jobs_are_not_deleted": (HistoryIsFixed, ("rule",)),
    "job_events_append_only": (HistoryIsFixed, ("rule",)),
    "acts_append_only": (HistoryIsFixed, ("rule",)),
    "accounts_keep_their_owner": (HistoryIsFixed, ("rule",)),
}


def broken_rule(error: sqlite3.IntegrityError, **facts: Any) -> RuleBroken:
    """The exception of the constraint that ``error`` violated, built from ``facts``.

    A CHECK names itself, a trigger raises its name, a UNIQUE names its columns. A constraint without an
    exception of its own, or whose facts the caller does not know, becomes a plain RuleBroken.
    """
    rule = str(error).removeprefix("CHECK constraint failed: ").removeprefix("UNIQUE constraint failed: ")
    kind, names = _RULES.get(rule, (RuleBroken, ("rule",)))
    known = {"rule": rule, **facts}
    if not known.keys() >= set(names):
        return RuleBroken(rule)
    return kind(*(known[name] for name in names))


def unusable(error: sqlite3.Error, path: Path) -> DatabaseUnusable:
    """The exception for a file that SQLite could not read or write."""
    code = getattr(error, "sqlite_errorname", "")
    cause = f"{code}: {error}" if code else str(error)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy(path, cause)
    if code == "SQLITE_FULL":
        return DiskFull(path, cause)
    return DatabaseUnusable(path, cause)
