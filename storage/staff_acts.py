"""The log of what instructors did: added to in the same transaction as each change, and never rewritten.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.database import Transaction
from storage.records import to_json

WRITE_SQL = """
INSERT INTO staff_acts (key, guild_id, actor_id, what, whom_id, details, why, was_refused, at)
VALUES (:key, :guild_id, :actor_id, :what, :whom_id, :details, :why, :was_refused, :now)
ON CONFLICT (key) DO NOTHING
"""
OLDER_SQL = """
SELECT id, at, actor_id, what, whom_id, details, why FROM staff_acts
WHERE guild_id = :guild_id AND was_refused = :was_refused AND id < :before_id ORDER BY id DESC LIMIT :limit
"""
NEWER_SQL = """
SELECT id, at, actor_id, what, whom_id, details, why FROM staff_acts
WHERE guild_id = :guild_id AND was_refused = :was_refused AND id > :after_id ORDER BY id LIMIT :limit
"""

THE_BOT = "stillmotion"
"""Who made a transfer, or withdrew a message, that no person asked for."""

THE_BOTS_ID = 0
"""Who acted where time decided: no person on Discord has this id."""

_NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """What is about to be done. ``key`` is the caller's, unique per act: the interaction's id.

    ``what`` names the text ``act-<what>``, which may show
    ``whom_id`` (a person, role, channel or job, as the act has it) and ``details``, plain JSON.
    """

    key: str
    guild_id: int
    actor_id: int
    what: str
    whom_id: int | None = None
    why: str = ""
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log; ``at`` is seconds since the epoch."""

    id: int
    at: float
    actor_id: int
    what: str
    whom_id: int | None
    details: dict[str, Any] = field(hash=False)
    why: str


def by_the_bot(guild_id: int, what: str, key: str, **details: Any) -> NewAct:
    """What no instructor does, and time or the loss of a channel brings about."""
    return NewAct(key=key, guild_id=guild_id, actor_id=THE_BOTS_ID, what=what, details=details)


def write(tx: Transaction, act: NewAct, *, was_refused: bool = False, now: float) -> None:
    """Write the act down; nothing if one with its key is written already."""
    values = {name: getattr(act, name) for name in ("key", "guild_id", "actor_id", "what", "whom_id", "why")}
    tx.execute(WRITE_SQL, {**values, "details": to_json(dict(act.details)), "was_refused": was_refused, "now": now})


def page(
    tx: Transaction, guild_id: int, limit: int, *, before_id: int | None = None, was_refused: bool = False
) -> list[Act]:
    """Up to ``limit`` acts older than ``before_id`` (None: the newest), newest first."""
    before = _NEWEST if before_id is None else before_id
    values = {"guild_id": guild_id, "was_refused": was_refused, "limit": limit, "before_id": before}
    return [_act(row) for row in tx.execute(OLDER_SQL, values)]


def page_after(tx: Transaction, guild_id: int, limit: int, *, after_id: int, was_refused: bool = False) -> list[Act]:
    """Up to ``limit`` acts that followed ``after_id``, newest first."""
    values = {"guild_id": guild_id, "was_refused": was_refused, "limit": limit, "after_id": after_id}
    return [_act(row) for row in tx.execute(NEWER_SQL, values)][::-1]


def _act(row: tuple[Any, ...]) -> Act:
    act_id, at, actor_id, what, whom_id, details, why = row
    return Act(act_id, at, actor_id, what, whom_id, json.loads(details), why)
