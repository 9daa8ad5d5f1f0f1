"""Jobs: placed, claimed and finished, each step one statement that only its rightful owner can make.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from storage import staff_cards
from storage.database import Transaction
from storage.delivery import abandon, begin_posting, posted, undelivered
from storage.errors import KeyReused, broken_rule
from storage.records import (
    Delivery,
    Job,
    JobState,
    Lane,
    NewJob,
    Ran,
    Waiting,
    changes,
    first_job,
    read_jobs,
    to_json,
)

__all__ = [
    "MAX_ATTEMPTS",
    "Delivery",
    "Job",
    "JobState",
    "Lane",
    "NewJob",
    "Ran",
    "Waiting",
    "abandon",
    "add",
    "begin_posting",
    "by_key",
    "cancel",
    "claim",
    "fail",
    "get",
    "hand_back",
    "interrupted",
    "outstanding",
    "outstanding_count",
    "posted",
    "ran",
    "recent",
    "requeue",
    "set_status_message",
    "succeed",
    "undelivered",
    "unfinished",
    "waiting",
]

MAX_ATTEMPTS = 3
"""How often a job is tried before it fails; the schema's CHECK job_attempts_left says the same."""

ADD_SQL = """
INSERT INTO jobs (id, key, hold_id, guild_id, channel_id, user_id, interaction_id, locale, model_id, recipe,
    price_credits, size_limit_bytes, created_at, lane, pool_id)
VALUES (1 + max((SELECT coalesce(max(id), 0) FROM jobs), (SELECT coalesce(max(highest_job_id), 0) FROM restores)),
    :key, :hold_id, :guild_id, :channel_id, :user_id, :interaction_id, :locale, :model_id, :recipe,
    :price_credits, :size_limit_bytes, :now, :lane, :pool_id)
RETURNING *
"""
GET_SQL = "SELECT * FROM jobs WHERE id = ?"
BY_KEY_SQL = "SELECT * FROM jobs WHERE key = ?"
CLAIM_SQL = """
UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = :worker, started_at = :now
WHERE id = :job_id AND state = 'queued' RETURNING *
"""
REQUEUE_SQL = """
UPDATE jobs SET state = 'queued', worker = NULL, started_at = NULL, cause = :cause
WHERE id = :job_id AND state = 'running' AND attempts = :attempt
"""
HAND_BACK_SQL = """
UPDATE jobs SET state = 'queued', worker = NULL, started_at = NULL, attempts = attempts - 1
WHERE id = :job_id AND state = 'running' AND attempts = :attempt
"""
SUCCEED_SQL = """
UPDATE jobs SET state = 'succeeded', finished_at = :now, delivery = 'pending', delivery_at = :now,
    clip = :clip, clip_bytes = :clip_bytes, render_seconds = :render_seconds, load_seconds = :load_seconds,
    remarks = :remarks, approval = CASE WHEN :needs_approval THEN 'waiting' END
WHERE id = :job_id AND state = 'running' AND attempts = :attempt
"""
FAIL_SQL = """
UPDATE jobs SET state = 'failed', finished_at = :now, delivery = 'pending', delivery_at = :now,
    fault = :fault, cause = :cause
WHERE id = :job_id AND state = 'running' AND attempts = :attempt
"""
CANCEL_SQL = """
UPDATE jobs SET state = 'cancelled', finished_at = :now, delivery = 'pending', delivery_at = :now
WHERE id = :job_id AND state IN ('queued', 'running')
"""
WAITING_SQL = """
SELECT id, guild_id, user_id, model_id, created_at, price_credits, lane, recipe
FROM jobs WHERE finished_at IS NULL AND state = 'queued' ORDER BY id
"""
INTERRUPTED_SQL = "SELECT * FROM jobs WHERE finished_at IS NULL AND state = 'running' ORDER BY id"
UNFINISHED_SQL = "SELECT * FROM jobs WHERE finished_at IS NULL AND state IN ('queued', 'running') ORDER BY state, id"
OUTSTANDING_SQL = """
SELECT * FROM jobs INDEXED BY jobs_outstanding WHERE finished_at IS NULL AND guild_id = ? AND user_id = ? ORDER BY id
"""
OUTSTANDING_COUNT_SQL = """
SELECT count(*) FROM jobs INDEXED BY jobs_outstanding
WHERE finished_at IS NULL AND guild_id = :guild_id AND user_id = :user_id
    AND NOT (state = 'queued' AND model_id IN (SELECT value FROM json_each(:without_models)))
"""
RAN_SQL = """
SELECT guild_id, user_id, model_id, price_credits, lane, started_at, finished_at, render_seconds, load_seconds, recipe
FROM jobs WHERE started_at IS NOT NULL AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT ?
"""
RECENT_SQL = """
SELECT * FROM jobs WHERE guild_id = ? AND user_id = ? ORDER BY id DESC LIMIT ?
"""
STATUS_MESSAGE_SQL = "UPDATE jobs SET status_message_id = :message_id WHERE id = :job_id"


def add(tx: Transaction, new: NewJob, *, hold_id: int, now: float) -> Job:
    """Place a job that ``hold_id`` pays for; a replay of the key returns the job as it is now.

    Raises KeyReused if the key placed another person's job or one with another hold, RuleBroken
    ("job_matches_hold") if the hold is not this person's, not of this price or not of this pool.
    """
    if (known := by_key(tx, new.key)) is not None:
        if (known.hold_id, known.guild_id, known.user_id) != (hold_id, new.guild_id, new.user_id):
            raise KeyReused(new.key)
        return known
    values = {field.name: getattr(new, field.name) for field in fields(new)}
    values |= {"recipe": to_json(new.recipe), "hold_id": hold_id, "now": now}
    return read_jobs(tx, ADD_SQL, values)[0]


def get(tx: Transaction, job_id: int) -> Job | None:
    """The job of that id."""
    return first_job(tx, GET_SQL, (job_id,))


def by_key(tx: Transaction, key: str) -> Job | None:
    """The job placed with that key."""
    return first_job(tx, BY_KEY_SQL, (key,))


def claim(tx: Transaction, job_id: int, *, worker: str, now: float) -> Job | None:
    """Take a queued job: it runs, with its next attempt number. None if it was not queued any more."""
    return first_job(tx, CLAIM_SQL, {"job_id": job_id, "worker": worker, "now": now})


def requeue(tx: Transaction, job_id: int, attempt: int, *, cause: str) -> bool:
    """Put a running job back in its old place, if ``attempt`` still owns it.

    Raises AttemptsExhausted, with the job still running, if it may not be tried again.
    """
    try:
        return changes(tx, REQUEUE_SQL, {"job_id": job_id, "attempt": attempt, "cause": cause})
    except sqlite3.IntegrityError as error:
        raise broken_rule(error, job_id=job_id) from error


def hand_back(tx: Transaction, job_id: int, attempt: int) -> bool:
    """Put a running job back as if ``attempt`` had never begun, because the bot stops politely.

    The attempt's number will be given again, so whatever worked for it must be gone for good.
    """
    return changes(tx, HAND_BACK_SQL, {"job_id": job_id, "attempt": attempt})


def succeed(
    tx: Transaction,
    job_id: int,
    attempt: int,
    *,
    clip: str,
    clip_bytes: int,
    render_seconds: float,
    load_seconds: float = 0.0,
    remarks: list[Any],
    needs_approval: bool = False,
    now: float,
) -> bool:
    """Finish a running job with its clip, if ``attempt`` still owns it; its delivery is then pending.

    A clip that ``needs_approval`` waits for it, and its server's instructors are owed a card.
    """
    values = {"job_id": job_id, "attempt": attempt, "clip": clip, "clip_bytes": clip_bytes, "now": now}
    values |= {"render_seconds": render_seconds, "load_seconds": load_seconds, "remarks": to_json(remarks)}
    is_done = changes(tx, SUCCEED_SQL, {**values, "needs_approval": needs_approval})
    if is_done and needs_approval:
        staff_cards.add(tx, job_id)
    return is_done


def fail(tx: Transaction, job_id: int, attempt: int, *, fault: str, cause: str, now: float) -> bool:
    """Finish a running job without a clip, if ``attempt`` still owns it; its person is still to be told."""
    values = {"job_id": job_id, "attempt": attempt, "fault": fault, "cause": cause, "now": now}
    return changes(tx, FAIL_SQL, values)


def cancel(tx: Transaction, job_id: int, *, now: float) -> bool:
    """Finish a queued or running job because its person asked; whatever runs for it has lost it."""
    return changes(tx, CANCEL_SQL, {"job_id": job_id, "now": now})


def waiting(tx: Transaction) -> list[Waiting]:
    """All queued jobs in order of arrival; one that was put back keeps its place."""
    return [Waiting(*_with_recipe(row)) for row in tx.execute(WAITING_SQL)]


def interrupted(tx: Transaction) -> list[Job]:
    """Jobs that are marked as running; at boot nobody runs them."""
    return read_jobs(tx, INTERRUPTED_SQL, ())


def unfinished(tx: Transaction) -> list[Job]:
    """All queued jobs, then all running ones, each in order of arrival."""
    return read_jobs(tx, UNFINISHED_SQL, ())


def outstanding(tx: Transaction, guild_id: int, user_id: int) -> list[Job]:
    """The person's queued and running jobs, oldest first."""
    return read_jobs(tx, OUTSTANDING_SQL, (guild_id, user_id))


def outstanding_count(tx: Transaction, guild_id: int, user_id: int, without_models: Collection[str] = ()) -> int:
    """How many jobs of the person are queued or running; queued ones of ``without_models`` are not counted."""
    values = {"guild_id": guild_id, "user_id": user_id, "without_models": to_json(list(without_models))}
    return int(tx.execute(OUTSTANDING_COUNT_SQL, values).fetchone()[0])


def ran(tx: Transaction, limit: int) -> list[Ran]:
    """The last ``limit`` jobs that ended after a device had begun them, newest first."""
    return [Ran(*_with_recipe(row)) for row in tx.execute(RAN_SQL, (limit,))]


def recent(tx: Transaction, guild_id: int, user_id: int, limit: int) -> list[Job]:
    """The person's last ``limit`` jobs, newest first."""
    return read_jobs(tx, RECENT_SQL, (guild_id, user_id, limit))


def set_status_message(tx: Transaction, job_id: int, message_id: int) -> None:
    """Remember the message that shows the job's progress."""
    tx.execute(STATUS_MESSAGE_SQL, {"job_id": job_id, "message_id": message_id})


def _with_recipe(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its last column, the recipe, read."""
    return *row[:-1], json.loads(row[-1])
