"""Which jobs were ordered as an exercise of the course, and who has done which."""

from dataclasses import dataclass

from storage.database import Transaction
from storage.drafts import Exercise

NOTE_SQL = """
INSERT INTO exercise_jobs (job_id, guild_id, user_id, exercise)
SELECT id, guild_id, user_id, :exercise FROM jobs WHERE id = :job_id
ON CONFLICT (job_id) DO NOTHING
"""
OF_JOB_SQL = "SELECT exercise FROM exercise_jobs WHERE job_id = ?"
DONE_SQL = """
SELECT done.user_id, done.exercise, max(jobs.finished_at)
FROM exercise_jobs AS done JOIN jobs ON jobs.id = done.job_id
WHERE done.guild_id = :guild_id AND jobs.state = 'succeeded'
    AND (done.exercise <> 'c' OR EXISTS (SELECT 1 FROM marks WHERE marks.job_id = done.job_id))
GROUP BY done.user_id, done.exercise
HAVING done.exercise <> 'b' OR count(*) >= 2
"""


@dataclass(frozen=True, slots=True)
class Done:
    """A person has done an exercise; ``at`` is when its last clip was finished, in seconds since the epoch."""

    user_id: int
    exercise: Exercise
    at: float


def note(tx: Transaction, job_id: int, exercise: Exercise) -> None:
    """Note that the job is an exercise. Idempotent; the first note stays."""
    tx.execute(NOTE_SQL, {"job_id": job_id, "exercise": exercise})


def of_job(tx: Transaction, job_id: int) -> Exercise | None:
    """The exercise that the job was ordered as, if any."""
    row = tx.execute(OF_JOB_SQL, (job_id,)).fetchone()
    return None if row is None else row[0]


def exercises_done(tx: Transaction, guild_id: int) -> list[Done]:
    """Who has done what in a server, by person and exercise.

    A is done with its first clip, B with two clips to compare, C with a clip whose owner marked where it broke.
    """
    return [Done(*row) for row in tx.execute(DONE_SQL, {"guild_id": guild_id})]
