"""Who needs a kept file: equal files are kept once, so one may go only when nothing here finds its name."""

from storage.database import Transaction

JOB_OF_CLIP_SQL = "SELECT 1 FROM jobs WHERE clip = :name AND visibility <> 'deleted' LIMIT 1"
JOB_OF_STRIP_SQL = "SELECT 1 FROM jobs WHERE strip = :name LIMIT 1"
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
OFFER_OF_STILL_SQL = "SELECT 1 FROM proposals WHERE still = :name LIMIT 1"
CHALLENGE_OF_STILL_SQL = "SELECT 1 FROM challenges WHERE still = :name LIMIT 1"
CHALLENGE_OFFER_OF_STILL_SQL = """
SELECT 1 FROM challenge_offers AS offer JOIN challenges ON challenges.id = offer.challenge_id
WHERE json_extract(offer.recipe, '$.still') = :name AND challenges.state = 'open' LIMIT 1
"""

_NEEDING = (
    JOB_OF_CLIP_SQL,
    JOB_OF_STRIP_SQL,
    JOB_OF_STILL_SQL,
    JOB_OF_END_STILL_SQL,
    DRAFT_OF_STILL_SQL,
    DRAFT_OF_END_STILL_SQL,
    OFFER_OF_STILL_SQL,
    CHALLENGE_OF_STILL_SQL,
    CHALLENGE_OFFER_OF_STILL_SQL,
)


def is_needed(tx: Transaction, name: str, *, now: float) -> bool:
    """Whether the file is named by a job that is not deleted, a challenge, or a draft or offer that is not over."""
    return any(tx.execute(sql, {"name": name, "now": now}).fetchone() for sql in _NEEDING)
