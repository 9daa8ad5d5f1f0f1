"""Waiting jobs for the tests of the queue."""

from typing import Any

from storage.jobs import Lane, Waiting

GUILD = 1


def recipe(frames: int = 81, *, width: int = 832, height: int = 480) -> dict[str, Any]:
    """What the queue reads of a recipe."""
    return {"preset": "fast", "steps": 4, "width": width, "height": height, "frames": frames}


def job(
    job_id: int, user_id: int, *, model: str = "wan", at: float | None = None, lane: Lane = "class", frames: int = 81
) -> Waiting:
    """A job that asked at ``at``, or at its own number of seconds."""
    return Waiting(job_id, GUILD, user_id, model, float(job_id if at is None else at), 10, lane, recipe(frames))
