"""Where clips broke, as their owners marked it: at most one mark of a kind and clip, and the class's board."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from storage.database import Transaction
from storage.records import changes

MarkKind = Literal["face", "physics", "characters", "text", "movement", "length", "nothing"]
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)

SET_SQL = """
INSERT INTO marks (job_id, kind, at_seconds, guild_id, model_id, marked_at)
SELECT id, :kind, :at_seconds, guild_id, model_id, :now FROM jobs WHERE id = :job_id AND state = 'succeeded'
ON CONFLICT (job_id, kind) DO UPDATE SET at_seconds = excluded.at_seconds, marked_at = excluded.marked_at
"""
REMOVE_SQL = "DELETE FROM marks WHERE job_id = :job_id AND kind = :kind"
OTHERS_SQL = "DELETE FROM marks WHERE job_id = :job_id AND (kind = 'nothing') <> (:kind = 'nothing')"
OF_JOB_SQL = "SELECT kind, at_seconds FROM marks WHERE job_id = ?"
BOARD_SQL = """
SELECT kind, model_id, marks FROM mark_counts WHERE guild_id = ? AND marks > 0
"""
EXAMPLE_SQL = """
SELECT jobs.id, marks.at_seconds, jobs.channel_id, jobs.message_id, jobs.clip
FROM marks JOIN jobs ON jobs.id = marks.job_id
WHERE marks.guild_id = :guild_id AND marks.kind = :kind AND marks.model_id = :model_id
    AND jobs.message_id IS NOT NULL AND jobs.visibility = 'shown'
    AND jobs.channel_id IN (SELECT value FROM json_each(:channels))
ORDER BY marks.job_id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A clip broke in this way at this second; None for nothing broke."""

    kind: MarkKind
    at_seconds: float | None


@dataclass(frozen=True, slots=True)
class Example:
    """A posted clip that broke: its message, its file, and the second."""

    job_id: int
    at_seconds: float | None
    channel_id: int
    message_id: int
    clip: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clips of one model broke in one way."""

    kind: MarkKind
    model_id: str
    marks: int


def set_mark(tx: Transaction, job_id: int, mark: Mark, *, now: float) -> None:
    """Mark a finished clip, in place of the mark of the same kind; “nothing” and all others take each other's place."""
    values = {"job_id": job_id, "kind": mark.kind, "at_seconds": mark.at_seconds, "now": now}
    tx.execute(OTHERS_SQL, {"job_id": job_id, "kind": mark.kind})
    tx.execute(SET_SQL, values)


def remove(tx: Transaction, job_id: int, kind: MarkKind) -> bool:
    """Take a mark back; False if there is none."""
    return changes(tx, REMOVE_SQL, {"job_id": job_id, "kind": kind})


def of_job(tx: Transaction, job_id: int) -> list[Mark]:
    """The marks of one clip, in the order of the kinds."""
    found = [Mark(*row) for row in tx.execute(OF_JOB_SQL, (job_id,))]
    return sorted(found, key=lambda mark: MARK_KINDS.index(mark.kind))


def board(tx: Transaction, guild_id: int) -> list[Tally]:
    """What broke in a server's clips, and how often; only what did."""
    return [Tally(*row) for row in tx.execute(BOARD_SQL, (guild_id,))]


def example(
    tx: Transaction, guild_id: int, kind: MarkKind, model_id: str, channel_ids: Collection[int]
) -> Example | None:
    """The newest clip of that model that broke in that way, posted in one of these channels and not taken back."""
    values = {"guild_id": guild_id, "kind": kind, "model_id": model_id, "channels": json.dumps([*channel_ids])}
    row = tx.execute(EXAMPLE_SQL, values).fetchone()
    return None if row is None else Example(*row)
