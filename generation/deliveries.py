"""Which message shows a job, and whether its owner has been told; apart from how the job ended."""

from collections.abc import Callable

from generation.clock import Clock
from storage import approvals, jobs, restores
from storage.database import Database
from storage.jobs import Job


class Deliveries:
    """The marks that make a delivery happen once, however often the bot starts."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever another delivery is over; it must return at once."""
        self._listeners.append(listener)

    async def remember_status(self, job_id: int, message_id: int) -> None:
        """Note which message shows the job's status."""
        await self._database.write(lambda tx: jobs.set_status_message(tx, job_id, message_id))

    async def undelivered(self, limit: int) -> list[Job]:
        """Finished jobs whose owner has not been told yet, oldest first."""
        return await self._database.read(lambda tx: jobs.undelivered(tx, limit))

    async def restored_up_to(self) -> int:
        """The last job that may have ended, and been told of, after the copy was taken that this database was once.

        0 if it never was restored from a copy.
        """
        return await self._database.read(restores.highest_job_id)

    async def due_since(self, job: Job) -> float:
        """When the job's person could first be told: when it was finished, or else when an instructor decided."""
        assert job.finished_at is not None
        if job.approval is None:
            return job.finished_at
        decision = await self._database.read(lambda tx: approvals.decision(tx, job.id))
        return job.finished_at if decision is None else decision.decided_at

    async def begin_posting(self, job_id: int) -> None:
        """Note that the final message is about to be posted, so that a restart looks for it first."""
        await self._database.write(lambda tx: jobs.begin_posting(tx, job_id, self._clock()))

    async def delivered(self, job_id: int, message_id: int) -> None:
        """Note that the owner was told, and by which message. Idempotent."""
        await self._database.write(lambda tx: jobs.posted(tx, job_id, message_id, self._clock()))
        self._tell()

    async def abandon_delivery(self, job_id: int, cause: str) -> None:
        """Note that the final message cannot be posted; the clip is kept."""
        await self._database.write(lambda tx: jobs.abandon(tx, job_id, cause, self._clock()))
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
