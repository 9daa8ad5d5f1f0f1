"""What people reported about clips; a person reports a clip once, and the instructors are owed a card about it.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

from storage import staff_cards
from storage.database import Transaction

ADD_SQL = """
INSERT INTO reports (job_id, reporter_id, reason, at) VALUES (:job_id, :reporter_id, :reason, :now)
ON CONFLICT (job_id, reporter_id) DO NOTHING
"""
KNOWN_SQL = "SELECT 1 FROM reports WHERE job_id = ? AND reporter_id = ?"


def add(tx: Transaction, *, job_id: int, reporter_id: int, reason: str, now: float) -> bool:
    """Keep a report. False if this person reported this clip before: the first report stays."""
    values = {"job_id": job_id, "reporter_id": reporter_id, "reason": reason, "now": now}
    cursor = tx.execute(ADD_SQL, values)
    if cursor.rowcount != 1:
        return False
    staff_cards.add(tx, job_id, report_id=cursor.lastrowid)
    return True


def is_known(tx: Transaction, job_id: int, reporter_id: int) -> bool:
    """Whether this person reported this clip before."""
    return tx.execute(KNOWN_SQL, (job_id, reporter_id)).fetchone() is not None
