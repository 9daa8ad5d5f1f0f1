"""Telling a job's person how it ended: a state of its own, so that a restart finds what was not told.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

from storage.database import Transaction
from storage.records import Job, changes, first_job, read_jobs

UNDELIVERED_SQL = """
SELECT * FROM jobs WHERE delivery IN ('pending', 'posting') AND approval IS NOT 'waiting'
ORDER BY finished_at, id LIMIT ?
"""
BEGIN_POSTING_SQL = """
UPDATE jobs SET delivery = 'posting', delivery_at = :now WHERE id = :job_id AND delivery = 'pending'
"""
POSTED_SQL = """
UPDATE jobs SET delivery = 'posted', message_id = :message_id, delivery_at = :now
WHERE id = :job_id AND delivery IN ('pending', 'posting')
"""
POSTED_AS_SQL = "SELECT * FROM jobs WHERE id = ? AND message_id = ?"
ABANDON_SQL = """
UPDATE jobs SET delivery = 'abandoned', delivery_cause = :cause, delivery_at = :now
WHERE id = :job_id AND delivery IN ('pending', 'posting')
"""


def undelivered(tx: Transaction, limit: int) -> list[Job]:
    """Up to ``limit`` finished jobs whose person does not know yet, the longest finished first.

    Those whose clip waits for approval are left out.
    One whose delivery is "posting" may be in the channel already: look there before posting again.
    """
    return read_jobs(tx, UNDELIVERED_SQL, (limit,))


def begin_posting(tx: Transaction, job_id: int, now: float) -> bool:
    """Mark that a post is about to be tried. False if one was tried before or the delivery is over."""
    return changes(tx, BEGIN_POSTING_SQL, {"job_id": job_id, "now": now})


def posted(tx: Transaction, job_id: int, message_id: int, now: float) -> bool:
    """Mark the delivery as made by ``message_id``; True again for the same message, False for another one."""
    if changes(tx, POSTED_SQL, {"job_id": job_id, "message_id": message_id, "now": now}):
        return True
    return first_job(tx, POSTED_AS_SQL, (job_id, message_id)) is not None


def abandon(tx: Transaction, job_id: int, cause: str, now: float) -> bool:
    """Give a delivery up, because the person cannot be reached; the clip is kept."""
    return changes(tx, ABANDON_SQL, {"job_id": job_id, "cause": cause, "now": now})
