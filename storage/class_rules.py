"""What a class's instructors have set for it: whether it runs, which models, where, how much, and who may not.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from storage.database import Transaction

ClassState = Literal["paused", "draining"]

STATE_SQL = "SELECT state, reason, since FROM class_states WHERE guild_id = ?"
STATES_SQL = "SELECT guild_id, state, reason, since FROM class_states"
SET_STATE_SQL = """
INSERT INTO class_states (guild_id, state, reason, since) VALUES (:guild_id, :state, :reason, :now)
ON CONFLICT (guild_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = excluded.since
"""
PAUSES_SQL = """
SELECT what, at FROM staff_acts
WHERE guild_id = :guild_id AND was_refused = 0 AND what IN ('pause', 'drain', 'resume') AND id >= coalesce((
    SELECT max(id) FROM staff_acts
    WHERE guild_id = :guild_id AND was_refused = 0 AND what IN ('pause', 'drain', 'resume') AND at <= :since
), 0)
ORDER BY id
"""
CLEAR_STATE_SQL = "DELETE FROM class_states WHERE guild_id = ?"
MODELS_OFF_SQL = "SELECT model_id FROM models_off WHERE guild_id = ?"
MODEL_OFF_SQL = "INSERT INTO models_off (guild_id, model_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
MODEL_ON_SQL = "DELETE FROM models_off WHERE guild_id = ? AND model_id = ?"
CHANNELS_SQL = "SELECT channel_id FROM allowed_channels WHERE guild_id = ?"
ALLOW_CHANNEL_SQL = "INSERT INTO allowed_channels (guild_id, channel_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
FORBID_CHANNEL_SQL = "DELETE FROM allowed_channels WHERE guild_id = ? AND channel_id = ?"
LIMITS_SQL = """
SELECT role_id, longest_seconds, largest_pixels, outstanding FROM role_limits WHERE guild_id = ? ORDER BY role_id
"""
SET_LIMITS_SQL = """
INSERT INTO role_limits (guild_id, role_id, longest_seconds, largest_pixels, outstanding)
VALUES (:guild_id, :role_id, :longest_seconds, :largest_pixels, :outstanding)
ON CONFLICT (guild_id, role_id) DO UPDATE SET longest_seconds = excluded.longest_seconds,
    largest_pixels = excluded.largest_pixels, outstanding = excluded.outstanding
"""
CLEAR_LIMITS_SQL = "DELETE FROM role_limits WHERE guild_id = ? AND role_id = ?"
BLOCKED_SQL = "SELECT reason FROM blocked_people WHERE guild_id = ? AND user_id = ?"
ALL_BLOCKED_SQL = "SELECT user_id, reason FROM blocked_people WHERE guild_id = ? ORDER BY user_id"
BLOCK_SQL = """
INSERT INTO blocked_people (guild_id, user_id, reason, since) VALUES (:guild_id, :user_id, :reason, :now)
ON CONFLICT (guild_id, user_id) DO UPDATE SET reason = excluded.reason
"""
UNBLOCK_SQL = "DELETE FROM blocked_people WHERE guild_id = ? AND user_id = ?"


@dataclass(frozen=True, slots=True)
class Closure:
    """A class that is paused (nothing starts) or draining (nothing new is taken), why, and since when."""

    state: ClassState
    reason: str
    since: float


@dataclass(frozen=True, slots=True)
class RoleLimits:
    """What people with a role may ask for; None leaves it open. A size is counted in pixels of one frame."""

    role_id: int
    longest_seconds: float | None = None
    largest_pixels: int | None = None
    outstanding: int | None = None


@dataclass(frozen=True, slots=True)
class ClassRules:
    """Everything set for one server, as far as it concerns one person; no ``channels`` means all of them."""

    closure: Closure | None
    models_off: frozenset[str]
    channels: frozenset[int]
    limits: tuple[RoleLimits, ...]
    blocked_because: str | None


def read(tx: Transaction, guild_id: int, user_id: int) -> ClassRules:
    """The rules that an order of the person has to keep."""
    blocked = tx.execute(BLOCKED_SQL, (guild_id, user_id)).fetchone()
    return ClassRules(
        closure=closure(tx, guild_id),
        models_off=frozenset(model_id for (model_id,) in tx.execute(MODELS_OFF_SQL, (guild_id,))),
        channels=frozenset(channel_id for (channel_id,) in tx.execute(CHANNELS_SQL, (guild_id,))),
        limits=tuple(RoleLimits(*row) for row in tx.execute(LIMITS_SQL, (guild_id,))),
        blocked_because=None if blocked is None else str(blocked[0]),
    )


def closure(tx: Transaction, guild_id: int) -> Closure | None:
    """Whether the class is paused or draining; None while it runs."""
    row = tx.execute(STATE_SQL, (guild_id,)).fetchone()
    return None if row is None else Closure(*row)


def pauses(tx: Transaction, guild_id: int, since: float) -> list[tuple[float, float]]:
    """(start, end) of the times in which the class was paused after ``since``, as the log has them, oldest first.

    The end of a pause that goes on is infinite; the first may have begun before.
    """
    found: list[tuple[float, float]] = []
    paused_at: float | None = None
    for what, at in tx.execute(PAUSES_SQL, {"guild_id": guild_id, "since": since}):
        if what == "pause":
            paused_at = at if paused_at is None else paused_at
        elif paused_at is not None:
            found.append((paused_at, at))
            paused_at = None
    return found if paused_at is None else [*found, (paused_at, inf)]


def closures(tx: Transaction) -> dict[int, Closure]:
    """Every class that is paused or draining, by guild id."""
    return {guild_id: Closure(*row) for guild_id, *row in tx.execute(STATES_SQL)}


def close(tx: Transaction, guild_id: int, state: ClassState, *, reason: str, now: float) -> None:
    """Pause the class or let it drain. Raises RuleBroken without a reason."""
    tx.execute(SET_STATE_SQL, {"guild_id": guild_id, "state": state, "reason": reason, "now": now})


def resume(tx: Transaction, guild_id: int) -> bool:
    """Let the class run; False if it did."""
    return tx.execute(CLEAR_STATE_SQL, (guild_id,)).rowcount == 1


def set_model(tx: Transaction, guild_id: int, model_id: str, *, is_on: bool) -> None:
    """Put a model on or off this server's menu."""
    tx.execute(MODEL_ON_SQL if is_on else MODEL_OFF_SQL, (guild_id, model_id))


def set_channel(tx: Transaction, guild_id: int, channel_id: int, *, is_allowed: bool) -> None:
    """Put a channel on the list of allowed ones, or take it off; an empty list allows all."""
    tx.execute(ALLOW_CHANNEL_SQL if is_allowed else FORBID_CHANNEL_SQL, (guild_id, channel_id))


def set_limits(tx: Transaction, guild_id: int, limits: RoleLimits) -> None:
    """Replace a role's limits; one without any is removed. The role @everyone has the server's own id."""
    values: dict[str, Any] = {
        "guild_id": guild_id,
        "role_id": limits.role_id,
        "longest_seconds": limits.longest_seconds,
        "largest_pixels": limits.largest_pixels,
        "outstanding": limits.outstanding,
    }
    if limits == RoleLimits(limits.role_id):
        tx.execute(CLEAR_LIMITS_SQL, (guild_id, limits.role_id))
    else:
        tx.execute(SET_LIMITS_SQL, values)


def blocked(tx: Transaction, guild_id: int) -> dict[int, str]:
    """Everybody who may not order, by user id, and why."""
    return dict(tx.execute(ALL_BLOCKED_SQL, (guild_id,)).fetchall())


def block(tx: Transaction, guild_id: int, user_id: int, *, reason: str, now: float) -> None:
    """Keep a person from ordering. Raises RuleBroken without a reason."""
    tx.execute(BLOCK_SQL, {"guild_id": guild_id, "user_id": user_id, "reason": reason, "now": now})


def unblock(tx: Transaction, guild_id: int, user_id: int) -> bool:
    """Let a person order again; False if they could."""
    return tx.execute(UNBLOCK_SQL, (guild_id, user_id)).rowcount == 1
