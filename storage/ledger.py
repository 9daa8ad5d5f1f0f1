"""Credits: every movement is one append-only transfer, and a replay of any of them changes nothing.

Functions take an open transaction. ``now`` is seconds since the epoch, ``reason`` a short code, ``actor`` who did it.
"""

import sqlite3
from typing import Any, Literal

from storage import pools
from storage.allowance import GRANT_SQL, OPEN_SQL, Balance, purse, see
from storage.audit import audit
from storage.database import Transaction
from storage.errors import (
    AlreadyRefunded,
    AlreadySettled,
    InsufficientCredits,
    NotCaptured,
    UnknownHold,
    broken_rule,
)
from storage.statement import Entry, Kind, statement
from storage.transfers import insert, insert_one, replayed

__all__ = [
    "Balance",
    "Entry",
    "Kind",
    "Settlement",
    "audit",
    "balance",
    "capture",
    "grant",
    "hold",
    "refund",
    "release",
    "see",
    "settlement",
    "statement",
    "take",
]

Settlement = Literal["capture", "release"]

TAKE_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'take', available.id, issued.id, :amount_credits, :reason, :actor, :now
FROM accounts AS available
JOIN accounts AS issued
    ON issued.guild_id = available.guild_id AND issued.user_id = 0 AND issued.kind = 'issued' AND issued.pool_id IS NULL
WHERE available.guild_id = :guild_id AND available.user_id = :user_id AND available.kind = 'available'
    AND available.pool_id IS NULL
"""

HOLD_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'hold', available.id, held.id, :amount_credits, :reason, :actor, :now
FROM accounts AS available
JOIN accounts AS held
    ON held.guild_id = available.guild_id AND held.user_id = available.user_id AND held.kind = 'held'
    AND held.pool_id IS NULL
WHERE available.guild_id = :guild_id AND available.user_id = :user_id AND available.kind = 'available'
    AND available.pool_id IS NULL
"""

SETTLEMENT_SQL = "SELECT id, kind, amount_credits FROM transfers WHERE hold_id = ? AND kind IN ('capture', 'release')"

CAPTURE_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
SELECT 'capture:' || hold.id, 'capture', hold.credit_account,
    CASE WHEN held.pool_id IS NULL
        THEN (SELECT id FROM accounts
            WHERE guild_id = held.guild_id AND user_id = 0 AND kind = 'spent' AND pool_id IS NULL)
        ELSE (SELECT id FROM accounts
            WHERE pool_id = held.pool_id AND user_id = held.user_id AND kind = 'pool_spent')
    END,
    hold.amount_credits, hold.id, :reason, :actor, :now
FROM transfers AS hold
JOIN accounts AS held ON held.id = hold.credit_account
WHERE hold.id = :hold_id AND hold.kind = 'hold'
"""

RELEASE_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
SELECT 'release:' || id, 'release', credit_account, debit_account, amount_credits, id, :reason, :actor, :now
FROM transfers WHERE id = :hold_id AND kind = 'hold'
"""

REFUND_BY_HOLD_SQL = "SELECT id, amount_credits FROM transfers WHERE hold_id = ? AND kind = 'refund'"

REFUND_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
SELECT 'refund:' || hold.id, 'refund', capture.credit_account, hold.debit_account, :amount_credits, hold.id,
    :reason, :actor, :now
FROM transfers AS hold
JOIN transfers AS capture ON capture.hold_id = hold.id AND capture.kind IN ('capture', 'release')
WHERE hold.id = :hold_id
"""


def hold(
    tx: Transaction,
    *,
    key: str,
    guild_id: int,
    user_id: int,
    amount_credits: int,
    reason: str,
    actor: str,
    now: float,
    pool_id: int | None = None,
) -> int:
    """Set credits aside for a person and return the hold's id; idempotent on ``key``.

    They are the person's own, or those of the sponsored ``pool_id``; then what comes back goes back there, and the
    person's own credits are not touched. Raises InsufficientCredits (also for a person never seen), KeyReused if the
    key held something else; of a pool CapReached, PoolExhausted, PoolClosed, UnknownPool.
    """
    key = f"hold:{key}"
    about: dict[str, Any] = {"guild_id": guild_id, "user_id": user_id, "amount_credits": amount_credits}
    about |= {"pool_id": pool_id}
    if (known := replayed(tx, key, **about)) is not None:
        return known
    values = {**about, "key": key, "reason": reason, "actor": actor, "now": now}
    if pool_id is not None:
        return pools.hold(tx, values)
    return _debit(tx, HOLD_SQL, values)


def grant(
    tx: Transaction, *, key: str, guild_id: int, user_id: int, amount_credits: int, reason: str, actor: str, now: float
) -> int:
    """Give a person credits, seen before or not, and return the transfer's id; idempotent on ``key``.

    Raises KeyReused if the key granted something else.
    """
    key = f"grant:{key}"
    about: dict[str, Any] = {"guild_id": guild_id, "user_id": user_id, "amount_credits": amount_credits}
    if (known := replayed(tx, key, **about)) is not None:
        return known
    values = {**about, "key": key, "reason": reason, "actor": actor, "now": now}
    tx.execute(OPEN_SQL, values)
    return insert_one(tx, GRANT_SQL, values)


def take(
    tx: Transaction, *, key: str, guild_id: int, user_id: int, amount_credits: int, reason: str, actor: str, now: float
) -> int:
    """Take available credits of a person back and return the transfer's id; idempotent on ``key``.

    Held credits are out of reach. Raises InsufficientCredits, KeyReused if the key took something else.
    """
    key = f"take:{key}"
    about: dict[str, Any] = {"guild_id": guild_id, "user_id": user_id, "amount_credits": amount_credits}
    if (known := replayed(tx, key, **about)) is not None:
        return known
    return _debit(tx, TAKE_SQL, {**about, "key": key, "reason": reason, "actor": actor, "now": now})


def capture(tx: Transaction, hold_id: int, *, reason: str, actor: str, now: float) -> int:
    """Charge a hold, whole, and return the transfer's id; a second capture returns the first one's.

    Raises AlreadySettled if it was released, UnknownHold.
    """
    return _settle(tx, CAPTURE_SQL, "capture", hold_id, {"reason": reason, "actor": actor, "now": now})


def release(tx: Transaction, hold_id: int, *, reason: str, actor: str, now: float) -> int:
    """Give a hold back to where it came from, whole, and return the transfer's id; a second one returns the first's.

    What comes back into a closed pool is returned to the class at once. Raises AlreadySettled if it was captured,
    UnknownHold.
    """
    details = {"reason": reason, "actor": actor, "now": now}
    released = _settle(tx, RELEASE_SQL, "release", hold_id, details)
    pools.return_late(tx, released, now=now)
    return released


def is_refunded(tx: Transaction, hold_id: int) -> bool:
    """Whether captured credits of this hold were given back."""
    return tx.execute(REFUND_BY_HOLD_SQL, (hold_id,)).fetchone() is not None


def refund(
    tx: Transaction, hold_id: int, *, amount_credits: int | None = None, reason: str, actor: str, now: float
) -> int:
    """Give captured credits back to where they came from, all or ``amount_credits`` of them, once per hold.

    A replay returns the first. What comes back into a closed pool is returned to the class at once.
    Raises NotCaptured, RefundTooLarge, AlreadyRefunded if the amount differs from the one given back before.
    """
    settled = tx.execute(SETTLEMENT_SQL, (hold_id,)).fetchone()
    if settled is None or settled[1] != "capture":
        raise NotCaptured(hold_id)
    amount = settled[2] if amount_credits is None else amount_credits
    if (earlier := tx.execute(REFUND_BY_HOLD_SQL, (hold_id,)).fetchone()) is not None:
        if earlier[1] != amount:
            raise AlreadyRefunded(hold_id)
        return int(earlier[0])
    values = {"hold_id": hold_id, "amount_credits": amount, "reason": reason, "actor": actor, "now": now}
    try:
        refunded = insert_one(tx, REFUND_SQL, values)
    except sqlite3.IntegrityError as error:
        raise broken_rule(error, hold_id=hold_id) from error
    pools.return_late(tx, refunded, now=now)
    return refunded


def settlement(tx: Transaction, hold_id: int) -> Settlement | None:
    """How a hold ended: "capture", "release", or None while it is open or if it does not exist."""
    row = tx.execute(SETTLEMENT_SQL, (hold_id,)).fetchone()
    return None if row is None else row[1]


def balance(tx: Transaction, guild_id: int, user_id: int) -> Balance:
    """What the person has now; nothing for a person never seen. Creates and changes nothing."""
    available, held, _ = purse(tx, guild_id, user_id)
    return Balance(available, held)


def _debit(tx: Transaction, sql: str, values: dict[str, Any]) -> int:
    """Move a person's available credits with ``sql``. Raises InsufficientCredits, for a person never seen too."""
    needed = values["amount_credits"]
    try:
        moved = insert(tx, sql, values)
    except sqlite3.IntegrityError as error:
        available = balance(tx, values["guild_id"], values["user_id"]).available
        raise broken_rule(error, available=available, needed=needed) from error
    if moved is None:
        raise InsufficientCredits(available=0, needed=needed)
    return moved


def _settle(tx: Transaction, sql: str, kind: Settlement, hold_id: int, details: dict[str, Any]) -> int:
    settled = tx.execute(SETTLEMENT_SQL, (hold_id,)).fetchone()
    if settled is not None:
        if settled[1] != kind:
            raise AlreadySettled(hold_id)
        return int(settled[0])
    inserted = insert(tx, sql, {"hold_id": hold_id, **details})
    if inserted is None:
        raise UnknownHold(hold_id)
    return inserted
