"""Orders that were offered with their price and wait for a yes, so that the button outlives the process.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from storage.database import Transaction
from storage.drafts import Exercise
from storage.records import to_json

KEPT_SECONDS = 7 * 86_400.0
"""An offer is private and leaves the screen with the next start of the client; a week is more than anybody waits."""

FORGET_SQL = "DELETE FROM proposals WHERE created_at < ? RETURNING still"
WITHDRAW_SQL = "DELETE FROM proposals WHERE guild_id = ? AND user_id = ?"
ADD_SQL = """
INSERT INTO proposals
    (id, guild_id, user_id, recipes, price_credits, varied, continues, still, pool_id, exercise, created_at)
VALUES (:id, :guild_id, :user_id, :recipes, :price_credits, :varied, :continues, :still, :pool_id, :exercise, :now)
ON CONFLICT (id) DO NOTHING
"""
GET_SQL = """
SELECT id, guild_id, user_id, recipes, price_credits, varied, continues, still, pool_id, exercise
FROM proposals WHERE id = ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """What was offered to whom. ``varied`` is None for a single clip, ``continues`` for one that continues nothing.

    ``still`` names a picture that is kept for this offer alone, ``exercise`` the one of the course that it is part of.
    ``pool_id`` is the sponsored pool that was to pay when it was made, None where the person was.
    """

    id: int
    guild_id: int
    user_id: int
    recipes: list[dict[str, Any]]
    price_credits: int
    varied: str | None = None
    continues: int | None = None
    still: str | None = None
    pool_id: int | None = None
    exercise: Exercise | None = None


def forget(tx: Transaction, *, now: float) -> list[str]:
    """Forget the offers that nobody took within KEPT_SECONDS; returns the pictures that were kept for them."""
    return [still for (still,) in tx.execute(FORGET_SQL, (now - KEPT_SECONDS,)).fetchall() if still is not None]


def withdraw(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Forget all offers to a person, with the words and pictures in them."""
    tx.execute(WITHDRAW_SQL, (guild_id, user_id))


def add(tx: Transaction, row: ProposalRow, *, now: float) -> None:
    """Keep an offer. Idempotent on its id."""
    tx.execute(ADD_SQL, {**asdict(row), "recipes": to_json(row.recipes), "now": now})


def get(tx: Transaction, proposal_id: int) -> ProposalRow | None:
    """The offer of that id, unless it was forgotten."""
    row = tx.execute(GET_SQL, (proposal_id,)).fetchone()
    if row is None:
        return None
    number, guild_id, user_id, recipes, price_credits, varied, continues, still, pool_id, exercise = row
    return ProposalRow(
        id=number,
        guild_id=guild_id,
        user_id=user_id,
        recipes=json.loads(recipes),
        price_credits=price_credits,
        varied=varied,
        continues=continues,
        still=still,
        pool_id=pool_id,
        exercise=exercise,
    )
