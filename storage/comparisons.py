"""Clips that were ordered to be compared: who belongs together, what is owed to the channel, and the votes.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from storage.database import Transaction
from storage.records import Delivery, Job, changes, read_jobs

Varied = Literal["prompts", "models", "seeds", "quality", "still"]

ADD_SQL = """
INSERT INTO comparisons (guild_id, channel_id, user_id, locale, size_limit_bytes, varied, created_at)
VALUES (:guild_id, :channel_id, :user_id, :locale, :size_limit_bytes, :varied, :now) RETURNING id
"""
ADD_MEMBER_SQL = "INSERT INTO comparison_members (comparison_id, position, job_id) VALUES (?, ?, ?)"
GET_SQL = """
SELECT id, guild_id, channel_id, user_id, locale, size_limit_bytes, varied, created_at, delivery, message_id
FROM comparisons WHERE id = ?
"""
MEMBERS_SQL = """
SELECT jobs.* FROM comparison_members AS member JOIN jobs ON jobs.id = member.job_id
WHERE member.comparison_id = ? ORDER BY member.position
"""
OF_JOB_SQL = "SELECT comparison_id, position FROM comparison_members WHERE job_id = ?"
DUE_SQL = """
SELECT id FROM comparisons AS due INDEXED BY comparisons_open
WHERE delivery IN ('pending', 'posting') AND NOT EXISTS (
    SELECT 1 FROM comparison_members AS member JOIN jobs ON jobs.id = member.job_id
    WHERE member.comparison_id = due.id AND (jobs.delivery IS NULL OR jobs.delivery IN ('pending', 'posting'))
)
ORDER BY id LIMIT ?
"""
BEGIN_POSTING_SQL = "UPDATE comparisons SET delivery = 'posting' WHERE id = :id AND delivery = 'pending'"
POSTED_SQL = """
UPDATE comparisons SET delivery = 'posted', message_id = :message_id
WHERE id = :id AND delivery IN ('pending', 'posting')
"""
ABANDON_SQL = """
UPDATE comparisons SET delivery = 'abandoned', delivery_cause = :cause
WHERE id = :id AND delivery IN ('pending', 'posting')
"""
VOTE_SQL = """
INSERT INTO comparison_votes (comparison_id, user_id, position, at) VALUES (:id, :user_id, :position, :now)
ON CONFLICT (comparison_id, user_id) DO UPDATE SET position = excluded.position, at = excluded.at
"""
TALLY_SQL = "SELECT position, count(*) FROM comparison_votes WHERE comparison_id = ? GROUP BY position"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComparison:
    """What is compared where, and who asked."""

    guild_id: int
    channel_id: int
    user_id: int
    locale: str
    size_limit_bytes: int
    varied: Varied


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(NewComparison):
    """One row, as it was when read."""

    id: int
    created_at: float
    delivery: Delivery
    message_id: int | None


def add(tx: Transaction, new: NewComparison, job_ids: Sequence[int], *, now: float) -> int:
    """Bind the jobs together in this order, A first, and return the comparison's id."""
    comparison_id = int(tx.execute(ADD_SQL, {**asdict(new), "now": now}).fetchone()[0])
    for position, job_id in enumerate(job_ids):
        tx.execute(ADD_MEMBER_SQL, (comparison_id, position, job_id))
    return comparison_id


def get(tx: Transaction, comparison_id: int) -> Comparison | None:
    """The comparison of that id."""
    cursor = tx.execute(GET_SQL, (comparison_id,))
    names = [column[0] for column in cursor.description]
    row = cursor.fetchone()
    return None if row is None else Comparison(**dict(zip(names, row, strict=True)))


def members(tx: Transaction, comparison_id: int) -> list[Job]:
    """The compared jobs as they are now, A first."""
    return read_jobs(tx, MEMBERS_SQL, (comparison_id,))


def of_job(tx: Transaction, job_id: int) -> tuple[int, int] | None:
    """(comparison, position) of a job, position 0 being A; None for one that is not compared."""
    row = tx.execute(OF_JOB_SQL, (job_id,)).fetchone()
    return None if row is None else (row[0], row[1])


def due(tx: Transaction, limit: int) -> list[int]:
    """Comparisons whose owners know of every clip how it ended, and that have no last message yet; oldest first."""
    return [row[0] for row in tx.execute(DUE_SQL, (limit,))]


def begin_posting(tx: Transaction, comparison_id: int) -> bool:
    """Mark that the last message is about to be tried. False if it was tried before or is over."""
    return changes(tx, BEGIN_POSTING_SQL, {"id": comparison_id})


def posted(tx: Transaction, comparison_id: int, message_id: int) -> bool:
    """Mark the last message as posted. False if that is over already."""
    return changes(tx, POSTED_SQL, {"id": comparison_id, "message_id": message_id})


def abandon(tx: Transaction, comparison_id: int, cause: str) -> bool:
    """Note that there will be no last message."""
    return changes(tx, ABANDON_SQL, {"id": comparison_id, "cause": cause})


def vote(tx: Transaction, comparison_id: int, user_id: int, position: int, *, now: float) -> None:
    """The person's one vote; a second one takes the first one's place. RuleBroken for a position that there is not."""
    tx.execute(VOTE_SQL, {"id": comparison_id, "user_id": user_id, "position": position, "now": now})


def tally(tx: Transaction, comparison_id: int) -> dict[int, int]:
    """Votes by position; positions without any are left out."""
    return dict(tx.execute(TALLY_SQL, (comparison_id,)).fetchall())
