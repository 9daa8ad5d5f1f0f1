"""Hold and capture, a transaction each: through Database.write, against plain sqlite3 with the same statements."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rows import Row
from storage import ledger, transfers
from storage.database import Database, connect_writer

ROUNDS = 7
PAIRS_PER_ROUND = 200
SHARE_TO_REACH = 0.5

_PERSON: dict[str, Any] = {"guild_id": 1, "user_id": 2}
_DETAILS: dict[str, Any] = {"reason": "clip", "actor": "benchmark", "now": 0.0}


def run() -> list[Row]:
    """Pairs per second, one after the other, as medians of alternating rounds on one disk."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_measure(Path(folder)))]


async def _measure(folder: Path) -> Row:
    plain = connect_writer(folder / "plain.db")
    ours: list[float] = []
    reference: list[float] = []
    try:
        _give_credits(plain)
        async with Database.open(folder / "ours.db") as database:
            await database.write(_give_credits)
            for number in range(ROUNDS):
                keys = [f"{number}-{pair}" for pair in range(PAIRS_PER_ROUND)]
                reference.append(_plain_round(plain, keys))
                ours.append(await _our_round(database, keys))
    finally:
        plain.close()
    ratio = median(ours) / median(reference)
    return Row(
        name="ledger: hold and capture",
        ours=median(ours),
        reference=median(reference),
        ratio=ratio,
        unit="pairs/s",
        bound=f"at least {SHARE_TO_REACH} of plain sqlite3",
        ok=ratio >= SHARE_TO_REACH,
    )


def _give_credits(tx: sqlite3.Connection) -> None:
    credits_ = ROUNDS * PAIRS_PER_ROUND
    ledger.see(tx, **_PERSON, period="2026-01-01", allowance_credits=credits_, now=0.0)


async def _our_round(database: Database, keys: list[str]) -> float:
    started = time.perf_counter()
    for key in keys:
        hold_id = await database.write(partial(ledger.hold, key=key, **_PERSON, amount_credits=1, **_DETAILS))
        await database.write(partial(ledger.capture, hold_id=hold_id, **_DETAILS))
    return len(keys) / (time.perf_counter() - started)


def _plain_round(connection: sqlite3.Connection, keys: list[str]) -> float:
    started = time.perf_counter()
    for key in keys:
        for statements in _pair(connection, key):
            connection.execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                connection.execute(sql, values).fetchone()
            connection.execute("COMMIT")
    return len(keys) / (time.perf_counter() - started)


def _pair(connection: sqlite3.Connection, key: str) -> Iterator[list[tuple[str, Any]]]:
    """The statements of a hold and of its capture, as ledger executes them."""
    held = {"key": f"hold:{key}", **_PERSON, "amount_credits": 1, **_DETAILS}
    yield [(transfers.BY_KEY_SQL, (held["key"],)), (ledger.HOLD_SQL, held)]
    hold_id = connection.execute("SELECT last_insert_rowid()").fetchone()[0]
    yield [(ledger.SETTLEMENT_SQL, (hold_id,)), (ledger.CAPTURE_SQL, {"hold_id": hold_id, **_DETAILS})]
