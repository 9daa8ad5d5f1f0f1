"""The schema's numbered migrations, each applied whole or not at all."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

SHIPPED_MIGRATIONS = Path(__file__).with_name("migrations")

APPLICATION_ID = 0x5374696C
"""Written into the file's header ("Stil" in ASCII), so that no other program's database is migrated by mistake."""

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class SchemaMismatch(Exception):
    """The file holds another program's tables, or a schema newer than this program."""


def statements(script: str) -> Iterator[str]:
    """The statements of ``script``, trigger bodies whole. Raises ValueError if the last one is not complete."""
    pending = ""
    for piece in re.split("(?<=;)", script):
        pending += piece
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if _COMMENT.sub("", pending).strip():
        msg = f"incomplete statement: {pending.strip()[:80]}"
        raise ValueError(msg)


def migrations(folder: Path = SHIPPED_MIGRATIONS) -> list[tuple[int, str]]:
    """Version and script of every ``0001_name.sql`` in ``folder``, in order, without gaps."""
    paths = sorted(folder.glob("*.sql"))
    numbered = [(int(path.name.split("_")[0]), path.read_text(encoding="utf-8")) for path in paths]
    if [version for version, _ in numbered] != list(range(1, len(numbered) + 1)):
        msg = f"{folder}: migrations must be numbered from 1 without gaps"
        raise ValueError(msg)
    return numbered


def migrate(connection: sqlite3.Connection, folder: Path = SHIPPED_MIGRATIONS) -> None:
    """Bring the file to the newest schema. Each migration and its version number are one transaction.

    The connection must be in autocommit mode with foreign keys off, so that a migration may rebuild a table;
    references are checked before each commit. Raises SchemaMismatch, or sqlite3.Error with that migration undone.
    """
    known = migrations(folder)
    _recognise(connection, len(known))
    for version, script in known:
        _apply(connection, version, script)


def check_ours(connection: sqlite3.Connection) -> None:
    """For whoever only reads: raises SchemaMismatch unless this program made the file."""
    if _header(connection, "application_id") != APPLICATION_ID:
        msg = "there are no credits and jobs of this program in the file"
        raise SchemaMismatch(msg)


def _recognise(connection: sqlite3.Connection, newest: int) -> None:
    version, application = _header(connection, "user_version"), _header(connection, "application_id")
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    if application != APPLICATION_ID and (application or version or has_tables):
        msg = "the file belongs to another program"
        raise SchemaMismatch(msg)
    if version > newest:
        msg = f"schema {version} is newer than this program, which knows {newest}"
        raise SchemaMismatch(msg)


def _header(connection: sqlite3.Connection, field: str) -> int:
    return int(connection.execute(f"PRAGMA {field}").fetchone()[0])


def _apply(connection: sqlite3.Connection, version: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read under the lock, because another process may have migrated since.
        if _header(connection, "user_version") < version:
            for statement in statements(script):
                connection.execute(statement)
            if dangling := connection.execute("PRAGMA foreign_key_check").fetchall():
                msg = f"migration {version} leaves {len(dangling)} dangling references"
                raise sqlite3.IntegrityError(msg)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
