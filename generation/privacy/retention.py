"""For how many days a server keeps what people make: counted before it is set, and enforced once a day."""

import asyncio
from functools import partial
from typing import Final

import structlog

from generation.clock import Clock
from generation.patience import persist
from generation.privacy.keeping import Keeping
from generation.teaching.staff import Staff
from storage import keeping, retention, seals
from storage.database import Database, Transaction
from storage.retention import Overdue
from storage.staff_acts import NewAct

log = structlog.get_logger(__name__)

DAY_SECONDS: Final = 86_400.0

AT_ONCE: Final = 50
"""Orders let go in one transaction, so that a first sweep over a year holds nobody up."""


class Retention:
    """Lets go of what is over: the same as its owner deleting it, while rows and credits stay.

    Each step is one transaction that may be repeated, so a sweep that was interrupted goes on with the next.
    """

    def __init__(self, database: Database, keeping: Keeping, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._keeping = keeping
        self._staff = staff
        self._clock = clock

    async def preview(self, guild_id: int, days: int) -> Overdue:
        """What would go at once if things were kept for that many days. Changes nothing."""
        before = self._clock() - days * DAY_SECONDS
        return await self._database.read(lambda tx: retention.count(tx, guild_id, before))

    async def set(self, act: NewAct, days: int | None) -> None:
        """Keep things for that many days, None: until they are deleted; what is over goes at once."""
        await self._staff.set(act, retention_days=days)
        await self.sweep()

    async def sweep(self) -> int:
        """Let go of everything that is over, in every server; returns how many orders that were."""
        gone = 0
        for guild_id, days in await self._database.read(retention.guilds):
            before = self._clock() - days * DAY_SECONDS
            while batch := await self._database.write(partial(self._let_go, guild_id=guild_id, before=before)):
                gone += batch
                self._keeping.wake()
            await self._database.write(partial(retention.let_words_go, guild_id=guild_id, before=before))
        await self._database.write(lambda tx: seals.remove_over(tx, self._clock()))
        self._keeping.wake()
        return gone

    async def run(self) -> None:
        """Sweep now and once a day, until cancelled."""
        while True:
            if gone := await persist(self.sweep, "let go of what is over"):
                log.info("orders let go because of their age", count=gone)
            await asyncio.sleep(DAY_SECONDS)

    def _let_go(self, tx: Transaction, guild_id: int, before: float) -> int:
        batch = retention.due(tx, guild_id, before, AT_ONCE)
        for job in batch:
            keeping.let_go(tx, job, actor="retention", now=self._clock())
        return len(batch)
