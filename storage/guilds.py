"""Settings of a server that its instructors choose; what they leave open is the operator's default."""

from dataclasses import asdict, dataclass
from typing import Literal

from storage.database import Transaction

AllowancePeriod = Literal["week", "month"]

GET_SQL = """
SELECT allowance_credits, timezone, allowance_period, allowance_cap_credits, staff_role_id, staff_channel_id,
    retention_days, approval_by
FROM guild_settings WHERE guild_id = ?
"""

SET_SQL = """
INSERT INTO guild_settings (guild_id, allowance_credits, timezone, allowance_period, allowance_cap_credits,
    staff_role_id, staff_channel_id, retention_days, approval_by, updated_by, updated_at)
VALUES (:guild_id, :allowance_credits, :timezone, :allowance_period, :allowance_cap_credits,
    :staff_role_id, :staff_channel_id, :retention_days, :approval_by, :updated_by, :now)
ON CONFLICT (guild_id) DO UPDATE SET allowance_credits = excluded.allowance_credits,
    timezone = excluded.timezone, allowance_period = excluded.allowance_period,
    allowance_cap_credits = excluded.allowance_cap_credits, staff_role_id = excluded.staff_role_id,
    staff_channel_id = excluded.staff_channel_id, retention_days = excluded.retention_days,
    approval_by = excluded.approval_by,
    updated_by = excluded.updated_by, updated_at = excluded.updated_at
"""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a server has of its own; None is the default.

    ``allowance_credits`` are given to each person every ``allowance_period`` ("month" by default), up to
    ``allowance_cap_credits`` (the allowance itself by default); it begins in the IANA ``timezone``. Whoever has
    ``staff_role_id`` is an instructor; ``staff_channel_id`` is where instructors are told what needs them. What people
    made is removed after ``retention_days`` (never by default).
    ``approval_by`` is who had finished clips wait for an instructor's approval; None lets them be posted at once.
    """

    allowance_credits: int | None = None
    timezone: str | None = None
    allowance_period: AllowancePeriod | None = None
    allowance_cap_credits: int | None = None
    staff_role_id: int | None = None
    staff_channel_id: int | None = None
    retention_days: int | None = None
    approval_by: int | None = None


def get(tx: Transaction, guild_id: int) -> GuildSettings:
    """The server's settings; all default for a server never set."""
    row = tx.execute(GET_SQL, (guild_id,)).fetchone()
    return GuildSettings() if row is None else GuildSettings(*row)


def set(  # noqa: A001 - read as guilds.set
    tx: Transaction, guild_id: int, settings: GuildSettings, *, updated_by: int, now: float
) -> None:
    """Replace the server's settings; ``updated_by`` is the instructor's user id. The caller checks the time zone."""
    tx.execute(SET_SQL, {"guild_id": guild_id, **asdict(settings), "updated_by": updated_by, "now": now})
