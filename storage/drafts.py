"""Drafts: orders that are complete and wait for their person's word; nothing is held for one."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from storage.database import Transaction
from storage.records import Lane, changes, to_json

Exercise = Literal["a", "b", "c"]

ADD_SQL = """
INSERT INTO drafts (key, guild_id, channel_id, user_id, recipe, advice, exercise, created_at, expires_at, lane, pool_id)
VALUES (:key, :guild_id, :channel_id, :user_id, :recipe, :advice, :exercise, :created_at, :expires_at, :lane, :pool_id)
ON CONFLICT (key) DO NOTHING
"""
GET_SQL = """
SELECT id, key, guild_id, channel_id, user_id, recipe, advice, exercise, created_at, expires_at, lane, pool_id
FROM drafts WHERE id = ?
"""
BY_KEY_SQL = "SELECT id FROM drafts WHERE key = ?"
EDIT_SQL = "UPDATE drafts SET recipe = :recipe WHERE id = :draft_id"
# A draft that is over stays until its still is gone, so that a crash in between leaves nothing behind.
END_SQL = "UPDATE drafts SET expires_at = max(created_at + 0.001, min(expires_at, :now)) WHERE id = :draft_id"
REMOVE_SQL = "DELETE FROM drafts WHERE id = :draft_id"
EXPIRED_SQL = """
SELECT id, key, guild_id, channel_id, user_id, recipe, advice, exercise, created_at, expires_at, lane, pool_id
FROM drafts WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """An order that its person has still to agree to. ``recipe`` is plain JSON, ``advice`` about the still.

    ``key`` is the caller's, unique per draft; times are seconds since the epoch. ``lane`` is that of the job that it
    may become; ``pool_id`` is the sponsored pool that was to pay when it was shown, None where the person was.
    """

    key: str
    guild_id: int
    channel_id: int
    user_id: int
    recipe: dict[str, Any]
    advice: tuple[str, ...]
    exercise: Exercise | None
    created_at: float
    expires_at: float
    lane: Lane = "class"
    pool_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(NewDraft):
    """One row, as it was when read."""

    id: int

    @property
    def stills(self) -> tuple[str, ...]:
        """Names of the stills that it keeps."""
        return tuple(self.recipe[name] for name in ("still", "end_still") if self.recipe.get(name))


def add(tx: Transaction, new: NewDraft) -> Draft:
    """Keep a draft; a replay of the key returns the one that is there."""
    values = {name: getattr(new, name) for name in NewDraft.__dataclass_fields__}
    tx.execute(ADD_SQL, {**values, "recipe": to_json(new.recipe), "advice": to_json(list(new.advice))})
    (draft_id,) = tx.execute(BY_KEY_SQL, (new.key,)).fetchone()
    draft = get(tx, draft_id)
    assert draft is not None
    return draft


def get(tx: Transaction, draft_id: int) -> Draft | None:
    """The draft of that id."""
    row = tx.execute(GET_SQL, (draft_id,)).fetchone()
    return None if row is None else _draft(row)


def edit(tx: Transaction, draft_id: int, recipe: dict[str, Any]) -> bool:
    """Replace what is asked for; False if the draft is gone."""
    return changes(tx, EDIT_SQL, {"draft_id": draft_id, "recipe": to_json(recipe)})


def end(tx: Transaction, draft_id: int, *, now: float) -> bool:
    """Let a draft's time be over; False if it is gone."""
    return changes(tx, END_SQL, {"draft_id": draft_id, "now": now})


def remove(tx: Transaction, draft_id: int) -> bool:
    """Forget a draft; False if it was gone already."""
    return changes(tx, REMOVE_SQL, {"draft_id": draft_id})


def expired(tx: Transaction, now: float, limit: int) -> list[Draft]:
    """At most ``limit`` drafts whose time is over, oldest first."""
    return [_draft(row) for row in tx.execute(EXPIRED_SQL, {"now": now, "limit": limit})]


def _draft(row: tuple[Any, ...]) -> Draft:
    draft_id, key, guild_id, channel_id, user_id, recipe, advice, exercise, created_at, expires_at, lane, pool_id = row
    return Draft(
        id=draft_id,
        key=key,
        guild_id=guild_id,
        channel_id=channel_id,
        user_id=user_id,
        recipe=json.loads(recipe),
        advice=tuple(json.loads(advice)),
        exercise=exercise,
        created_at=float(created_at),
        expires_at=float(expires_at),
        lane=lane,
        pool_id=pool_id,
    )
