"""Entries of challenges and the votes for them; the rules of time and fairness stand in the schema.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

import sqlite3
from dataclasses import dataclass
from typing import Literal

from storage.database import Transaction
from storage.errors import broken_rule
from storage.records import Approval, JobState, Visibility, changes

ADD_SQL = """
INSERT INTO challenge_entries (challenge_id, number, user_id, job_id, fingerprint, at, post)
SELECT :challenge_id, coalesce(max(number), 0) + 1, :user_id, :job_id, :fingerprint, :now, :post
FROM challenge_entries WHERE challenge_id = :challenge_id
"""
_ENTRY = """
SELECT entry.id, entry.challenge_id, entry.number, entry.user_id, entry.job_id, entry.fingerprint, entry.at,
    entry.withdrawn_at, entry.post, CASE WHEN entry.post IS NULL THEN jobs.message_id ELSE entry.message_id END,
    entry.prize_credits, jobs.state, jobs.visibility, jobs.approval,
    (SELECT count(*) FROM challenge_votes WHERE challenge_votes.entry_id = entry.id)
FROM challenge_entries AS entry JOIN jobs ON jobs.id = entry.job_id
"""
BY_ID_SQL = f"{_ENTRY} WHERE entry.id = ?"
OF_JOB_SQL = f"{_ENTRY} WHERE entry.job_id = ? AND entry.withdrawn_at IS NULL"
OF_CHALLENGE_SQL = f"{_ENTRY} WHERE entry.challenge_id = ? ORDER BY entry.number"
_OPEN = "SELECT id FROM challenges WHERE state = 'open'"
OF_OPEN_SQL = f"{_ENTRY} WHERE entry.challenge_id IN ({_OPEN}) AND entry.withdrawn_at IS NULL"
WIN_SQL = "UPDATE challenge_entries SET prize_credits = :prize_credits WHERE id = :entry_id"
TO_POST_SQL = "SELECT id FROM challenge_entries WHERE post IN ('pending', 'posting') ORDER BY id LIMIT ?"
BEGIN_POST_SQL = "UPDATE challenge_entries SET post = 'posting' WHERE id = :entry_id AND post = 'pending'"
POSTED_SQL = """
UPDATE challenge_entries SET post = 'posted', message_id = :message_id
WHERE id = :entry_id AND post IN ('pending', 'posting')
"""
ABANDON_POST_SQL = """
UPDATE challenge_entries SET post = 'abandoned' WHERE id = :entry_id AND post IN ('pending', 'posting')
"""
OF_PERSON_SQL = f"{_ENTRY} WHERE entry.challenge_id = ? AND entry.user_id = ? ORDER BY entry.number"
WITHDRAW_SQL = """
UPDATE challenge_entries SET withdrawn_at = :now WHERE id = :entry_id AND withdrawn_at IS NULL
"""
VOTE_SQL = """
INSERT INTO challenge_votes (challenge_id, user_id, entry_id, at) VALUES (:challenge_id, :user_id, :entry_id, :now)
ON CONFLICT (challenge_id, user_id) DO UPDATE SET entry_id = excluded.entry_id, at = excluded.at
"""
UNVOTE_SQL = "DELETE FROM challenge_votes WHERE challenge_id = :challenge_id AND user_id = :user_id"
FORGET_VOTES_SQL = "DELETE FROM challenge_votes WHERE entry_id = ?"
VOTE_OF_SQL = "SELECT entry_id FROM challenge_votes WHERE challenge_id = ? AND user_id = ?"


Post = Literal["pending", "posting", "posted", "abandoned"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with the state of its clip and the votes for it now.

    ``post`` is how far a clip that was made earlier is on its way into the thread, None where the job's own delivery
    brings it; ``message_id`` is the message in the thread either way. ``prize_credits`` is what it
    won, None if it did not win.
    """

    id: int
    challenge_id: int
    number: int
    user_id: int
    job_id: int
    fingerprint: str
    at: float
    withdrawn_at: float | None
    post: Post | None
    message_id: int | None
    prize_credits: int | None
    job_state: JobState
    visibility: Visibility
    approval: Approval | None
    votes: int

    @property
    def counts(self) -> bool:
        """Whether it takes one of its person's places: not withdrawn, and its clip made or still to be made."""
        is_over = self.job_state in ("failed", "cancelled") or self.approval == "declined"
        return self.withdrawn_at is None and not is_over

    @property
    def is_listed(self) -> bool:
        """Whether results name it: its clip was made, let through, and not hidden by an instructor."""
        is_kept_out = self.visibility == "hidden" or self.approval in ("waiting", "declined")
        return self.withdrawn_at is None and self.job_state == "succeeded" and not is_kept_out

    @property
    def stands(self) -> bool:
        """Whether it can be voted for and win: results name it, and everybody can look at it."""
        return self.is_listed and self.visibility == "shown"


def add(
    tx: Transaction,
    *,
    challenge_id: int,
    user_id: int,
    job_id: int,
    fingerprint: str,
    now: float,
    posts_clip: bool = False,
) -> Entry:
    """A new entry with the next number. Raises RuleBroken ``entry_in_time`` before the opening or after the end.

    ``posts_clip`` says that the clip was posted elsewhere before, and is owed to the thread.
    """
    values: dict[str, object] = {"challenge_id": challenge_id, "user_id": user_id, "job_id": job_id}
    values["post"] = "pending" if posts_clip else None
    try:
        cursor = tx.execute(ADD_SQL, {**values, "fingerprint": fingerprint, "now": now})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error
    assert cursor.lastrowid is not None
    entry = get(tx, cursor.lastrowid)
    assert entry is not None
    return entry


def get(tx: Transaction, entry_id: int) -> Entry | None:
    """The entry as it is now."""
    return _first(tx, BY_ID_SQL, entry_id)


def of_job(tx: Transaction, job_id: int) -> Entry | None:
    """The standing entry that a clip was made for or entered as."""
    return _first(tx, OF_JOB_SQL, job_id)


def of_challenge(tx: Transaction, challenge_id: int) -> list[Entry]:
    """Every entry, withdrawn ones too, by number."""
    return [Entry(*row) for row in tx.execute(OF_CHALLENGE_SQL, (challenge_id,))]


def of_person(tx: Transaction, challenge_id: int, user_id: int) -> list[Entry]:
    """The person's entries, withdrawn ones too, by number."""
    return [Entry(*row) for row in tx.execute(OF_PERSON_SQL, (challenge_id, user_id))]


def of_open_challenges(tx: Transaction) -> list[Entry]:
    """Every standing entry of every open challenge."""
    return [Entry(*row) for row in tx.execute(OF_OPEN_SQL)]


def to_post(tx: Transaction, limit: int) -> list[int]:
    """Ids of entries whose clip was made earlier and is still to be posted in the thread, oldest first."""
    return [entry_id for (entry_id,) in tx.execute(TO_POST_SQL, (limit,))]


def begin_post(tx: Transaction, entry_id: int) -> bool:
    """Mark that the clip is about to be posted, so that a restart looks for it first."""
    return changes(tx, BEGIN_POST_SQL, {"entry_id": entry_id})


def posted(tx: Transaction, entry_id: int, message_id: int) -> bool:
    """Mark the clip as posted by that message."""
    return changes(tx, POSTED_SQL, {"entry_id": entry_id, "message_id": message_id})


def abandon_post(tx: Transaction, entry_id: int) -> bool:
    """Give the post up, because the thread or the clip is gone; the entry stands."""
    return changes(tx, ABANDON_POST_SQL, {"entry_id": entry_id})


def win(tx: Transaction, entry_id: int, prize_credits: int) -> None:
    """Write down that the entry won. Raises RuleBroken ``entry_wins_once`` twice, or before the end."""
    try:
        tx.execute(WIN_SQL, {"entry_id": entry_id, "prize_credits": prize_credits})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error


def withdraw(tx: Transaction, entry_id: int, *, now: float) -> bool:
    """Take an entry back, with the votes for it. Raises RuleBroken ``entry_in_time`` after the end."""
    try:
        done = changes(tx, WITHDRAW_SQL, {"entry_id": entry_id, "now": now})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error
    if done:
        tx.execute(FORGET_VOTES_SQL, (entry_id,))
    return done


def vote(tx: Transaction, *, challenge_id: int, user_id: int, entry_id: int, now: float) -> None:
    """Give the person's one vote, or move it. Raises RuleBroken ``vote_is_fair``: own, late, withdrawn, unfinished."""
    values = {"challenge_id": challenge_id, "user_id": user_id, "entry_id": entry_id, "now": now}
    try:
        tx.execute(VOTE_SQL, values)
    except sqlite3.IntegrityError as error:
        raise broken_rule(error) from error


def unvote(tx: Transaction, *, challenge_id: int, user_id: int) -> bool:
    """Take the person's vote back."""
    return changes(tx, UNVOTE_SQL, {"challenge_id": challenge_id, "user_id": user_id})


def vote_of(tx: Transaction, challenge_id: int, user_id: int) -> int | None:
    """The entry that the person votes for."""
    row = tx.execute(VOTE_OF_SQL, (challenge_id, user_id)).fetchone()
    return None if row is None else int(row[0])


def _first(tx: Transaction, sql: str, value: int) -> Entry | None:
    row = tx.execute(sql, (value,)).fetchone()
    return None if row is None else Entry(*row)
