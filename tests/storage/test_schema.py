"""Migrations are atomic, and the schema keeps the house's rules about itself."""

import re
import sqlite3
from pathlib import Path

import pytest

from storage import jobs, schema

ROOM = Path(schema.__file__).parent
SCRIPTS = "\n".join(script for _, script in schema.migrations())


@pytest.fixture
def connection():
    opened = sqlite3.connect(":memory:", isolation_level=None)
    yield opened
    opened.close()


def folder_with(tmp_path: Path, *scripts: str) -> Path:
    for number, script in enumerate(scripts, 1):
        (tmp_path / f"{number:04}_step.sql").write_text(script)
    return tmp_path


def tables(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def test_statements_are_split_where_they_end_and_triggers_stay_whole():
    script = """
        -- A comment; with a semicolon.
        CREATE TABLE a (x TEXT DEFAULT ';'); CREATE TABLE b (y);
        CREATE TRIGGER t AFTER INSERT ON a BEGIN
            UPDATE b SET y = CASE WHEN y > 1 THEN 2 END; DELETE FROM b;
        END;
        /* The end; */
    """
    kinds = [re.search(r"CREATE (\w+)", statement).group(1) for statement in schema.statements(script)]
    assert kinds == ["TABLE", "TABLE", "TRIGGER"]


def test_script_that_ends_within_a_statement_is_refused():
    with pytest.raises(ValueError, match="incomplete statement: CREATE TABLE b"):
        list(schema.statements("CREATE TABLE a (x);\nCREATE TABLE b (y"))


def test_shipped_schema_is_applied_once(connection):
    schema.migrate(connection)
    before = tables(connection)
    schema.migrate(connection)
    assert (tables(connection), version(connection)) == (before, len(schema.migrations()))
    assert {"accounts", "transfers", "jobs", "guild_settings"} <= set(before)


@pytest.mark.parametrize(
    "broken",
    ["CREATE TABLE b (y);\nCREATE TABLE a (again);", "CREATE TABLE b (y);\nnonsense;", "CREATE TABLE b (y);\nSELECT ("],
)
def test_broken_migration_leaves_nothing_of_itself_and_everything_before_it(connection, tmp_path, broken):
    folder = folder_with(tmp_path, "CREATE TABLE a (x);", broken)
    with pytest.raises((sqlite3.Error, ValueError)):
        schema.migrate(connection, folder)
    assert (tables(connection), version(connection), connection.in_transaction) == (["a"], 1, False)


def test_migration_that_leaves_a_dangling_reference_is_undone(connection, tmp_path):
    first = "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (a REFERENCES a (id));"
    folder = folder_with(tmp_path, first, "INSERT INTO b VALUES (7);")
    with pytest.raises(sqlite3.IntegrityError, match="1 dangling"):
        schema.migrate(connection, folder)
    assert connection.execute("SELECT count(*) FROM b").fetchone() == (0,)


def test_mended_migration_continues_where_the_broken_one_stopped(connection, tmp_path):
    folder = folder_with(tmp_path, "CREATE TABLE a (x);", "nonsense;")
    with pytest.raises(sqlite3.Error):
        schema.migrate(connection, folder)
    schema.migrate(connection, folder_with(tmp_path, "CREATE TABLE a (x);", "CREATE TABLE b (y);"))
    assert (tables(connection), version(connection)) == (["a", "b"], 2)


def test_gap_in_the_numbers_is_refused(tmp_path):
    (tmp_path / "0001_a.sql").write_text("SELECT 1;")
    (tmp_path / "0003_c.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match="without gaps"):
        schema.migrations(tmp_path)


def test_every_table_is_strict(connection):
    schema.migrate(connection)
    strict = {row[1]: row[5] for row in connection.execute("PRAGMA table_list") if not row[1].startswith("sqlite_")}
    assert set(strict.values()) == {1}


def test_every_check_has_a_name_of_its_own(connection):
    schema.migrate(connection)
    sql = "\n".join(row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table'"))
    named = re.findall(r"CONSTRAINT (\w+) CHECK", sql)
    assert len(named) == len(re.findall(r"\bCHECK \(", sql)) == len(set(named)) > 20


def test_every_index_says_why_it_exists():
    lines = SCRIPTS.splitlines()
    indexes = [number for number, line in enumerate(lines) if re.match(r"CREATE (UNIQUE )?INDEX", line)]
    assert indexes
    assert [lines[number] for number in indexes if not lines[number - 1].startswith("-- ")] == []


def test_attempts_are_capped_by_the_same_number_in_python_and_in_sql():
    assert f"attempts BETWEEN 0 AND {jobs.MAX_ATTEMPTS})" in SCRIPTS
    assert f"state <> 'queued' OR attempts < {jobs.MAX_ATTEMPTS})" in SCRIPTS


def test_no_statement_ignores_or_replaces_on_conflict():
    sources = [*ROOM.rglob("*.py"), *ROOM.rglob("*.sql")]
    assert len(sources) > 10
    banned = re.compile(r"\bOR\s+(IGNORE|REPLACE)\b|\bREPLACE\s+INTO\b|executescript", re.IGNORECASE)
    assert [source.name for source in sources if banned.search(source.read_text(encoding="utf-8"))] == []


def test_nothing_in_the_room_begins_or_ends_a_transaction_but_the_database_and_the_migrations():
    verbs = re.compile(r"\b(BEGIN IMMEDIATE|COMMIT|ROLLBACK|SAVEPOINT)\b|\.(commit|rollback)\(")
    found = {source.name for source in ROOM.rglob("*.py") if verbs.search(source.read_text(encoding="utf-8"))}
    assert found == {"database.py", "schema.py"}
