"""What people report about clips; the instructors of the server are owed a card about each report."""

from generation.clock import Clock
from storage import reports
from storage.database import Database


class Reports:
    """Once per person and clip."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def is_known(self, job_id: int, reporter_id: int) -> bool:
        """Whether this person reported this clip before."""
        return await self._database.read(lambda tx: reports.is_known(tx, job_id, reporter_id))

    async def add(self, job_id: int, reporter_id: int, reason: str) -> bool:
        """Keep the report, and owe a card about it. False if this person reported this clip before."""
        return await self._database.write(
            lambda tx: reports.add(tx, job_id=job_id, reporter_id=reporter_id, reason=reason, now=self._clock())
        )
