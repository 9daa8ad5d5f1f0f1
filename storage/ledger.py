"""Credits: every movement is one append-only transfer, and a replay of any of them changes nothing.

Functions take an open transaction. ``now`` is seconds since the epoch, ``reason`` a short code, ``actor`` who did it.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from storage.audit import audit
from storage.database import Transaction
from storage.errors import (
    AlreadyRefunded,
    AlreadySettled,
    InsufficientCredits,
    KeyReused,
    NotCaptured,
    UnknownHold,
    broken_rule,
)
from storage.statement import Entry, Kind, statement

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
]

Settlement = Literal["capture", "release"]

PERSON_SQL = "SELECT kind, balance_credits, allowance_month FROM accounts WHERE guild_id = ? AND user_id = ?"

OPEN_SQL = """
INSERT INTO accounts (guild_id, user_id, kind) VALUES
    (:guild_id, 0, 'issued'), (:guild_id, 0, 'spent'), (:guild_id, :user_id, 'available'), (:guild_id, :user_id, 'held')
ON CONFLICT (guild_id, user_id, kind) DO NOTHING
"""

ALLOWANCE_SQL = """
UPDATE accounts SET allowance_month = :month WHERE guild_id = :guild_id AND user_id = :user_id AND kind = 'available'
"""

BY_KEY_SQL = """
SELECT transfer.id, transfer.amount_credits, person.guild_id, person.user_id
FROM transfers AS transfer
JOIN accounts AS person ON person.id IN (transfer.debit_account, transfer.credit_account) AND person.kind = 'available'
WHERE transfer.key = ?
"""

GRANT_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'grant', issued.id, available.id, :amount_credits, :reason, :actor, :now
FROM accounts AS available
JOIN accounts AS issued ON issued.guild_id = available.guild_id AND issued.user_id = 0 AND issued.kind = 'issued'
WHERE available.guild_id = :guild_id AND available.user_id = :user_id AND available.kind = 'available'
"""

HOLD_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'hold', available.id, held.id, :amount_credits, :reason, :actor, :now
FROM accounts AS available
JOIN accounts AS held
    ON held.guild_id = available.guild_id AND held.user_id = available.user_id AND held.kind = 'held'
WHERE available.guild_id = :guild_id AND available.user_id = :user_id AND available.kind = 'available'
"""

SETTLEMENT_SQL = "SELECT id, kind, amount_credits FROM transfers WHERE hold_id = ? AND kind IN ('capture', 'release')"

CAPTURE_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
SELECT 'capture:' || hold.id, 'capture', hold.credit_account, spent.id, hold.amount_credits, hold.id,
    :reason, :actor, :now
FROM transfers AS hold
JOIN accounts AS held ON held.id = hold.credit_account
JOIN accounts AS spent ON spent.guild_id = held.guild_id AND spent.user_id = 0 AND spent.kind = 'spent'
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


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole credits of one person in one class: free to use, and held by unfinished jobs."""

    available: int
    held: int


def see(tx: Transaction, *, guild_id: int, user_id: int, month: str, allowance_credits: int, now: float) -> Balance:
    """The person's balance, after what this calendar month ("2026-11", in the class's time zone) owes them.

    A person never seen before gets the whole allowance, whatever has been granted to them. A later month tops
    available and held credits up to the allowance, never takes any away, and counts as done even if nothing was
    due. A month before the last one topped up gives nothing, so a clock set back cannot pay twice. Idempotent.
    """
    available, held, last_month = _person(tx, guild_id, user_id)
    if last_month is not None and month <= last_month:
        return Balance(available, held)
    due_credits = allowance_credits if last_month is None else max(0, allowance_credits - available - held)
    person = {"guild_id": guild_id, "user_id": user_id, "month": month}
    tx.execute(OPEN_SQL, person)
    tx.execute(ALLOWANCE_SQL, person)
    if due_credits > 0:
        details = {"amount_credits": due_credits, "reason": "allowance", "actor": "calendar", "now": now}
        key = f"allowance:{guild_id}:{user_id}:{month}"
        _insert(tx, GRANT_SQL, {**person, **details, "key": key})
    return Balance(available + due_credits, held)


def hold(
    tx: Transaction, *, key: str, guild_id: int, user_id: int, amount_credits: int, reason: str, actor: str, now: float
) -> int:
    """Set credits of a person aside and return the hold's id; idempotent on ``key``.

    Raises InsufficientCredits (also for a person never seen), KeyReused if the key held something else.
    """
    key = f"hold:{key}"
    if (known := _replayed(tx, key, guild_id, user_id, amount_credits)) is not None:
        return known
    values: dict[str, Any] = {"key": key, "guild_id": guild_id, "user_id": user_id, "amount_credits": amount_credits}
    values |= {"reason": reason, "actor": actor, "now": now}
    try:
        hold_id = _insert(tx, HOLD_SQL, values)
    except sqlite3.IntegrityError as error:
        available = balance(tx, guild_id, user_id).available
        raise broken_rule(error, available=available, needed=amount_credits) from error
    if hold_id is None:
        raise InsufficientCredits(available=0, needed=amount_credits)
    return hold_id


def grant(
    tx: Transaction, *, key: str, guild_id: int, user_id: int, amount_credits: int, reason: str, actor: str, now: float
) -> int:
    """Give a person credits, seen before or not, and return the transfer's id; idempotent on ``key``.

    Raises KeyReused if the key granted something else.
    """
    key = f"grant:{key}"
    if (known := _replayed(tx, key, guild_id, user_id, amount_credits)) is not None:
        return known
    values: dict[str, Any] = {"key": key, "guild_id": guild_id, "user_id": user_id, "amount_credits": amount_credits}
    values |= {"reason": reason, "actor": actor, "now": now}
    tx.execute(OPEN_SQL, values)
    return _expect(_insert(tx, GRANT_SQL, values))


def capture(tx: Transaction, hold_id: int, *, reason: str, actor: str, now: float) -> int:
    """Charge a hold, whole, and return the transfer's id; a second capture returns the first one's.

    Raises AlreadySettled if it was released, UnknownHold.
    """
    return _settle(tx, CAPTURE_SQL, "capture", hold_id, {"reason": reason, "actor": actor, "now": now})


def release(tx: Transaction, hold_id: int, *, reason: str, actor: str, now: float) -> int:
    """Give a hold back, whole, and return the transfer's id; a second release returns the first one's.

    Raises AlreadySettled if it was captured, UnknownHold.
    """
    return _settle(tx, RELEASE_SQL, "release", hold_id, {"reason": reason, "actor": actor, "now": now})


def is_refunded(tx: Transaction, hold_id: int) -> bool:
    """Whether captured credits of this hold were given back."""
    return tx.execute(REFUND_BY_HOLD_SQL, (hold_id,)).fetchone() is not None


def refund(
    tx: Transaction, hold_id: int, *, amount_credits: int | None = None, reason: str, actor: str, now: float
) -> int:
    """Give captured credits back, all or ``amount_credits`` of them, once per hold; a replay returns the first.

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
        return _expect(_insert(tx, REFUND_SQL, values))
    except sqlite3.IntegrityError as error:
        raise broken_rule(error, hold_id=hold_id) from error


def settlement(tx: Transaction, hold_id: int) -> Settlement | None:
    """How a hold ended: "capture", "release", or None while it is open or if it does not exist."""
    row = tx.execute(SETTLEMENT_SQL, (hold_id,)).fetchone()
    return None if row is None else row[1]


def balance(tx: Transaction, guild_id: int, user_id: int) -> Balance:
    """What the person has now; nothing for a person never seen. Creates and changes nothing."""
    available, held, _ = _person(tx, guild_id, user_id)
    return Balance(available, held)


def _person(tx: Transaction, guild_id: int, user_id: int) -> tuple[int, int, str | None]:
    """Available and held credits, and the last month whose allowance was given."""
    available, held, month = 0, 0, None
    for kind, credits_, allowance_month in tx.execute(PERSON_SQL, (guild_id, user_id)):
        if kind == "available":
            available, month = credits_, allowance_month
        elif kind == "held":
            held = credits_
    return available, held, month


def _replayed(tx: Transaction, key: str, guild_id: int, user_id: int, amount_credits: int) -> int | None:
    row = tx.execute(BY_KEY_SQL, (key,)).fetchone()
    if row is None:
        return None
    if row[1:] != (amount_credits, guild_id, user_id):
        raise KeyReused(key)
    return int(row[0])


def _settle(tx: Transaction, sql: str, kind: Settlement, hold_id: int, details: dict[str, Any]) -> int:
    settled = tx.execute(SETTLEMENT_SQL, (hold_id,)).fetchone()
    if settled is not None:
        if settled[1] != kind:
            raise AlreadySettled(hold_id)
        return int(settled[0])
    inserted = _insert(tx, sql, {"hold_id": hold_id, **details})
    if inserted is None:
        raise UnknownHold(hold_id)
    return inserted


def _insert(tx: Transaction, sql: str, values: dict[str, Any]) -> int | None:
    """The new row's id, or None if ``sql`` selected nothing to insert."""
    cursor = tx.execute(sql, values)
    return cursor.lastrowid if cursor.rowcount == 1 else None


def _expect(inserted: int | None) -> int:
    if inserted is None:
        msg = "a statement that always inserts inserted nothing"
        raise RuntimeError(msg)
    return inserted
