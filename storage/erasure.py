"""Takes a person out of every table: rows that only speak of them go, rows that must stay lose their name and words.

Everything here is one transaction, opened by the caller, and allowed by the schema only while the wish is under way.
"""

from typing import Final

from storage import entries, forgetting, keeping
from storage.database import Transaction
from storage.forgetting import Forgetting
from storage.records import read_jobs

_PERSON: Final = "guild_id = :guild_id AND user_id = :user_id"
_OWN_JOB: Final = "job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id)"
_OWN_REPORT: Final = "reporter_id = :user_id AND job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id)"
_CARD: Final = f"guild_id = :guild_id AND ({_OWN_JOB} OR report_id IN (SELECT id FROM reports WHERE {_OWN_REPORT}))"  # noqa: S608 - constants of ours

UNSETTLED_SQL = f"""
SELECT EXISTS (SELECT 1 FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id
        AND (finished_at IS NULL OR (delivery IN ('pending', 'posting') AND approval IS NOT 'waiting')))
    OR EXISTS (SELECT 1 FROM comparisons WHERE guild_id = :guild_id AND user_id = :user_id AND delivery = 'posting')
    OR EXISTS (SELECT 1 FROM challenge_entries AS entry JOIN challenges ON challenges.id = entry.challenge_id
        WHERE challenges.guild_id = :guild_id AND entry.user_id = :user_id AND entry.post = 'posting')
    OR EXISTS (SELECT 1 FROM staff_cards WHERE {_CARD} AND post = 'posting')
"""  # noqa: S608 - constants of ours
JOBS_SQL = "SELECT * FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id AND visibility <> 'deleted'"
OPEN_ENTRIES_SQL = """
SELECT entry.id FROM challenge_entries AS entry JOIN challenges ON challenges.id = entry.challenge_id
WHERE challenges.guild_id = :guild_id AND entry.user_id = :user_id AND entry.withdrawn_at IS NULL
    AND challenges.state = 'open' AND (challenges.closes_at IS NULL OR :now < challenges.closes_at)
"""

NOTED: Final = (
    """
    INSERT INTO loose_files (name)
    SELECT name FROM (
        SELECT json_extract(recipe, '$.still') AS name FROM drafts WHERE guild_id = :guild_id AND user_id = :user_id
        UNION SELECT json_extract(recipe, '$.end_still') FROM drafts WHERE guild_id = :guild_id AND user_id = :user_id
        UNION SELECT still FROM proposals WHERE guild_id = :guild_id AND user_id = :user_id
        UNION SELECT json_extract(recipe, '$.still') FROM challenge_offers
            WHERE user_id = :user_id AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id)
    ) WHERE name IS NOT NULL ON CONFLICT (name) DO NOTHING
    """,
    f"""
    INSERT INTO loose_messages (message_id, channel_id, guild_id)
    SELECT card_message_id, card_channel_id, guild_id FROM credit_requests
    WHERE guild_id = :guild_id AND user_id = :user_id AND card_message_id IS NOT NULL
    UNION
    SELECT message_id, channel_id, guild_id FROM comparisons
    WHERE guild_id = :guild_id AND user_id = :user_id AND message_id IS NOT NULL
    UNION
    SELECT message_id, channel_id, guild_id FROM staff_cards WHERE {_CARD} AND message_id IS NOT NULL
    ON CONFLICT (message_id) DO NOTHING
    """,  # noqa: S608 - constants of ours
)
"""What is to be removed outside the database, as far as no clip's own withdrawal has it."""

REMOVED: Final = (
    ("people", _PERSON),
    ("people_roles", _PERSON),
    ("person_settings", _PERSON),
    ("notices", _PERSON),
    ("drafts", _PERSON),
    ("proposals", _PERSON),
    ("credit_requests", _PERSON),
    ("exercise_jobs", _PERSON),
    ("marks", _OWN_JOB),
    # Cards go before the reports that they show.
    ("staff_cards", _CARD),
    ("reports", _OWN_JOB),
    ("reports", _OWN_REPORT),
    ("hidden_clips", _OWN_JOB),
    ("approvals", _OWN_JOB),
    (
        "comparison_votes",
        "user_id = :user_id AND comparison_id IN (SELECT id FROM comparisons WHERE guild_id = :guild_id)",
    ),
    (
        "challenge_offers",
        "user_id = :user_id AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id)",
    ),
    (
        "challenge_votes",
        """user_id = :user_id AND challenge_id IN (
            SELECT id FROM challenges WHERE guild_id = :guild_id AND state = 'open'
        )""",
    ),
    # Whoever confirms such a grant is told that it is no longer known, and nothing moves.
    (
        "grant_drafts",
        """guild_id = :guild_id AND (whom_id = :user_id OR EXISTS (
            SELECT 1 FROM json_each(shares) AS share WHERE json_extract(share.value, '$[0]') = :user_id
        ))""",
    ),
)
"""(table, which rows) of what is about nobody else."""

RENAMED: Final = (
    """
    UPDATE comparisons SET delivery = 'abandoned', delivery_cause = 'forgotten'
    WHERE guild_id = :guild_id AND user_id = :user_id AND delivery = 'pending'
    """,
    "UPDATE comparisons SET user_id = :stand_in WHERE guild_id = :guild_id AND user_id = :user_id",
    """
    UPDATE challenge_entries SET user_id = :stand_in, fingerprint = 'forgotten:' || id,
        post = iif(post = 'pending', 'abandoned', post)
    WHERE user_id = :user_id AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id)
    """,
    """
    UPDATE challenge_votes SET user_id = :stand_in
    WHERE user_id = :user_id AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id)
    """,
    """
    UPDATE staff_acts SET actor_id = iif(was_refused AND actor_id = :user_id, :stand_in, actor_id),
        why = iif(whom_id = :user_id, '', why), whom_id = iif(whom_id = :user_id, :stand_in, whom_id),
        details = replace(details, '[' || :user_id || ',', '[' || :stand_in || ',')
    WHERE guild_id = :guild_id AND (
        whom_id = :user_id OR (was_refused AND actor_id = :user_id) OR instr(details, '[' || :user_id || ',')
    )
    """,
    """
    UPDATE withdrawals SET actor = :stand_in_text WHERE actor = :user_text
        AND job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id)
    """,
    """
    UPDATE transfers SET actor = iif(actor = :user_text, :stand_in_text, actor),
        key = iif(instr(':' || key || ':', ':' || :user_text || ':'), 'forgotten:' || id, key)
    WHERE debit_account IN (SELECT id FROM accounts WHERE guild_id = :guild_id AND user_id = :user_id)
        OR credit_account IN (SELECT id FROM accounts WHERE guild_id = :guild_id AND user_id = :user_id)
    """,
    "UPDATE person_totals SET user_id = :stand_in WHERE guild_id = :guild_id AND user_id = :user_id",
    "UPDATE jobs SET user_id = :stand_in, interaction_id = NULL WHERE guild_id = :guild_id AND user_id = :user_id",
    "UPDATE accounts SET user_id = :stand_in WHERE guild_id = :guild_id AND user_id = :user_id",
)
"""Rows that others or the ledger need. Transfers come before the accounts by which their person is known."""


def is_unsettled(tx: Transaction, wish: Forgetting) -> bool:
    """Whether something of the person's is being made, or is on its way into a channel at this moment.

    A clip that waits for approval is neither: it may wait for as long as nobody decides.
    """
    (unsettled,) = tx.execute(UNSETTLED_SQL, _values(wish, 0.0)).fetchone()
    return bool(unsettled)


def erase(tx: Transaction, wish: Forgetting, *, now: float) -> None:
    """Take the person out of every table of their server and end the wish; nothing of theirs may be unsettled.

    What they did as an instructor, and that they are blocked, stays.
    """
    values = _values(wish, now)
    for job in read_jobs(tx, JOBS_SQL, values):
        keeping.let_go(tx, job, actor=str(wish.stand_in), now=now)
    for (entry_id,) in tx.execute(OPEN_ENTRIES_SQL, values).fetchall():
        entries.withdraw(tx, entry_id, now=now)
    removals = [f"DELETE FROM {table} WHERE {which}" for table, which in REMOVED]  # noqa: S608 - constants of ours
    for sql in (*NOTED, *removals, *RENAMED):
        tx.execute(sql, values)
    forgetting.end(tx, wish.id, now=now)


def _values(wish: Forgetting, now: float) -> dict[str, int | float | str]:
    numbers = {"guild_id": wish.guild_id, "user_id": wish.user_id, "stand_in": wish.stand_in}
    return {**numbers, "user_text": str(wish.user_id), "stand_in_text": str(wish.stand_in), "now": now}
