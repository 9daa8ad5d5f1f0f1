"""Credits about to be given or taken back: kept between the preview and the press that confirms it.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

import json
from dataclasses import dataclass, fields
from typing import Literal

from storage.database import Transaction
from storage.records import to_json

DraftKind = Literal["grant", "take"]
DraftState = Literal["open", "done", "discarded"]

ADD_SQL = """
INSERT INTO grant_drafts (key, guild_id, actor_id, kind, whom_id, shares, why, drafted_at)
VALUES (:key, :guild_id, :actor_id, :kind, :whom_id, :shares, :why, :now)
ON CONFLICT (key) DO NOTHING
"""
BY_KEY_SQL = "SELECT id FROM grant_drafts WHERE key = ?"
GET_SQL = "SELECT id, guild_id, actor_id, kind, whom_id, shares, why, state FROM grant_drafts WHERE id = ?"
END_SQL = "UPDATE grant_drafts SET state = :state WHERE id = :draft_id AND state = 'open'"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """Who is to get or lose how much: ``shares`` are (user id, credits); ``whom_id`` is the one person or the role."""

    key: str
    guild_id: int
    actor_id: int
    kind: DraftKind
    whom_id: int | None
    shares: tuple[tuple[int, int], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is now."""

    id: int
    guild_id: int
    actor_id: int
    kind: DraftKind
    whom_id: int | None
    shares: tuple[tuple[int, int], ...]
    why: str
    state: DraftState


def add(tx: Transaction, new: NewDraft, *, now: float) -> int:
    """Keep the draft and return its id; the same key returns the first one's. Raises RuleBroken for an empty one."""
    values = {name: getattr(new, name) for name in ("key", "guild_id", "actor_id", "kind", "whom_id", "why")}
    tx.execute(ADD_SQL, {**values, "shares": to_json(new.shares), "now": now})
    return int(tx.execute(BY_KEY_SQL, (new.key,)).fetchone()[0])


def get(tx: Transaction, draft_id: int) -> Draft | None:
    """The draft of that id."""
    row = tx.execute(GET_SQL, (draft_id,)).fetchone()
    if row is None:
        return None
    columns = dict(zip((field.name for field in fields(Draft)), row, strict=True))
    shares = tuple((int(user_id), int(credits_)) for user_id, credits_ in json.loads(columns["shares"]))
    return Draft(**{**columns, "shares": shares})


def end(tx: Transaction, draft_id: int, state: Literal["done", "discarded"]) -> bool:
    """Whether the draft was open and now is not."""
    return tx.execute(END_SQL, {"draft_id": draft_id, "state": state}).rowcount == 1
