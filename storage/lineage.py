"""Which clip continues which: every part of a chain points at the one before it.

Functions take an open transaction.
"""

from storage.database import Transaction
from storage.records import Job, read_jobs

ADD_SQL = """
INSERT INTO lineage (job_id, parent_id, part)
VALUES (:job_id, :parent_id, 1 + coalesce((SELECT part FROM lineage WHERE job_id = :parent_id), 1))
"""
PARENT_SQL = "SELECT parent_id, part FROM lineage WHERE job_id = ?"
CHAIN_SQL = """
WITH RECURSIVE chain (job_id) AS (
    SELECT ?
    UNION ALL
    SELECT parent_id FROM chain JOIN lineage USING (job_id)
)
SELECT jobs.* FROM chain JOIN jobs ON jobs.id = chain.job_id
"""


def add(tx: Transaction, job_id: int, parent_id: int) -> None:
    """Note that the new job continues ``parent_id``; it is the part after it."""
    tx.execute(ADD_SQL, {"job_id": job_id, "parent_id": parent_id})


def parent(tx: Transaction, job_id: int) -> tuple[int, int] | None:
    """(id of the clip that this one continues, its own part counted from 1); None for one that continues nothing."""
    row = tx.execute(PARENT_SQL, (job_id,)).fetchone()
    return None if row is None else (row[0], row[1])


def chain(tx: Transaction, job_id: int) -> list[Job]:
    """Every part up to this one, the first part first; a clip that continues nothing is a chain of its own."""
    # A parent is always older, so the order of ids is the order of parts.
    return sorted(read_jobs(tx, CHAIN_SQL, (job_id,)), key=lambda job: job.id)
