"""Finished clips that wait for an instructor's word before anybody sees them, and that word, said once.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

from dataclasses import dataclass

from storage import delivery, ledger
from storage.database import Transaction
from storage.records import Job, changes, read_jobs

APPROVE_SQL = "UPDATE jobs SET approval = 'approved' WHERE id = :job_id AND approval = 'waiting'"
DECLINE_SQL = """
UPDATE jobs SET approval = 'declined', visibility = 'hidden' WHERE id = :job_id AND approval = 'waiting'
"""
DECIDE_SQL = """
INSERT INTO approvals (job_id, decided_by, decided_at, reason) VALUES (:job_id, :by, :now, :reason)
"""
DECISION_SQL = "SELECT decided_by, decided_at, reason FROM approvals WHERE job_id = ?"
WAITING_OF_SQL = "SELECT * FROM jobs WHERE guild_id = ? AND approval = 'waiting' AND user_id = ?"
WAITING_SQL = "SELECT count(*) FROM jobs WHERE guild_id = ? AND approval = 'waiting'"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, and when; ``reason`` says why the clip was declined, None if it was approved."""

    decided_by: int
    decided_at: float
    reason: str | None


def approve(tx: Transaction, job_id: int, *, by: int, now: float) -> bool:
    """Let a clip that waits be posted."""
    if not changes(tx, APPROVE_SQL, {"job_id": job_id}):
        return False
    tx.execute(DECIDE_SQL, {"job_id": job_id, "by": by, "now": now, "reason": None})
    return True


def decline(tx: Transaction, job_id: int, *, by: int, reason: str, now: float) -> bool:
    """Keep a clip that waits out of sight for good. Raises RuleBroken without a reason."""
    if not changes(tx, DECLINE_SQL, {"job_id": job_id}):
        return False
    tx.execute(DECIDE_SQL, {"job_id": job_id, "by": by, "now": now, "reason": reason})
    return True


def take_back(tx: Transaction, job: Job, *, actor: str, now: float) -> bool:
    """Let a clip that waits be seen by nobody because its own person said so, and pay it back where it was paid from.

    Its delivery is over. Nobody has decided then, so ``decision`` is None.
    """
    if not changes(tx, DECLINE_SQL, {"job_id": job.id}):
        return False
    ledger.refund(tx, job.hold_id, reason="taken_back", actor=actor, now=now)
    return delivery.abandon(tx, job.id, "taken back by its person", now)


def waiting_of(tx: Transaction, guild_id: int, user_id: int) -> list[Job]:
    """The person's clips that wait."""
    return read_jobs(tx, WAITING_OF_SQL, (guild_id, user_id))


def decision(tx: Transaction, job_id: int) -> Decision | None:
    """What was decided about the clip; None if it waits still, was taken back, or needed no approval."""
    row = tx.execute(DECISION_SQL, (job_id,)).fetchone()
    return None if row is None else Decision(*row)


def waiting_count(tx: Transaction, guild_id: int) -> int:
    """How many clips of a server wait."""
    return int(tx.execute(WAITING_SQL, (guild_id,)).fetchone()[0])
