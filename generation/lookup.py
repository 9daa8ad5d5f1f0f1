"""Looks a job up inside an open transaction, for whoever may know of it."""

from generation.errors import ClipRefused
from storage import jobs
from storage.database import Transaction
from storage.jobs import Job


def existing(tx: Transaction, job_id: int) -> Job:
    """The job as it is now. Raises LookupError."""
    job = jobs.get(tx, job_id)
    if job is None:
        raise LookupError(job_id)
    return job


def of_guild(tx: Transaction, job_id: int, guild_id: int) -> Job:
    """A job of this server. Raises LookupError for another server's or none."""
    job = existing(tx, job_id)
    if job.guild_id != guild_id:
        raise LookupError(job_id)
    return job


def owned(tx: Transaction, job_id: int, user_id: int) -> Job:
    """The person's own job. Raises LookupError, or ClipRefused("not_yours")."""
    job = existing(tx, job_id)
    if job.user_id != user_id:
        raise ClipRefused("not_yours")
    return job


def check_kept(job: Job) -> None:
    """Raise ClipRefused("deleted") or ("hidden") for a clip that its owner cannot do anything with any more."""
    if job.visibility == "deleted":
        raise ClipRefused("deleted")
    if job.visibility == "hidden":
        raise ClipRefused("hidden")
