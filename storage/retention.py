"""What is older than a server keeps it: found, counted for a preview, and let go a few at a time.

Functions take an open transaction. ``before`` is seconds since the epoch. Clips that stand in an open challenge wait
for its end.
"""

from dataclasses import dataclass
from typing import Final

from storage import loose_ends
from storage.database import Transaction
from storage.records import Job, read_jobs

_DUE: Final = """
SELECT * FROM jobs INDEXED BY jobs_by_age
WHERE guild_id = :guild_id AND finished_at IS NOT NULL AND visibility <> 'deleted' AND finished_at < :before
    AND delivery IN ('posted', 'abandoned') AND NOT EXISTS (
        SELECT 1 FROM challenge_entries AS entry JOIN challenges ON challenges.id = entry.challenge_id
        WHERE entry.job_id = jobs.id AND entry.withdrawn_at IS NULL AND challenges.state = 'open'
    )
"""
DUE_SQL = f"{_DUE} ORDER BY finished_at LIMIT :limit"
COUNT_SQL = f"""
WITH old AS ({_DUE}),
    still AS (
        SELECT json_extract(recipe, '$.still') AS name FROM old
        UNION SELECT json_extract(recipe, '$.end_still') FROM old
    )
SELECT (SELECT count(clip) FROM old), (SELECT count(*) FROM old), (
    SELECT count(*) FROM still WHERE name IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM jobs
            WHERE json_extract(recipe, '$.still') = still.name AND id NOT IN (SELECT id FROM old))
        AND NOT EXISTS (SELECT 1 FROM jobs
            WHERE json_extract(recipe, '$.end_still') = still.name AND id NOT IN (SELECT id FROM old))
        AND NOT EXISTS (SELECT 1 FROM challenges WHERE challenges.still = still.name)
)
"""  # noqa: S608 - put together from constants
GUILDS_SQL = "SELECT guild_id, retention_days FROM guild_settings WHERE retention_days IS NOT NULL"

STILLS_OF_OFFERS_SQL = """
SELECT DISTINCT json_extract(recipe, '$.still') FROM challenge_offers
WHERE at < :before AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id AND state <> 'open')
    AND json_extract(recipe, '$.still') IS NOT NULL
"""
WORDS: Final = (
    """
    DELETE FROM challenge_offers
    WHERE at < :before AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id AND state <> 'open')
    """,
    "DELETE FROM credit_requests WHERE guild_id = :guild_id AND decided_at < :before",
    """
    DELETE FROM staff_cards WHERE guild_id = :guild_id AND report_id IN (SELECT id FROM reports WHERE at < :before)
    """,
    "DELETE FROM reports WHERE at < :before AND job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id)",
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How much would go now: clips, prompts of all orders with or without a clip, stills that nothing else needs."""

    clips: int
    prompts: int
    stills: int


def guilds(tx: Transaction) -> list[tuple[int, int]]:
    """(guild, days) of every server that keeps things for a number of days only."""
    return [(guild_id, days) for guild_id, days in tx.execute(GUILDS_SQL)]


def count(tx: Transaction, guild_id: int, before: float) -> Overdue:
    """What is over and finished before; grows with what is due, so it is for previews."""
    return Overdue(*tx.execute(COUNT_SQL, {"guild_id": guild_id, "before": before}).fetchone())


def due(tx: Transaction, guild_id: int, before: float, limit: int) -> list[Job]:
    """Up to ``limit`` orders that ended before and are not deleted, oldest first."""
    return read_jobs(tx, DUE_SQL, {"guild_id": guild_id, "before": before, "limit": limit})


def let_words_go(tx: Transaction, guild_id: int, before: float) -> None:
    """Remove what people wrote besides their prompts: old reports, answered requests, entries never paid for."""
    values = {"guild_id": guild_id, "before": before}
    loose_ends.add_files(tx, [name for (name,) in tx.execute(STILLS_OF_OFFERS_SQL, values).fetchall()])
    for sql in WORDS:
        tx.execute(sql, values)
