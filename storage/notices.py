"""Who has accepted the notice that stands before a first order, and which version of it."""

from storage.database import Transaction

ACCEPTED_SQL = "SELECT version FROM notices WHERE guild_id = ? AND user_id = ?"
ACCEPT_SQL = """
INSERT INTO notices (guild_id, user_id, version, accepted_at) VALUES (:guild_id, :user_id, :version, :now)
ON CONFLICT (guild_id, user_id) DO UPDATE SET version = excluded.version, accepted_at = excluded.accepted_at
WHERE excluded.version > version
"""


def accepted(tx: Transaction, guild_id: int, user_id: int) -> int:
    """The newest version that the person accepted; 0 for whoever accepted none."""
    row = tx.execute(ACCEPTED_SQL, (guild_id, user_id)).fetchone()
    return 0 if row is None else int(row[0])


def accept(tx: Transaction, guild_id: int, user_id: int, version: int, *, now: float) -> None:
    """Note that the person accepted this version. Idempotent; an older one changes nothing."""
    tx.execute(ACCEPT_SQL, {"guild_id": guild_id, "user_id": user_id, "version": version, "now": now})
