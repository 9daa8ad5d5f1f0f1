"""The one SQLite file: a writer and a reader, each a thread of its own, a whole transaction in one hop."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import aiosqlite

from storage.errors import DatabaseUnusable, broken_rule, unusable
from storage.schema import SchemaMismatch, check_ours, migrate

Transaction = sqlite3.Connection
"""An open transaction; storage functions take it first and never begin or end one."""

T = TypeVar("T")

BUSY_TIMEOUT_SECONDS = 5.0
"""How long a writer waits for another process, such as a backup tool, before DatabaseBusy."""

CACHE_KIBIBYTES = 16 * 1024
"""Pages kept per connection; eight times SQLite's default, so that a year of jobs stays in memory."""

FOLD_WRITES = 40
"""After so many transactions the write-ahead log is folded into the file: of orders about a thousand pages, as by
default."""

FOLD_PAGES_AT_MOST = 4_000
"""Pages of the log after which a transaction folds it itself, which only great ones come to; 16 MB."""

CHECKED_BYTES = 64 << 20
"""Files up to this size are read whole for damage at the start, which takes one to two seconds at this size;
larger ones are left to the audit."""


@dataclass(frozen=True, slots=True)
class _Mode:
    """How a transaction begins and ends, and the result codes that blame its statements and not the file."""

    begin: str
    end: str
    mistakes: frozenset[str]


_WRITE = _Mode("BEGIN IMMEDIATE", "COMMIT", frozenset({"SQLITE_ERROR", "SQLITE_MISUSE"}))
# There is nothing to commit after reading, and on a damaged file only a rollback ends the snapshot.
_READ = _Mode("BEGIN", "ROLLBACK", _WRITE.mistakes | {"SQLITE_READONLY"})


class _Connection(aiosqlite.Connection):
    """A connection that runs a whole function on its thread, where aiosqlite hops once per statement."""

    async def __aenter__(self) -> Self:
        """Start the thread and connect; on failure the thread is gone when this raises."""
        try:
            await super().__aenter__()
        except BaseException:
            # aiosqlite leaves its thread behind, told to stop; it would answer a loop that may be closed by then.
            self._thread.join()
            raise
        return self

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of ``work``. Once queued it runs to its end, even if the awaiting task is cancelled."""
        return cast("T", await self._execute(work, self._conn))  # type: ignore[no-untyped-call] # aiosqlite leaves it untyped

    def run_unwatched(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Queue ``work`` behind all that waits; nobody hears of its result or failure, nor that it came too late."""
        self._tx.put_nowait((None, lambda: work(self._conn)))


class Database:
    """Transactions on one file. Safe to share between all tasks of one event loop."""

    def __init__(self, path: Path, writer: _Connection, reader: _Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._writes = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """Create or open the database at ``path``, parents included, and bring it to the newest schema.

        Raises DatabaseUnusable if the file is damaged, not writable, newer than this program or not ours.
        """
        async with AsyncExitStack() as stack:
            writer, reader = (_Connection(partial(connect, path), 64) for connect in (connect_writer, connect_reader))
            # Closed last, the writer folds the write-ahead log into the file.
            await stack.enter_async_context(writer)
            await stack.enter_async_context(reader)
            yield cls(path, writer, reader)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a transaction of its own; committed and durable when this returns.

        Any exception of ``work`` rolls everything back and is raised here. A cancelled awaiter leaves the
        transaction whole or undone, never open; it cannot know which, so the work should be idempotent.
        Raises RuleBroken for a violated constraint, DatabaseUnusable if the file cannot be written.
        """
        result = await self._writer.run(partial(_transact, self._path, _WRITE, work))
        self._writes += 1
        if self._writes % FOLD_WRITES == 0:
            self._writer.run_unwatched(_fold)
        return result

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` on a snapshot of what is committed; never waits for the writer.

        A statement that writes is refused as sqlite3.OperationalError.
        """
        return await self._reader.run(partial(_transact, self._path, _READ, work))


def _transact(path: Path, mode: _Mode, work: Callable[[Transaction], T], tx: Transaction) -> T:
    try:
        tx.execute(mode.begin)
        try:
            result = work(tx)
            tx.execute(mode.end)
        except BaseException:
            # Some failures, such as a full disk, have ended the transaction already.
            if tx.in_transaction:
                tx.execute("ROLLBACK")
            raise
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "SQLITE_ERROR") in mode.mistakes:
            raise
        raise unusable(error, path) from error
    return result


def _fold(connection: sqlite3.Connection) -> None:
    """Move what the write-ahead log holds into the file, as far as no reader needs it.

    That takes longer the more places of the file were written to, so it is done when whoever wrote has been answered.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def connect_writer(path: Path) -> sqlite3.Connection:
    """The writer's connection, in autocommit mode, for whoever has a thread of their own. Raises as Database.open."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(path, str(error)) from error
    return _connect(path, _prepare_writer, path.absolute().as_uri())


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read, in autocommit mode, for whoever has a thread of their own."""
    return _connect(path, _prepare_reader, f"{path.absolute().as_uri()}?mode=ro")


def _connect(path: Path, prepare: Callable[[sqlite3.Connection], None], uri: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
    except SchemaMismatch as error:
        raise DatabaseUnusable(path, str(error)) from error
    except sqlite3.Error as error:
        raise unusable(error, path) from error
    return connection


def _prepare_writer(connection: sqlite3.Connection) -> None:
    _pragma(connection, "cache_size", -CACHE_KIBIBYTES)
    _check(connection)
    _pragma(connection, "journal_mode", "wal")
    _pragma(connection, "synchronous", 2)
    _pragma(connection, "wal_autocheckpoint", FOLD_PAGES_AT_MOST)
    # What people had removed is overwritten, and not only unlinked.
    _pragma(connection, "secure_delete", 1)
    migrate(connection)
    _try_to_write(connection)
    _pragma(connection, "foreign_keys", 1)
    # Without it a REPLACE deletes rows without asking the triggers that forbid it.
    _pragma(connection, "recursive_triggers", 1)


def _try_to_write(connection: sqlite3.Connection) -> None:
    """Fail now where a file can only be read: it is opened all the same, and would refuse the first order."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute("BEGIN").close()
    try:
        connection.execute(f"PRAGMA user_version = {version}").close()
    finally:
        connection.execute("ROLLBACK").close()


def _prepare_reader(connection: sqlite3.Connection) -> None:
    _pragma(connection, "cache_size", -CACHE_KIBIBYTES)
    check_ours(connection)


def _check(connection: sqlite3.Connection) -> None:
    pages, page_bytes = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * page_bytes <= CHECKED_BYTES:
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(damage)


def _pragma(connection: sqlite3.Connection, name: str, value: Any) -> None:
    """Set a pragma and read it back, because SQLite ignores one that it cannot honour."""
    connection.execute(f"PRAGMA {name} = {value}").close()
    actual = connection.execute(f"PRAGMA {name}").fetchone()[0]
    if actual != value:
        msg = f"PRAGMA {name} is {actual}, not {value}"
        raise sqlite3.OperationalError(msg)
