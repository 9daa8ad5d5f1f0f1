"""Transactions: whole or undone, whoever runs, fails, waits or is cancelled beside them."""

import asyncio
import sqlite3
import threading

import pytest

from storage import database as database_module
from storage import errors
from storage.database import Database


def put(value: int):
    return lambda tx: tx.execute(
        "INSERT INTO guild_settings (guild_id, allowance_credits, updated_by, updated_at) VALUES (?, 0, 1, 1.0) "
        "ON CONFLICT DO UPDATE SET allowance_credits = 0",
        (value,),
    )


def kept(tx: sqlite3.Connection) -> list[int]:
    return [row[0] for row in tx.execute("SELECT guild_id FROM guild_settings ORDER BY guild_id")]


class Stop(BaseException):
    """What a stopping process raises past every "except Exception"."""


class Gate:
    """Work that has begun to write and then waits in the database's thread until it is let through."""

    def __init__(self, value: int, error: BaseException | None = None) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()
        self.value = value
        self.error = error

    def __call__(self, tx: sqlite3.Connection) -> None:
        put(self.value)(tx)
        self.entered.set()
        assert self.opened.wait(30)
        if self.error is not None:
            raise self.error

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.entered.wait, 30)


async def test_open_creates_the_folders_above_the_file(tmp_path):
    path = tmp_path / "a" / "b c%20?#" / "x.db"
    async with Database.open(path) as database:
        await database.write(put(1))
    assert path.is_file()


async def test_every_so_many_writes_the_log_is_folded_into_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "FOLD_WRITES", 3)
    path = tmp_path / "x.db"
    async with Database.open(path) as database:
        before = path.read_bytes()
        for value in (1, 2):
            await database.write(put(value))
        after_two = path.read_bytes()
        await database.write(put(3))
        await database.write(lambda tx: None)
        folded = path.read_bytes()

    assert before == after_two != folded


async def test_whoever_wrote_is_answered_before_the_log_is_folded(tmp_path, monkeypatch):
    answered = threading.Event()
    waited = []
    monkeypatch.setattr(database_module, "FOLD_WRITES", 1)
    monkeypatch.setattr(database_module, "_fold", lambda connection: waited.append(answered.wait(10)))
    async with Database.open(tmp_path / "x.db") as database:
        await database.write(put(1))
        answered.set()
    assert [True] == waited


async def test_a_log_that_cannot_be_folded_hinders_nobody(tmp_path, monkeypatch):
    def fails(connection: sqlite3.Connection) -> None:
        attempts.append(connection)
        msg = "disk I/O error"
        raise sqlite3.OperationalError(msg)

    attempts: list[sqlite3.Connection] = []
    monkeypatch.setattr(database_module, "FOLD_WRITES", 1)
    monkeypatch.setattr(database_module, "_fold", fails)
    async with Database.open(tmp_path / "x.db") as database:
        for value in (1, 2):
            await database.write(put(value))
        assert [1, 2] == await database.read(kept)
    assert 2 == len(attempts)


async def test_a_write_that_ends_while_the_database_is_closed_has_succeeded(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "FOLD_WRITES", 1)
    path = tmp_path / "x.db"
    async with Database.open(path) as database:
        gate = Gate(1)
        writing = asyncio.create_task(database.write(gate))
        await gate.reached()
        # The connection is closed in its thread right after the work, before the loop hears of either.
        gate.opened.set()
        database._writer.stop()
        database._writer._thread.join()
        await writing

    async with Database.open(path) as database:
        assert [1] == await database.read(kept)


async def test_writer_is_set_up_for_money(database):
    names = (
        *("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout"),
        "wal_autocheckpoint",
    )
    values = await database.write(lambda tx: [tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names])
    assert values == ["wal", 2, 1, 1, 5000, 4000]


async def test_write_returns_what_the_work_returns_and_is_kept_after_reopening(path):
    async with Database.open(path) as database:
        assert await database.write(lambda tx: put(3)(tx).rowcount) == 1
    async with Database.open(path) as database:
        assert await database.read(kept) == [3]


async def test_committed_write_is_seen_by_another_process_at_once(database, path):
    await database.write(put(3))
    other = sqlite3.connect(path)
    assert kept(other) == [3]
    other.close()


@pytest.mark.parametrize("error", [ValueError("no"), Stop(), asyncio.CancelledError()], ids=type)
async def test_any_exception_of_the_work_undoes_it(database, error):
    gate = Gate(1, error)
    gate.opened.set()
    outcome = await asyncio.gather(database.write(gate), return_exceptions=True)
    assert type(outcome[0]) is type(error)
    await database.write(put(2))
    assert await database.read(kept) == [2]


async def test_violated_constraint_is_named_and_undoes_everything(database):
    def work(tx):
        put(1)(tx)
        put(2)(tx)
        tx.execute("UPDATE guild_settings SET allowance_credits = -1 WHERE guild_id = 2")

    with pytest.raises(errors.RuleBroken) as caught:
        await database.write(work)
    assert caught.value.rule == "allowance_amount"
    assert await database.read(kept) == []


async def test_mistake_in_a_statement_is_not_blamed_on_the_file(database):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.write(lambda tx: tx.execute("SELECT * FROM nowhere"))


async def test_many_tasks_that_read_and_then_write_lose_nothing(database):
    await database.write(put(1))

    def increment(tx):
        before = tx.execute("SELECT allowance_credits FROM guild_settings").fetchone()[0]
        tx.execute("UPDATE guild_settings SET allowance_credits = ?", (before + 1,))
        if before % 3 == 2 and before not in failed:
            failed.add(before)
            raise ValueError(before)

    failed: set[int] = set()
    outcomes = await asyncio.gather(*(database.write(increment) for _ in range(150)), return_exceptions=True)
    succeeded = sum(outcome is None for outcome in outcomes)
    total = await database.read(lambda tx: tx.execute("SELECT allowance_credits FROM guild_settings").fetchone()[0])
    assert (len(failed) > 0, total) == (True, succeeded)


async def test_write_whose_awaiter_is_cancelled_inside_it_is_whole(database):
    gate = Gate(1)
    task = asyncio.create_task(database.write(gate))
    await gate.reached()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.opened.set()
    await database.write(put(2))
    assert await database.read(kept) == [1, 2]


async def test_failing_write_whose_awaiter_is_cancelled_inside_it_is_undone(database):
    gate = Gate(1, ValueError("too late to be heard"))
    task = asyncio.create_task(database.write(gate))
    await gate.reached()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.opened.set()
    await database.write(put(2))
    assert await database.read(kept) == [2]


async def test_write_cancelled_while_it_waits_in_line_leaves_the_others_alone(database):
    gate = Gate(1)
    first = asyncio.create_task(database.write(gate))
    await gate.reached()
    second, third = (asyncio.create_task(database.write(put(value))) for value in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    gate.opened.set()
    await first
    await third
    assert second.cancelled()
    assert {1, 3} <= set(await database.read(kept))


async def test_close_waits_for_a_write_whose_awaiter_has_left(path):
    gate = Gate(1)
    async with Database.open(path) as database:
        task = asyncio.create_task(database.write(gate))
        await gate.reached()
        task.cancel()
        asyncio.get_running_loop().call_soon(gate.opened.set)
    async with Database.open(path) as database:
        assert await database.read(kept) == [1]


async def test_read_does_not_wait_for_the_writer_and_sees_only_what_is_committed(database):
    gate = Gate(1)
    task = asyncio.create_task(database.write(gate))
    await gate.reached()
    assert await database.read(kept) == []
    gate.opened.set()
    await task
    assert await database.read(kept) == [1]


async def test_read_is_one_snapshot(database):
    begun, go_on = threading.Event(), threading.Event()

    def read_twice(tx):
        before = kept(tx)
        begun.set()
        assert go_on.wait(30)
        return before, kept(tx)

    task = asyncio.create_task(database.read(read_twice))
    assert await asyncio.to_thread(begun.wait, 30)
    await database.write(put(1))
    go_on.set()
    assert await task == ([], [])


async def test_read_cannot_write(database):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(put(1))
    assert await database.read(kept) == []


async def test_lock_of_another_process_is_reported_and_later_writes_work(path, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0.05)
    async with Database.open(path) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.DatabaseBusy) as caught:
            await database.write(put(1))
        other.close()
        await database.write(put(2))
        assert (caught.value.path, await database.read(kept)) == (path, [2])


async def test_full_disk_is_reported_and_undoes_the_whole_write(database):
    def fill(tx):
        put(1)(tx)
        pages = tx.execute("PRAGMA page_count").fetchone()[0]
        tx.execute(f"PRAGMA max_page_count = {pages}")
        for value in range(2, 5000):
            put(value)(tx)

    with pytest.raises(errors.DiskFull):
        await database.write(fill)
    await database.write(lambda tx: tx.execute("PRAGMA max_page_count = 100000").fetchone())
    await database.write(put(7))
    assert await database.read(kept) == [7]
