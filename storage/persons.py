"""What a person set for themselves in one server."""

from storage.database import Transaction

SHOWS_COACH_SQL = "SELECT shows_coach FROM person_settings WHERE guild_id = ? AND user_id = ?"
SET_SHOWS_COACH_SQL = """
INSERT INTO person_settings (guild_id, user_id, shows_coach, updated_at) VALUES (:guild_id, :user_id, :shown, :now)
ON CONFLICT (guild_id, user_id) DO UPDATE SET shows_coach = excluded.shows_coach, updated_at = excluded.updated_at
"""


def shows_coach(tx: Transaction, guild_id: int, user_id: int) -> bool:
    """Whether the person wants to see the coach's card; true for whoever has not said otherwise."""
    row = tx.execute(SHOWS_COACH_SQL, (guild_id, user_id)).fetchone()
    return row is None or bool(row[0])


def set_shows_coach(tx: Transaction, guild_id: int, user_id: int, shown: bool, *, now: float) -> None:
    """Turn the coach's card on or off for the person. Idempotent."""
    tx.execute(SET_SHOWS_COACH_SQL, {"guild_id": guild_id, "user_id": user_id, "shown": int(shown), "now": now})
