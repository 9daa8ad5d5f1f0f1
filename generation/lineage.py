"""Chains of clips: where a clip stands in one, and what must be there to join its parts."""

from dataclasses import dataclass

from storage import lineage
from storage.database import Database, Transaction
from storage.records import Job


@dataclass(frozen=True, slots=True)
class Place:
    """A clip's place in a chain: the clip it continues, and which part it is, counted from 1."""

    parent_id: int
    part: int


class Lineage:
    """Looks up which clip continues which; the entries are made with the orders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, job_id: int) -> Place | None:
        """Where the clip stands; None for one that continues nothing."""

        def work(tx: Transaction) -> Place | None:
            row = lineage.parent(tx, job_id)
            return None if row is None else Place(*row)

        return await self._database.read(work)

    async def chain(self, job_id: int) -> list[Job]:
        """Every part up to this clip, the first part first."""
        return await self._database.read(lambda tx: lineage.chain(tx, job_id))
