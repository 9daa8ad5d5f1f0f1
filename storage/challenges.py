"""Challenges: set by instructors, entered in time, ended once, and told about once.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

from storage.database import Transaction
from storage.errors import KeyReused
from storage.records import changes

Voting = Literal["open", "blind", "none"]
ChallengeState = Literal["open", "closed", "cancelled"]
Results = Literal["pending", "posting", "posted", "abandoned"]

ADD_SQL = """
INSERT INTO challenges (key, guild_id, pool_id, title, brief, still, still_width, still_height, prompt, model_id,
    opens_at, closes_at, entries_per_person, prize_credits, voting, required_words, locale, size_limit_bytes,
    created_by, channel_id, created_at)
VALUES (:key, :guild_id, :pool_id, :title, :brief, :still, :still_width, :still_height, :prompt, :model_id,
    :opens_at, :closes_at, :entries_per_person, :prize_credits, :voting, :required_words, :locale,
    :size_limit_bytes, :created_by, :channel_id, :now)
RETURNING *
"""
BY_ID_SQL = "SELECT * FROM challenges WHERE id = ?"
BY_KEY_SQL = "SELECT * FROM challenges WHERE key = ?"
OF_GUILD_SQL = "SELECT * FROM challenges WHERE guild_id = ? ORDER BY id DESC LIMIT ?"
DUE_SQL = """
SELECT * FROM challenges WHERE state = 'open' AND closes_at IS NOT NULL AND closes_at <= ?
    AND NOT EXISTS (SELECT 1 FROM staff_acts WHERE key = 'decide:' || challenges.id)
ORDER BY closes_at
"""
NEXT_DUE_SQL = """
SELECT min(closes_at) FROM challenges WHERE state = 'open' AND closes_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staff_acts WHERE key = 'decide:' || challenges.id)
"""
UNTOLD_SQL = """
SELECT * FROM challenges WHERE (message_id IS NULL AND state = 'open') OR results IN ('pending', 'posting')
ORDER BY id LIMIT ?
"""
EDIT_SQL = """
UPDATE challenges SET title = :title, brief = :brief, prompt = :prompt, closes_at = :closes_at,
    entries_per_person = :entries_per_person, required_words = :required_words
WHERE id = :challenge_id AND state = 'open'
"""
END_SQL = """
UPDATE challenges SET state = :state, ended_at = :now, results = 'pending' WHERE id = :challenge_id AND state = 'open'
"""
POSTED_SQL = """
UPDATE challenges SET thread_id = :thread_id, message_id = :message_id
WHERE id = :challenge_id AND message_id IS NULL
"""
BEGIN_RESULTS_SQL = "UPDATE challenges SET results = 'posting' WHERE id = :challenge_id AND results = 'pending'"
RESULTS_POSTED_SQL = """
UPDATE challenges SET results = 'posted', results_message_id = :message_id
WHERE id = :challenge_id AND results IN ('pending', 'posting')
"""
ABANDON_RESULTS_SQL = """
UPDATE challenges SET results = 'abandoned' WHERE id = :challenge_id AND results IN ('pending', 'posting')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChallenge:
    """What an instructor sets. ``key`` is the interaction's id; times are seconds since the epoch.

    ``closes_at`` None means closed by hand, ``pool_id`` None that everybody pays for themselves.
    """

    key: str
    guild_id: int
    channel_id: int
    title: str
    brief: str
    opens_at: float
    created_by: int
    locale: str
    size_limit_bytes: int
    pool_id: int | None = None
    still: str | None = None
    still_width: int | None = None
    still_height: int | None = None
    prompt: str | None = None
    model_id: str | None = None
    closes_at: float | None = None
    entries_per_person: int = 1
    prize_credits: int = 0
    voting: Voting = "blind"
    required_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Challenge:
    """One row, in the order of its columns."""

    id: int
    key: str
    guild_id: int
    pool_id: int | None
    title: str
    brief: str
    still: str | None
    still_width: int | None
    still_height: int | None
    prompt: str | None
    model_id: str | None
    opens_at: float
    closes_at: float | None
    entries_per_person: int
    prize_credits: int
    voting: Voting
    required_words: tuple[str, ...]
    locale: str
    size_limit_bytes: int
    created_by: int
    created_at: float
    state: ChallengeState
    ended_at: float | None
    channel_id: int
    thread_id: int | None
    message_id: int | None
    results: Results | None
    results_message_id: int | None

    def takes_entries(self, now: float) -> bool:
        """Whether entering, withdrawing and voting are possible at this moment."""
        return self.state == "open" and self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


_COLUMNS: Final = tuple(field.name for field in fields(Challenge))


def add(tx: Transaction, new: NewChallenge, *, now: float) -> Challenge:
    """A new challenge; the same key returns the one it made. Raises KeyReused for another server's key."""
    if (known := _first(tx, BY_KEY_SQL, new.key)) is not None:
        if known.guild_id != new.guild_id:
            raise KeyReused(new.key)
        return known
    values = {**asdict(new), "required_words": json.dumps(new.required_words), "now": now}
    return _challenge(tx.execute(ADD_SQL, values).fetchone())


def get(tx: Transaction, challenge_id: int) -> Challenge | None:
    """The challenge as it is now."""
    return _first(tx, BY_ID_SQL, challenge_id)


def of_guild(tx: Transaction, guild_id: int, limit: int) -> list[Challenge]:
    """The server's newest challenges, newest first."""
    return [_challenge(row) for row in tx.execute(OF_GUILD_SQL, (guild_id, limit))]


def due(tx: Transaction, now: float) -> list[Challenge]:
    """Open challenges whose time is over, the longest overdue first; none whose instructors were asked to decide."""
    return [_challenge(row) for row in tx.execute(DUE_SQL, (now,))]


def next_due_at(tx: Transaction) -> float | None:
    """When the time of the next one is over that ``due`` will have; None if there is none."""
    (at,) = tx.execute(NEXT_DUE_SQL).fetchone()
    return None if at is None else float(at)


def decision_key(challenge_id: int) -> str:
    """The key of the act that asks instructors to decide; once it is written the challenge is not due any more."""
    return f"decide:{challenge_id}"


def untold(tx: Transaction, limit: int) -> list[Challenge]:
    """Challenges whose brief or whose results are still to be posted, oldest first."""
    return [_challenge(row) for row in tx.execute(UNTOLD_SQL, (limit,))]


def edit(
    tx: Transaction,
    challenge_id: int,
    *,
    title: str,
    brief: str,
    prompt: str | None,
    closes_at: float | None,
    entries_per_person: int,
    required_words: tuple[str, ...],
) -> bool:
    """Change what may be changed of an open challenge: not its pool, its prize or how it is voted on."""
    values: dict[str, Any] = {"challenge_id": challenge_id, "title": title, "brief": brief, "prompt": prompt}
    values |= {"closes_at": closes_at, "entries_per_person": entries_per_person}
    return changes(tx, EDIT_SQL, {**values, "required_words": json.dumps(required_words)})


def end(tx: Transaction, challenge_id: int, state: Literal["closed", "cancelled"], *, now: float) -> bool:
    """Close or cancel an open challenge; its results are to be told from then on."""
    return changes(tx, END_SQL, {"challenge_id": challenge_id, "state": state, "now": now})


def posted(tx: Transaction, challenge_id: int, *, thread_id: int, message_id: int) -> bool:
    """Note where the brief stands; entries are posted to ``thread_id``."""
    return changes(tx, POSTED_SQL, {"challenge_id": challenge_id, "thread_id": thread_id, "message_id": message_id})


def begin_results(tx: Transaction, challenge_id: int) -> bool:
    """Mark that the results are about to be posted, so that a restart looks for them first."""
    return changes(tx, BEGIN_RESULTS_SQL, {"challenge_id": challenge_id})


def results_posted(tx: Transaction, challenge_id: int, message_id: int) -> bool:
    """Mark the results as told by that message."""
    return changes(tx, RESULTS_POSTED_SQL, {"challenge_id": challenge_id, "message_id": message_id})


def abandon_results(tx: Transaction, challenge_id: int) -> bool:
    """Give up telling, because the channel is gone; ``/challenge show`` still does."""
    return changes(tx, ABANDON_RESULTS_SQL, {"challenge_id": challenge_id})


def _first(tx: Transaction, sql: str, value: object) -> Challenge | None:
    row = tx.execute(sql, (value,)).fetchone()
    return None if row is None else _challenge(row)


def _challenge(row: tuple[Any, ...]) -> Challenge:
    columns = dict(zip(_COLUMNS, row, strict=True))
    return Challenge(required_words=tuple(json.loads(columns.pop("required_words"))), **columns)
