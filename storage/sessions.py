"""Class sessions: started by an instructor, ended once, summed up when the last clip is over, told about once.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

from storage import class_rules
from storage.database import Transaction
from storage.errors import KeyReused
from storage.records import JobState, Lane, changes, to_json

BoardState = Literal["pending", "posted", "abandoned"]
Pin = Literal["pinned", "forbidden", "full"]
Closing = Literal["pending", "posted", "abandoned"]

ADD_SQL = """
INSERT INTO class_sessions (key, guild_id, channel_id, pool_id, model_id, clips_per_person, locale, started_by,
    started_at, ends_at)
VALUES (:key, :guild_id, :channel_id, :pool_id, :model_id, :clips_per_person, :locale, :started_by,
    :started_at, :ends_at)
RETURNING *
"""
BY_ID_SQL = "SELECT * FROM class_sessions WHERE id = ?"
BY_KEY_SQL = "SELECT * FROM class_sessions WHERE key = ?"
OF_POOL_SQL = "SELECT * FROM class_sessions WHERE pool_id = ?"
UNENDED_SQL = "SELECT * FROM class_sessions WHERE guild_id = ? AND ended_at IS NULL"
OF_GUILD_SQL = "SELECT * FROM class_sessions WHERE guild_id = ? ORDER BY id DESC LIMIT ?"
DUE_SQL = "SELECT * FROM class_sessions WHERE ended_at IS NULL AND ends_at <= ? ORDER BY ends_at"
NEXT_DUE_SQL = "SELECT min(ends_at) FROM class_sessions WHERE ended_at IS NULL"
LIVE_SQL = """
SELECT * FROM class_sessions WHERE tally IS NULL AND board = 'posted' ORDER BY id
"""
UNTOLD_SQL = """
SELECT * FROM class_sessions
WHERE (tally IS NULL OR closing = 'pending') AND (board = 'pending' OR closing IS NOT NULL)
ORDER BY id LIMIT ?
"""
DRAINED_SQL = """
SELECT * FROM class_sessions
WHERE tally IS NULL AND ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.pool_id = class_sessions.pool_id AND jobs.finished_at IS NULL)
ORDER BY id
"""
END_SQL = """
UPDATE class_sessions SET ended_by = :ended_by, ended_at = min(:now, ends_at)
WHERE id = :session_id AND ended_at IS NULL
"""
SUM_UP_SQL = """
UPDATE class_sessions SET tally = :tally, closing = 'pending'
WHERE id = :session_id AND ended_at IS NOT NULL AND tally IS NULL
"""
BOARD_POSTED_SQL = """
UPDATE class_sessions SET board = 'posted', board_message_id = :message_id, pin = :pin
WHERE id = :session_id AND board = 'pending'
"""
BOARD_LOST_SQL = """
UPDATE class_sessions SET board = 'pending', board_message_id = NULL, pin = NULL
WHERE id = :session_id AND board = 'posted' AND board_message_id = :message_id AND tally IS NULL
"""
ABANDON_BOARD_SQL = "UPDATE class_sessions SET board = 'abandoned' WHERE id = :session_id AND board <> 'abandoned'"
CLOSING_POSTED_SQL = """
UPDATE class_sessions SET closing = 'posted', closing_message_id = :message_id
WHERE id = :session_id AND closing = 'pending'
"""
ABANDON_CLOSING_SQL = "UPDATE class_sessions SET closing = 'abandoned' WHERE id = :session_id AND closing = 'pending'"
CLIPS_SQL = """
SELECT user_id, lane, state, created_at, started_at, price_credits,
    EXISTS (SELECT 1 FROM transfers WHERE transfers.hold_id = jobs.hold_id AND transfers.kind = 'refund')
FROM jobs WHERE pool_id = ?
"""
TAKEN_SQL = """
SELECT count(*) FROM jobs
WHERE pool_id = :pool_id AND user_id = :user_id AND lane = 'class' AND state IN ('queued', 'running', 'succeeded')
    AND NOT EXISTS (SELECT 1 FROM transfers WHERE transfers.hold_id = jobs.hold_id AND transfers.kind = 'refund')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What an instructor starts. ``key`` is the interaction's id; times are seconds since the epoch.

    ``model_id`` None leaves the choice of model, ``clips_per_person`` None is without a bound.
    """

    key: str
    guild_id: int
    channel_id: int
    pool_id: int
    model_id: str | None
    clips_per_person: int | None
    locale: str
    started_by: int
    started_at: float
    ends_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of a session so far: clips made for people and as demonstrations, and what became of the others.

    ``people`` have a clip that was made. The median wait is from order to render, of people's clips only, and None
    before the first of them. ``spent_credits`` came out of the pool for good.
    """

    made: int
    demonstrations: int
    people: int
    failed: int
    cancelled: int
    unfinished: int
    spent_credits: int
    median_wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class SessionClip:
    """The little of a session's job that a tally needs.

    ``waited_seconds`` is None while no render has begun, and leaves out the time in which its class was paused.
    """

    user_id: int
    lane: Lane
    state: JobState
    waited_seconds: float | None
    price_credits: int
    was_refunded: bool


@dataclass(frozen=True, slots=True)
class ClassSession:
    """One row, in the order of its columns."""

    id: int
    key: str
    guild_id: int
    channel_id: int
    pool_id: int
    model_id: str | None
    clips_per_person: int | None
    locale: str
    started_by: int
    started_at: float
    ends_at: float
    ended_by: int | None
    ended_at: float | None
    tally: Tally | None
    board: BoardState
    board_message_id: int | None
    pin: Pin | None
    closing: Closing | None
    closing_message_id: int | None


_COLUMNS: Final = tuple(field.name for field in fields(ClassSession))


def add(tx: Transaction, new: NewSession) -> ClassSession:
    """A new session; the same key returns the one it made.

    Raises KeyReused for another server's key, RuleBroken for a class that has a session or a pool of another kind.
    """
    if (known := by_key(tx, new.key)) is not None:
        if known.guild_id != new.guild_id:
            raise KeyReused(new.key)
        return known
    return _session(tx.execute(ADD_SQL, asdict(new)).fetchone())


def get(tx: Transaction, session_id: int) -> ClassSession | None:
    """The session as it is now."""
    return _first(tx, BY_ID_SQL, session_id)


def by_key(tx: Transaction, key: str) -> ClassSession | None:
    """The session started with that key."""
    return _first(tx, BY_KEY_SQL, key)


def of_pool(tx: Transaction, pool_id: int) -> ClassSession | None:
    """The session whose pool that is; None for a challenge's."""
    return _first(tx, OF_POOL_SQL, pool_id)


def unended(tx: Transaction, guild_id: int) -> ClassSession | None:
    """The class's session that nobody has ended yet, though its time may be over."""
    return _first(tx, UNENDED_SQL, guild_id)


def running(tx: Transaction, guild_id: int, now: float) -> ClassSession | None:
    """The session that pays for the class's orders at this moment."""
    session = unended(tx, guild_id)
    return None if session is None or session.ends_at <= now else session


def of_guild(tx: Transaction, guild_id: int, limit: int) -> list[ClassSession]:
    """The class's newest sessions, newest first."""
    return _all(tx, OF_GUILD_SQL, (guild_id, limit))


def due(tx: Transaction, now: float) -> list[ClassSession]:
    """Sessions whose time is over and that nobody has ended, the longest overdue first."""
    return _all(tx, DUE_SQL, (now,))


def next_due_at(tx: Transaction) -> float | None:
    """When the next session ends by itself; None if none runs."""
    (at,) = tx.execute(NEXT_DUE_SQL).fetchone()
    return None if at is None else float(at)


def live(tx: Transaction) -> list[ClassSession]:
    """Sessions whose board is to be kept as they are now, oldest first."""
    return _all(tx, LIVE_SQL)


def untold(tx: Transaction, limit: int) -> list[ClassSession]:
    """Sessions whose board or last words are still to be posted, oldest first."""
    return _all(tx, UNTOLD_SQL, (limit,))


def drained(tx: Transaction) -> list[ClassSession]:
    """Sessions that have ended, whose last clip is over, and that are not summed up, oldest first."""
    return _all(tx, DRAINED_SQL)


def end(tx: Transaction, session_id: int, *, ended_by: int, now: float) -> bool:
    """End a session, at the latest at the time that was set; 0 is the clock."""
    return changes(tx, END_SQL, {"session_id": session_id, "ended_by": ended_by, "now": now})


def sum_up(tx: Transaction, session_id: int, tally: Tally) -> bool:
    """Write down what came of a session that has ended; its last words are to be said from then on."""
    return changes(tx, SUM_UP_SQL, {"session_id": session_id, "tally": to_json(asdict(tally))})


def board_posted(tx: Transaction, session_id: int, message_id: int, pin: Pin) -> bool:
    """Note where the board stands, and whether it is pinned."""
    return changes(tx, BOARD_POSTED_SQL, {"session_id": session_id, "message_id": message_id, "pin": pin})


def board_lost(tx: Transaction, session_id: int, message_id: int) -> bool:
    """Owe the board again, whose message somebody has deleted; False if it is another one by now, or all is over."""
    return changes(tx, BOARD_LOST_SQL, {"session_id": session_id, "message_id": message_id})


def abandon_board(tx: Transaction, session_id: int) -> bool:
    """Show the session on no board: it cannot be posted, or somebody has deleted it."""
    return changes(tx, ABANDON_BOARD_SQL, {"session_id": session_id})


def closing_posted(tx: Transaction, session_id: int, message_id: int) -> bool:
    """Mark the last words as said by that message."""
    return changes(tx, CLOSING_POSTED_SQL, {"session_id": session_id, "message_id": message_id})


def abandon_closing(tx: Transaction, session_id: int) -> bool:
    """Say no last words, because the channel is gone; the tally stays."""
    return changes(tx, ABANDON_CLOSING_SQL, {"session_id": session_id})


def clips(tx: Transaction, session: ClassSession) -> list[SessionClip]:
    """Every job that the session's pool pays or has paid for."""
    pauses = class_rules.pauses(tx, session.guild_id, session.started_at)
    return [
        SessionClip(user_id, lane, state, _waited(created_at, started_at, pauses), price_credits, bool(was_refunded))
        for user_id, lane, state, created_at, started_at, price_credits, was_refunded in tx.execute(
            CLIPS_SQL, (session.pool_id,)
        )
    ]


def _waited(created_at: float, started_at: float | None, pauses: list[tuple[float, float]]) -> float | None:
    """Seconds in line while the class was running."""
    if started_at is None:
        return None
    paused = sum(max(0.0, min(end, started_at) - max(start, created_at)) for start, end in pauses)
    return started_at - created_at - paused


def taken(tx: Transaction, pool_id: int, user_id: int) -> int:
    """How many clips the person has of a session: in the making or made, and not given back."""
    return int(tx.execute(TAKEN_SQL, {"pool_id": pool_id, "user_id": user_id}).fetchone()[0])


def _all(tx: Transaction, sql: str, values: tuple[object, ...] = ()) -> list[ClassSession]:
    return [_session(row) for row in tx.execute(sql, values)]


def _first(tx: Transaction, sql: str, value: object) -> ClassSession | None:
    return next(iter(_all(tx, sql, (value,))), None)


def _session(row: tuple[Any, ...]) -> ClassSession:
    columns = dict(zip(_COLUMNS, row, strict=True))
    tally = columns.pop("tally")
    return ClassSession(**columns, tally=None if tally is None else Tally(**json.loads(tally)))
