"""Entries that their challenge's pool does not pay for, kept until their person presses to pay, or never does.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from storage.database import Transaction
from storage.records import to_json

KEEP_SQL = """
INSERT INTO challenge_offers (key, challenge_id, user_id, recipe, at)
VALUES (:key, :challenge_id, :user_id, :recipe, :now) ON CONFLICT (key) DO NOTHING
"""
BY_KEY_SQL = "SELECT id, challenge_id, user_id, recipe FROM challenge_offers WHERE key = ?"
BY_ID_SQL = "SELECT id, challenge_id, user_id, recipe FROM challenge_offers WHERE id = ?"


@dataclass(frozen=True, slots=True)
class ChallengeOffer:
    """What a person may still enter at their own cost; ``recipe`` is plain JSON, as a job has it."""

    id: int
    challenge_id: int
    user_id: int
    recipe: dict[str, Any] = field(hash=False)


def keep(
    tx: Transaction, *, key: str, challenge_id: int, user_id: int, recipe: dict[str, Any], now: float
) -> ChallengeOffer:
    """Keep an offer; the same key returns the one it made."""
    values = {"key": key, "challenge_id": challenge_id, "user_id": user_id, "recipe": to_json(recipe), "now": now}
    tx.execute(KEEP_SQL, values)
    return _offer(tx.execute(BY_KEY_SQL, (key,)).fetchone())


def get(tx: Transaction, offer_id: int) -> ChallengeOffer | None:
    """The offer as it was kept."""
    row = tx.execute(BY_ID_SQL, (offer_id,)).fetchone()
    return None if row is None else _offer(row)


def _offer(row: tuple[Any, ...]) -> ChallengeOffer:
    offer_id, challenge_id, user_id, recipe = row
    return ChallengeOffer(offer_id, challenge_id, user_id, json.loads(recipe))
