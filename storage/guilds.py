"""Settings of a server that its instructors choose; what they leave open is the operator's default."""

from dataclasses import asdict, dataclass

from storage.database import Transaction

GET_SQL = "SELECT allowance_credits, timezone FROM guild_settings WHERE guild_id = ?"

SET_SQL = """
INSERT INTO guild_settings (guild_id, allowance_credits, timezone, updated_by, updated_at)
VALUES (:guild_id, :allowance_credits, :timezone, :updated_by, :now)
ON CONFLICT (guild_id) DO UPDATE SET allowance_credits = excluded.allowance_credits,
    timezone = excluded.timezone, updated_by = excluded.updated_by, updated_at = excluded.updated_at
"""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """``allowance_credits`` per person and month, and the IANA ``timezone`` in which a month begins; None: default."""

    allowance_credits: int | None = None
    timezone: str | None = None


def get(tx: Transaction, guild_id: int) -> GuildSettings:
    """The server's settings; all default for a server never set."""
    row = tx.execute(GET_SQL, (guild_id,)).fetchone()
    return GuildSettings() if row is None else GuildSettings(*row)


def set(  # noqa: A001 - read as guilds.set
    tx: Transaction, guild_id: int, settings: GuildSettings, *, updated_by: int, now: float
) -> None:
    """Replace the server's settings; ``updated_by`` is the instructor's user id. The caller checks the time zone."""
    tx.execute(SET_SQL, {"guild_id": guild_id, **asdict(settings), "updated_by": updated_by, "now": now})
