"""Asking the instructors for more credits: one open request a person, decided once.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

from dataclasses import dataclass
from typing import Any, Literal

from storage.database import Transaction

RequestState = Literal["open", "approved", "declined"]

ASK_SQL = """
INSERT INTO credit_requests (key, guild_id, user_id, channel_id, amount_credits, why, asked_at)
VALUES (:key, :guild_id, :user_id, :channel_id, :amount_credits, :why, :now)
ON CONFLICT DO NOTHING
"""
REPLAYED_SQL = "SELECT * FROM credit_requests WHERE key = ?"
OPEN_SQL = "SELECT * FROM credit_requests WHERE guild_id = ? AND user_id = ? AND state = 'open'"
GET_SQL = "SELECT * FROM credit_requests WHERE id = ?"
REVISE_SQL = """
UPDATE credit_requests SET amount_credits = :amount_credits, why = :why, channel_id = :channel_id
WHERE guild_id = :guild_id AND user_id = :user_id AND state = 'open' AND card_message_id IS NULL
"""
CARD_SQL = "UPDATE credit_requests SET card_channel_id = ?, card_message_id = ? WHERE id = ?"
DECIDE_SQL = """
UPDATE credit_requests SET state = :state, decided_by = :actor_id, decided_at = :now
WHERE id = :request_id AND state = 'open'
"""


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """One request; the card is the message by which the instructors know, None until it is posted."""

    id: int
    key: str
    guild_id: int
    user_id: int
    channel_id: int
    amount_credits: int
    why: str
    asked_at: float
    card_channel_id: int | None
    card_message_id: int | None
    state: RequestState
    decided_by: int | None
    decided_at: float | None


def ask(
    tx: Transaction,
    *,
    key: str,
    guild_id: int,
    user_id: int,
    channel_id: int,
    amount_credits: int,
    why: str,
    now: float,
) -> CreditRequest:
    """The request made with ``key``, or the one that is open already, or else a new one.

    An open one that never reached the instructors is asked anew, as it is worded now.
    """
    values: dict[str, Any] = {"key": key, "guild_id": guild_id, "user_id": user_id, "channel_id": channel_id}
    values |= {"amount_credits": amount_credits, "why": why, "now": now}
    if tx.execute(ASK_SQL, values).rowcount == 0:
        tx.execute(REVISE_SQL, values)
    found = tx.execute(REPLAYED_SQL, (key,)).fetchone() or tx.execute(OPEN_SQL, (guild_id, user_id)).fetchone()
    return CreditRequest(*found)


def get(tx: Transaction, request_id: int) -> CreditRequest | None:
    """The request of that id."""
    row = tx.execute(GET_SQL, (request_id,)).fetchone()
    return None if row is None else CreditRequest(*row)


def set_card(tx: Transaction, request_id: int, channel_id: int, message_id: int) -> None:
    """Remember the message by which the instructors know."""
    tx.execute(CARD_SQL, (channel_id, message_id, request_id))


def decide(
    tx: Transaction, request_id: int, state: Literal["approved", "declined"], *, actor_id: int, now: float
) -> bool:
    """Whether the request was open and is now decided."""
    values = {"request_id": request_id, "state": state, "actor_id": actor_id, "now": now}
    return tx.execute(DECIDE_SQL, values).rowcount == 1
