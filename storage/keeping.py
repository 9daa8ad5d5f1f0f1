"""Who may see a clip, and what is to be removed because its person said so.

Functions take an open transaction. ``now`` is seconds since the epoch. A ``bool`` says whether the step was made.
"""

import json
from dataclasses import dataclass

from storage import approvals, loose_ends, proposals
from storage.database import Transaction
from storage.records import Job, Visibility, changes, read_jobs, to_json

SET_VISIBILITY_SQL = """
UPDATE jobs SET visibility = :visibility WHERE id = :job_id AND visibility NOT IN ('deleted', :visibility)
"""
ERASE_SQL = """
UPDATE jobs SET visibility = 'deleted', strip = NULL, remarks = '[]', recipe = json_replace(recipe,
    '$.prompt', '', '$.camera', '', '$.negative_prompt', '', '$.effective_negative_prompt', NULL,
    '$.still', NULL, '$.end_still', NULL)
WHERE id = :job_id AND visibility <> 'deleted' AND delivery IN ('posted', 'abandoned')
"""
SET_STRIP_SQL = "UPDATE jobs SET strip = :strip WHERE id = :job_id AND visibility <> 'deleted' AND clip IS NOT NULL"
NOTE_POST_SQL = """
INSERT INTO clip_posts (message_id, job_id, channel_id) VALUES (:message_id, :job_id, :channel_id)
ON CONFLICT (message_id, job_id) DO NOTHING
"""
POSTS_SQL = "SELECT channel_id, message_id FROM clip_posts WHERE job_id = ?"
FORGET_POSTS_SQL = "DELETE FROM clip_posts WHERE job_id = ?"
WITHDRAW_SQL = """
INSERT INTO withdrawals (job_id, actor, at, files) VALUES (:job_id, :actor, :now, :files)
ON CONFLICT (job_id) DO UPDATE SET actor = :actor, at = :now, files = :files, messages_gone_at = NULL,
    files_gone_at = NULL, revision = revision + 1
"""
WITHDRAW_MESSAGES_SQL = """
INSERT INTO withdrawals (job_id, actor, at) VALUES (:job_id, :actor, :now)
ON CONFLICT (job_id) DO UPDATE SET messages_gone_at = NULL, revision = revision + 1
"""
TO_WITHDRAW_SQL = """
SELECT job_id, revision, files, messages_gone_at IS NOT NULL, files_gone_at IS NOT NULL
FROM withdrawals WHERE messages_gone_at IS NULL OR files_gone_at IS NULL ORDER BY job_id LIMIT ?
"""
MESSAGES_GONE_SQL = "UPDATE withdrawals SET messages_gone_at = :now WHERE job_id = :job_id AND revision = :revision"
FILES_GONE_SQL = "UPDATE withdrawals SET files_gone_at = :now WHERE job_id = :job_id AND revision = :revision"
PORTFOLIO_SQL = """
SELECT * FROM jobs
WHERE guild_id = ? AND user_id = ? AND clip IS NOT NULL AND visibility IN ('shown', 'private')
ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is still to be done for a job: ``files`` are names of blobs, and each part is done or not.

    It is as good as its ``revision``: what is decided while it is carried out makes a new one, which is to be done too.
    """

    job_id: int
    revision: int
    files: tuple[str, ...]
    messages_gone: bool
    files_gone: bool


def set_visibility(tx: Transaction, job_id: int, visibility: Visibility) -> bool:
    """Change who may see the clip; False if it is so already, or deleted."""
    return changes(tx, SET_VISIBILITY_SQL, {"job_id": job_id, "visibility": visibility})


def erase(tx: Transaction, job: Job, *, actor: str, now: float) -> bool:
    """Take the person's words and pictures out of a finished job, and note its files and messages for removal.

    The row, its hold, its price and its times stay; the person's open offers go too, as they may repeat its words.
    A clip that waits for approval is taken back by it, and refunded. False if it was deleted before or is not over yet.
    """
    is_erased = let_go(tx, job, actor=actor, now=now)
    if is_erased:
        proposals.withdraw(tx, job.guild_id, job.user_id)
    return is_erased


def let_go(tx: Transaction, job: Job, *, actor: str, now: float) -> bool:
    """``erase``, while the person goes on with what they have been offered."""
    approvals.take_back(tx, job, actor=actor, now=now)
    if not changes(tx, ERASE_SQL, {"job_id": job.id}):
        return False
    named = (job.clip, job.strip, job.recipe.get("still"), job.recipe.get("end_still"))
    withdraw(tx, job.id, [name for name in named if name], actor=actor, now=now)
    loose_ends.outdate_results(tx, job.id)
    return True


def withdraw(tx: Transaction, job_id: int, files: list[str], *, actor: str, now: float) -> None:
    """Note that the job's messages, and these files, are to be removed; repeatable."""
    tx.execute(WITHDRAW_SQL, {"job_id": job_id, "actor": actor, "now": now, "files": to_json(files)})


def withdraw_messages(tx: Transaction, job_id: int, *, actor: str, now: float) -> None:
    """Note that the job has messages again that are to be removed; what became of its files stays as it is."""
    tx.execute(WITHDRAW_MESSAGES_SQL, {"job_id": job_id, "actor": actor, "now": now})


def to_withdraw(tx: Transaction, limit: int) -> list[Withdrawal]:
    """Up to ``limit`` withdrawals with something left to do."""
    rows = tx.execute(TO_WITHDRAW_SQL, (limit,)).fetchall()
    return [
        Withdrawal(job_id, revision, tuple(json.loads(files)), bool(told), bool(gone))
        for job_id, revision, files, told, gone in rows
    ]


def messages_gone(tx: Transaction, withdrawal: Withdrawal, now: float) -> bool:
    """Note that the job's messages are out of their channels, or out of reach for good; False if there may be more."""
    of = {"job_id": withdrawal.job_id, "revision": withdrawal.revision}
    is_noted = changes(tx, MESSAGES_GONE_SQL, {**of, "now": now})
    if is_noted:
        tx.execute(FORGET_POSTS_SQL, (withdrawal.job_id,))
    return is_noted


def files_gone(tx: Transaction, withdrawal: Withdrawal, now: float) -> bool:
    """Note that the withdrawal's files are removed, or kept for another job; False if there may be more."""
    of = {"job_id": withdrawal.job_id, "revision": withdrawal.revision}
    return changes(tx, FILES_GONE_SQL, {**of, "now": now})


def set_strip(tx: Transaction, job_id: int, strip: str) -> bool:
    """Remember the name of the job's thumbnails; False if it was deleted meanwhile."""
    return changes(tx, SET_STRIP_SQL, {"job_id": job_id, "strip": strip})


def note_post(tx: Transaction, job_id: int, channel_id: int, message_id: int) -> None:
    """Remember one more message that carries the clip."""
    tx.execute(NOTE_POST_SQL, {"job_id": job_id, "channel_id": channel_id, "message_id": message_id})


def posts(tx: Transaction, job_id: int) -> list[tuple[int, int]]:
    """(channel, message) of every message that carries the clip besides its first one."""
    return sorted((channel, message) for channel, message in tx.execute(POSTS_SQL, (job_id,)))


def portfolio(tx: Transaction, guild_id: int, user_id: int) -> list[Job]:
    """All clips that the person still has, newest first."""
    return read_jobs(tx, PORTFOLIO_SQL, (guild_id, user_id))
