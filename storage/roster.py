"""Whom the bot has met in a server, and the roles they had then; without the list of members it knows no more.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

from collections.abc import Collection
from dataclasses import dataclass

from storage.database import Transaction

MEET_SQL = """
INSERT INTO people (guild_id, user_id, name, met_at, seen_at) VALUES (:guild_id, :user_id, :name, :now, :now)
ON CONFLICT (guild_id, user_id) DO UPDATE SET name = excluded.name, seen_at = max(seen_at, excluded.seen_at)
"""
DROP_ROLES_SQL = "DELETE FROM people_roles WHERE guild_id = ? AND user_id = ?"
ADD_ROLE_SQL = "INSERT INTO people_roles (guild_id, role_id, user_id) VALUES (?, ?, ?)"
WITH_ROLE_SQL = "SELECT user_id FROM people_roles WHERE guild_id = ? AND role_id = ? ORDER BY user_id"
PEOPLE_SQL = "SELECT user_id, name, seen_at FROM people WHERE guild_id = ? ORDER BY user_id"
FORGET_SQL = "DELETE FROM people WHERE guild_id = ? AND user_id = ?"


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A person as the bot last met them; ``seen_at`` is seconds since the epoch."""

    user_id: int
    name: str
    seen_at: float


def meet(tx: Transaction, guild_id: int, user_id: int, *, name: str, role_ids: Collection[int], now: float) -> None:
    """Note the person as they are now; their earlier name and roles are forgotten."""
    tx.execute(MEET_SQL, {"guild_id": guild_id, "user_id": user_id, "name": name, "now": now})
    tx.execute(DROP_ROLES_SQL, (guild_id, user_id))
    tx.executemany(ADD_ROLE_SQL, [(guild_id, role_id, user_id) for role_id in sorted(set(role_ids))])


def with_role(tx: Transaction, guild_id: int, role_id: int) -> list[int]:
    """User ids of those who had the role when they were last met."""
    return [user_id for (user_id,) in tx.execute(WITH_ROLE_SQL, (guild_id, role_id))]


def people(tx: Transaction, guild_id: int) -> list[Acquaintance]:
    """Everybody ever met in the server; for reports, as it grows with the class."""
    return [Acquaintance(*row) for row in tx.execute(PEOPLE_SQL, (guild_id,))]


def forget(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Remove the person's name and roles; they are met anew if they come again."""
    tx.execute(FORGET_SQL, (guild_id, user_id))
    tx.execute(DROP_ROLES_SQL, (guild_id, user_id))
