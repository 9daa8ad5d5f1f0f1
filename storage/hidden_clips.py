"""Clips that instructors took out of sight, with the reason, for as long as they are hidden.

Functions take an open transaction. A ``bool`` says whether the step was made.
"""

from storage.database import Transaction
from storage.records import changes

HIDE_SQL = "UPDATE jobs SET visibility = 'hidden' WHERE id = :job_id AND visibility IN ('shown', 'private')"
NOTE_SQL = """
INSERT INTO hidden_clips (job_id, visibility_before, reason)
SELECT id, visibility, :reason FROM jobs WHERE id = :job_id AND visibility IN ('shown', 'private')
"""
UNHIDE_SQL = """
UPDATE jobs SET visibility = (SELECT visibility_before FROM hidden_clips WHERE job_id = :job_id)
WHERE id = :job_id AND visibility = 'hidden' AND id IN (SELECT job_id FROM hidden_clips WHERE job_id = :job_id)
"""
FORGET_SQL = "DELETE FROM hidden_clips WHERE job_id = :job_id"
REASON_SQL = "SELECT reason FROM hidden_clips WHERE job_id = ?"


def hide(tx: Transaction, job_id: int, reason: str) -> bool:
    """Hide a clip that others or its owner can see. Raises RuleBroken without a reason."""
    return changes(tx, NOTE_SQL, {"job_id": job_id, "reason": reason}) and changes(tx, HIDE_SQL, {"job_id": job_id})


def unhide(tx: Transaction, job_id: int) -> bool:
    """Let a hidden clip be seen as before; False for one that is not hidden, was declined, or was deleted since."""
    was_hidden = changes(tx, UNHIDE_SQL, {"job_id": job_id})
    if was_hidden:
        tx.execute(FORGET_SQL, {"job_id": job_id})
    return was_hidden


def reason(tx: Transaction, job_id: int) -> str | None:
    """Why the clip is hidden; None if no instructor hid it."""
    row = tx.execute(REASON_SQL, (job_id,)).fetchone()
    return None if row is None else str(row[0])
