"""What happened to a job, step by step, as the schema's triggers wrote it down."""

from dataclasses import dataclass

from storage.database import Transaction
from storage.records import Delivery, JobState

HISTORY_SQL = """
SELECT at, state, attempts, worker, fault, cause, delivery, delivery_cause FROM job_events WHERE job_id = ? ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One change of a job's state or delivery. ``at`` is seconds since the epoch by this machine's own clock."""

    at: float
    state: JobState
    attempts: int
    worker: str | None
    fault: str | None
    cause: str | None
    delivery: Delivery | None
    delivery_cause: str | None


def history(tx: Transaction, job_id: int) -> list[JobEvent]:
    """Everything that happened to the job, oldest first."""
    return [JobEvent(*row) for row in tx.execute(HISTORY_SQL, (job_id,))]
