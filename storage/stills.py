"""Who needs a still: jobs that were made from it and drafts that wait with it."""

from storage.database import Transaction

JOB_OF_STILL_SQL = "SELECT 1 FROM jobs WHERE json_extract(recipe, '$.still') = :name LIMIT 1"
JOB_OF_END_STILL_SQL = "SELECT 1 FROM jobs WHERE json_extract(recipe, '$.end_still') = :name LIMIT 1"
DRAFT_OF_STILL_SQL = """
SELECT 1 FROM drafts WHERE json_extract(recipe, '$.still') = :name
    AND expires_at > :now LIMIT 1
"""
DRAFT_OF_END_STILL_SQL = """
SELECT 1 FROM drafts WHERE json_extract(recipe, '$.end_still') = :name
    AND expires_at > :now LIMIT 1
"""


def is_needed(tx: Transaction, name: str, *, now: float) -> bool:
    """Whether any job, or any draft that is not over, refers to the still of that name."""
    statements = (JOB_OF_STILL_SQL, JOB_OF_END_STILL_SQL, DRAFT_OF_STILL_SQL, DRAFT_OF_END_STILL_SQL)
    return any(tx.execute(sql, {"name": name, "now": now}).fetchone() for sql in statements)
