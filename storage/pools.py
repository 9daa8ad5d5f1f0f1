"""Sponsored pools: credits that a challenge or a class session gives to many, up to a cap for each person.

Functions take an open transaction. ``now`` is seconds since the epoch, ``actor`` who did it. Every movement is a row
of the ledger; a person's clip is held and settled with ``ledger.hold(…, pool_id=…)``, ``capture`` and ``release``.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from storage.database import Transaction
from storage.errors import (
    CapReached,
    InsufficientCredits,
    KeyReused,
    PoolClosed,
    PoolExhausted,
    RuleBroken,
    UnknownPool,
    broken_rule,
)
from storage.transfers import insert, insert_one, replayed

PoolKind = Literal["challenge", "session"]

OPEN_POOL_SQL = """
INSERT INTO pools (key, guild_id, kind, title, cap_credits, created_by, created_at)
VALUES (:key, :guild_id, :kind, :title, :cap_credits, :created_by, :now) RETURNING *
"""
POOL_ACCOUNT_SQL = "INSERT INTO accounts (guild_id, user_id, pool_id, kind) VALUES (:guild_id, 0, :pool_id, 'pool')"
CLASS_ACCOUNT_SQL = """
INSERT INTO accounts (guild_id, user_id, kind) VALUES (:guild_id, 0, 'issued'), (:guild_id, 0, 'spent')
ON CONFLICT (guild_id, user_id, kind) WHERE pool_id IS NULL DO NOTHING
"""
PERSON_OF_POOL_SQL = """
INSERT INTO accounts (guild_id, user_id, pool_id, kind)
VALUES (:guild_id, :user_id, :pool_id, 'pool_held'), (:guild_id, :user_id, :pool_id, 'pool_spent')
ON CONFLICT (pool_id, user_id, kind) WHERE pool_id IS NOT NULL DO NOTHING
"""
POOL_SQL = "SELECT * FROM pools WHERE id = ?"
POOL_BY_KEY_SQL = "SELECT * FROM pools WHERE key = ?"
OPEN_POOLS_SQL = "SELECT * FROM pools WHERE guild_id = ? AND closed_at IS NULL ORDER BY id"
EDIT_SQL = "UPDATE pools SET title = :title, cap_credits = :cap_credits WHERE id = :pool_id"
CLOSE_SQL = "UPDATE pools SET closed_at = :now WHERE id = :pool_id AND closed_at IS NULL"
BALANCE_SQL = "SELECT balance_credits FROM accounts WHERE pool_id = ? AND user_id = 0 AND kind = 'pool'"
USED_SQL = """
SELECT coalesce(sum(balance_credits), 0) FROM accounts
WHERE pool_id = ? AND user_id = ? AND kind IN ('pool_held', 'pool_spent')
"""
TOTALS_SQL = """
SELECT coalesce(sum(balance_credits) FILTER (WHERE kind = 'pool_held'), 0),
    coalesce(sum(balance_credits) FILTER (WHERE kind = 'pool_spent'), 0)
FROM accounts WHERE pool_id = ?
"""
FUND_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'grant', issued.id, pool.id, :amount_credits, :reason, :actor, :now
FROM accounts AS pool
JOIN accounts AS issued
    ON issued.guild_id = pool.guild_id AND issued.user_id = 0 AND issued.kind = 'issued' AND issued.pool_id IS NULL
WHERE pool.pool_id = :pool_id AND pool.user_id = 0 AND pool.kind = 'pool'
"""
HOLD_OF_POOL_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'hold', pool.id, held.id, :amount_credits, :reason, :actor, :now
FROM accounts AS pool
JOIN accounts AS held ON held.pool_id = pool.pool_id AND held.user_id = :user_id AND held.kind = 'pool_held'
WHERE pool.pool_id = :pool_id AND pool.user_id = 0 AND pool.kind = 'pool'
"""
OPEN_WINNER_SQL = """
INSERT INTO accounts (guild_id, user_id, kind) VALUES (:guild_id, :user_id, 'available'), (:guild_id, :user_id, 'held')
ON CONFLICT (guild_id, user_id, kind) WHERE pool_id IS NULL DO NOTHING
"""
PRIZE_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'prize', pool.id, winner.id, :amount_credits, :reason, :actor, :now
FROM accounts AS pool
JOIN accounts AS winner
    ON winner.guild_id = pool.guild_id AND winner.user_id = :user_id AND winner.kind = 'available'
    AND winner.pool_id IS NULL
WHERE pool.pool_id = :pool_id AND pool.user_id = 0 AND pool.kind = 'pool'
"""
RETURN_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'return', pool.id, issued.id, pool.balance_credits, :reason, :actor, :now
FROM accounts AS pool
JOIN accounts AS issued
    ON issued.guild_id = pool.guild_id AND issued.user_id = 0 AND issued.kind = 'issued' AND issued.pool_id IS NULL
WHERE pool.pool_id = :pool_id AND pool.user_id = 0 AND pool.kind = 'pool' AND pool.balance_credits > 0
"""
CLOSED_POOL_OF_SQL = """
SELECT pools.id FROM transfers
JOIN accounts ON accounts.id = transfers.credit_account
JOIN pools ON pools.id = accounts.pool_id
WHERE transfers.id = ? AND pools.closed_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool; ``cap_credits`` is the most that one person may hold and spend of it, None without a bound."""

    id: int
    key: str
    guild_id: int
    kind: PoolKind
    title: str
    cap_credits: int | None
    created_by: int
    created_at: float
    closed_at: float | None

    @property
    def is_open(self) -> bool:
        """Whether credits may still be put in, held and won."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole credits of a pool: left in it, held by unfinished clips, spent by finished ones."""

    available: int
    held: int
    spent: int


def open(  # noqa: A001 - read as pools.open
    tx: Transaction,
    *,
    key: str,
    guild_id: int,
    kind: PoolKind,
    title: str,
    cap_credits: int | None,
    created_by: int,
    now: float,
) -> Pool:
    """A new, empty pool; the same key returns the pool as it is now. Raises KeyReused for another server's key."""
    if (known := _first(tx, POOL_BY_KEY_SQL, key)) is not None:
        if (known.guild_id, known.kind) != (guild_id, kind):
            raise KeyReused(key)
        return known
    values: dict[str, Any] = {"key": key, "guild_id": guild_id, "kind": kind, "title": title}
    values |= {"cap_credits": cap_credits, "created_by": created_by, "now": now}
    pool = Pool(*tx.execute(OPEN_POOL_SQL, values).fetchone())
    tx.execute(CLASS_ACCOUNT_SQL, values)
    tx.execute(POOL_ACCOUNT_SQL, {"guild_id": guild_id, "pool_id": pool.id})
    return pool


def get(tx: Transaction, pool_id: int) -> Pool:
    """The pool as it is now. Raises UnknownPool."""
    if (pool := _first(tx, POOL_SQL, pool_id)) is None:
        raise UnknownPool(pool_id)
    return pool


def open_pools(tx: Transaction, guild_id: int) -> list[Pool]:
    """The server's open pools, oldest first."""
    return [Pool(*row) for row in tx.execute(OPEN_POOLS_SQL, (guild_id,))]


def edit(tx: Transaction, pool_id: int, *, title: str, cap_credits: int | None) -> None:
    """Rename an open pool or raise its cap. Raises HistoryIsFixed for a lower cap or a closed pool."""
    try:
        tx.execute(EDIT_SQL, {"pool_id": pool_id, "title": title, "cap_credits": cap_credits})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error


def totals(tx: Transaction, pool_id: int) -> Totals:
    """What has become of the pool's credits; grows with the people in it, so it is for boards and reports."""
    return Totals(available(tx, pool_id), *tx.execute(TOTALS_SQL, (pool_id,)).fetchone())


def left_for(tx: Transaction, pool: Pool, user_id: int) -> int:
    """The credits that the person may still have of the pool: within their cap and what is in it; 0 if closed."""
    if not pool.is_open:
        return 0
    there = available(tx, pool.id)
    return there if pool.cap_credits is None else max(0, min(there, pool.cap_credits - used(tx, pool.id, user_id)))


def used(tx: Transaction, pool_id: int, user_id: int) -> int:
    """What the person has held and spent of the pool."""
    return int(tx.execute(USED_SQL, (pool_id, user_id)).fetchone()[0])


def check_room(tx: Transaction, pool_id: int, user_id: int, needed: int) -> None:
    """Whether a hold of ``needed`` credits would be taken now. Raises as ``ledger.hold``."""
    pool, there = get(tx, pool_id), available(tx, pool_id)
    if not pool.is_open:
        raise PoolClosed(pool_id)
    if pool.cap_credits is not None and (left := pool.cap_credits - used(tx, pool_id, user_id)) < needed:
        raise CapReached(pool_id, left, needed)
    if there < needed:
        raise PoolExhausted(pool_id, there, needed)


def fund(tx: Transaction, pool_id: int, *, key: str, amount_credits: int, reason: str, actor: str, now: float) -> int:
    """Put new credits of the class into an open pool and return the transfer's id; idempotent on ``key``.

    Raises PoolClosed, UnknownPool, KeyReused if the key granted something else.
    """
    pool, key = get(tx, pool_id), f"fund:{key}"
    about: dict[str, Any] = {"guild_id": pool.guild_id, "user_id": 0, "amount_credits": amount_credits}
    about |= {"pool_id": pool_id}
    if (known := replayed(tx, key, **about)) is not None:
        return known
    try:
        return insert_one(tx, FUND_SQL, {**about, "key": key, "reason": reason, "actor": actor, "now": now})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error, pool_id=pool_id) from error


def hold(tx: Transaction, values: dict[str, Any]) -> int:
    """The pool's side of ``ledger.hold``, which has looked for a replay and says what is raised."""
    pool_id, user_id, needed = (values[name] for name in ("pool_id", "user_id", "amount_credits"))
    pool = get(tx, pool_id)
    if pool.guild_id != values["guild_id"]:
        raise UnknownPool(pool_id)
    tx.execute(PERSON_OF_POOL_SQL, values)
    try:
        return insert_one(tx, HOLD_OF_POOL_SQL, values)
    except sqlite3.IntegrityError as error:
        left = (pool.cap_credits or 0) - used(tx, pool_id, user_id)
        raise _of_pool(tx, error, pool_id, needed, left) from error


def prize(
    tx: Transaction, pool_id: int, *, place: int, user_id: int, amount_credits: int, actor: str, now: float
) -> int:
    """Pay a prize of the pool to a person and return the transfer's id; once per pool and ``place``, 1 the first.

    People who tie are given places one after another. Raises KeyReused if the place went to somebody else or with
    another amount, PoolExhausted, PoolClosed, UnknownPool.
    """
    pool, key = get(tx, pool_id), f"prize:{pool_id}:{place}"
    about: dict[str, Any] = {"guild_id": pool.guild_id, "user_id": user_id, "amount_credits": amount_credits}
    about |= {"pool_id": pool_id}
    if (known := replayed(tx, key, **about)) is not None:
        return known
    tx.execute(OPEN_WINNER_SQL, about)
    try:
        return insert_one(tx, PRIZE_SQL, {**about, "key": key, "reason": "prize", "actor": actor, "now": now})
    except sqlite3.IntegrityError as error:
        raise _of_pool(tx, error, pool_id, amount_credits) from error


def close(tx: Transaction, pool_id: int, *, actor: str, now: float) -> int:
    """Close the pool, return its rest to the class, and say how many credits that were; 0 if it was closed before.

    What unfinished clips hold stays held; whatever of it is released later is returned at once.
    """
    get(tx, pool_id)
    if tx.execute(CLOSE_SQL, {"pool_id": pool_id, "now": now}).rowcount == 0:
        return 0
    rest = available(tx, pool_id)
    values = {"pool_id": pool_id, "key": f"return:{pool_id}", "reason": "rest", "actor": actor, "now": now}
    insert(tx, RETURN_SQL, values)
    return rest


def return_late(tx: Transaction, transfer_id: int, *, now: float) -> None:
    """Return what ``transfer_id`` brought back into a pool that is closed by now; nothing for any other transfer."""
    row = tx.execute(CLOSED_POOL_OF_SQL, (transfer_id,)).fetchone()
    if row is not None:
        values = {"pool_id": row[0], "key": f"return:late:{transfer_id}", "reason": "rest", "actor": "calendar"}
        insert(tx, RETURN_SQL, {**values, "now": now})


def _of_pool(tx: Transaction, error: sqlite3.IntegrityError, pool_id: int, needed: int, left: int = 0) -> RuleBroken:
    there = available(tx, pool_id)
    broken = broken_rule(error, pool_id=pool_id, available=there, needed=needed, left=left)
    return PoolExhausted(pool_id, there, needed) if isinstance(broken, InsufficientCredits) else broken


def available(tx: Transaction, pool_id: int) -> int:
    """The credits that are in the pool now, neither held nor spent."""
    return int(tx.execute(BALANCE_SQL, (pool_id,)).fetchone()[0])


def _first(tx: Transaction, sql: str, value: Any) -> Pool | None:
    row = tx.execute(sql, (value,)).fetchone()
    return None if row is None else Pool(*row)
