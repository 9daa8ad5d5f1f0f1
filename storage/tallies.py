"""What a report on a class is made of: what everybody ordered and spent, when, what they have, where they took part.

Functions take an open transaction. Totals are counted as things happen; what is asked by time reads that time alone.
Forgotten people have negative ids, and are left out where people are told of.
"""

from dataclasses import dataclass

from storage.database import Transaction

TOTALS_SQL = """
SELECT user_id, ordered, made, failed, spent_credits, sponsored_credits FROM person_totals
WHERE guild_id = ? AND user_id > 0
"""
ENDED_SQL = """
SELECT jobs.user_id, sum(jobs.state = 'succeeded'), sum(jobs.state = 'failed'),
    sum((jobs.state = 'succeeded') * (jobs.pool_id IS NULL)
        * (jobs.price_credits - coalesce(refund.amount_credits, 0))),
    sum((jobs.state = 'succeeded') * (jobs.pool_id IS NOT NULL)
        * (jobs.price_credits - coalesce(refund.amount_credits, 0)))
FROM jobs INDEXED BY jobs_ended
LEFT JOIN transfers AS refund ON refund.hold_id = jobs.hold_id AND refund.kind = 'refund'
WHERE jobs.guild_id = :guild_id AND jobs.finished_at >= :since AND jobs.finished_at < :until
GROUP BY jobs.user_id
"""
FIRST_ENDED_SQL = """
SELECT finished_at FROM jobs INDEXED BY jobs_ended WHERE guild_id = ? AND finished_at IS NOT NULL
ORDER BY finished_at LIMIT 1
"""
PURSES_SQL = """
SELECT user_id, kind, balance_credits, allowance_period FROM accounts
WHERE guild_id = ? AND user_id > 0 AND pool_id IS NULL
"""
CHALLENGES_SQL = """
SELECT entry.user_id, count(DISTINCT entry.challenge_id)
FROM challenges
JOIN challenge_entries AS entry ON entry.challenge_id = challenges.id
JOIN jobs ON jobs.id = entry.job_id
WHERE challenges.guild_id = ? AND entry.withdrawn_at IS NULL AND jobs.state = 'succeeded'
GROUP BY entry.user_id
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that a person ever did in a server; ``ordered`` counts every clip asked for, also cancelled ones.

    Credits are those charged and not refunded: the person's own, and apart from them what pools paid.
    """

    ordered: int = 0
    made: int = 0
    failed: int = 0
    spent_credits: int = 0
    sponsored_credits: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended for a person in a stretch of time; a refund counts for the time of its clip."""

    made: int = 0
    failed: int = 0
    spent_credits: int = 0
    sponsored_credits: int = 0


@dataclass(frozen=True, slots=True)
class Purse:
    """A person's own credits; ``last_period`` is the day of the last period that topped them up, None for never."""

    available: int = 0
    held: int = 0
    last_period: str | None = None


def totals(tx: Transaction, guild_id: int) -> dict[int, Totals]:
    """By user id, of everybody who ever ordered."""
    return {user_id: Totals(*counted) for user_id, *counted in tx.execute(TOTALS_SQL, (guild_id,))}


def ended(tx: Transaction, guild_id: int, since: float, until: float) -> dict[int, Ended]:
    """By user id, what ended from ``since`` up to but not at ``until``, in seconds since the epoch."""
    values = {"guild_id": guild_id, "since": since, "until": until}
    return {user_id: Ended(*counted) for user_id, *counted in tx.execute(ENDED_SQL, values)}


def first_ended_at(tx: Transaction, guild_id: int) -> float | None:
    """When the server's first job ended; None if none has."""
    row = tx.execute(FIRST_ENDED_SQL, (guild_id,)).fetchone()
    return None if row is None else float(row[0])


def purses(tx: Transaction, guild_id: int) -> dict[int, Purse]:
    """By user id, of everybody who has an account of their own."""
    available: dict[int, tuple[int, str | None]] = {}
    held: dict[int, int] = {}
    for user_id, kind, credits_, period in tx.execute(PURSES_SQL, (guild_id,)):
        if kind == "available":
            available[user_id] = credits_, period
        else:
            held[user_id] = credits_
    return {user_id: Purse(left, held.get(user_id, 0), period) for user_id, (left, period) in available.items()}


def challenges_entered(tx: Transaction, guild_id: int) -> dict[int, int]:
    """By user id, in how many challenges a finished entry of theirs stands."""
    return dict(tx.execute(CHALLENGES_SQL, (guild_id,)).fetchall())
