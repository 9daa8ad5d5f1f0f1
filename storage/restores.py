"""What a restored database remembers of being an older copy: which job numbers may have been used since.

Functions take an open transaction. Jobs numbered up to ``highest_job_id`` may have moved on, and may have been shown
to people, after the copy was taken; no new job gets one of these numbers.
"""

import sqlite3

from storage.database import Transaction

UNKNOWN_NUMBERS = 10_000
"""Numbers that are left out where the database that was lost cannot be read: more than any class makes between two
copies. A gap in the numbers costs nothing; a number used twice would find somebody else's clip."""

HIGHEST_SQL = "SELECT coalesce(max(highest_job_id), 0) FROM restores"
LAST_JOB_SQL = "SELECT coalesce(max(id), 0) FROM jobs"
NOTE_SQL = "INSERT INTO restores (highest_job_id) VALUES (?)"


def highest_job_id(tx: Transaction) -> int:
    """The last job that may have moved on since a copy was taken; 0 if nothing was ever restored."""
    return int(tx.execute(HIGHEST_SQL).fetchone()[0])


def last_used_job_id(tx: Transaction) -> int:
    """The highest job number that was ever given in this database."""
    try:
        highest = highest_job_id(tx)
    except sqlite3.OperationalError:
        highest = 0  # of before this table was kept
    return max(highest, int(tx.execute(LAST_JOB_SQL).fetchone()[0]))


def note(tx: Transaction, used_elsewhere: int | None) -> None:
    """Remember that this is a copy; ``used_elsewhere`` is the last number of what it replaces, if that is known."""
    own = last_used_job_id(tx)
    tx.execute(NOTE_SQL, (own + UNKNOWN_NUMBERS if used_elsewhere is None else max(own, used_elsewhere),))
