"""Comparisons from the order to the vote: all clips or none, one last message, one vote each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generation.clock import Clock
from generation.comparisons import Varied
from generation.orders import NewOrder, Orders, Placed
from storage import comparisons
from storage.comparisons import Comparison, NewComparison
from storage.database import Database, Transaction
from storage.records import Job


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with its clips as they are now, A first, and the votes by position."""

    comparison: Comparison
    jobs: tuple[Job, ...]
    votes: dict[int, int]


class ComparisonOrders:
    """The use cases of a comparison. Each is one transaction."""

    def __init__(self, database: Database, orders: Orders, *, clock: Clock) -> None:
        self._database = database
        self._orders = orders
        self._clock = clock

    async def place(self, orders: Sequence[NewOrder], varied: Varied) -> list[Placed]:
        """Hold all prices, add all jobs and bind them together, or nothing. Idempotent on the keys.

        Raises as ``Orders.place_all``.
        """

        def work(tx: Transaction) -> list[Placed]:
            placed = self._orders.place_all_in(tx, orders)
            if placed[0].is_new:
                first = orders[0]
                new = NewComparison(
                    guild_id=first.guild_id,
                    channel_id=first.channel_id,
                    user_id=first.user_id,
                    locale=first.locale,
                    size_limit_bytes=first.size_limit_bytes,
                    varied=varied,
                )
                comparisons.add(tx, new, [one.job.id for one in placed], now=self._clock())
            return placed

        return await self._database.write(work)

    async def get(self, comparison_id: int) -> Compared:
        """The comparison as it is now. Raises LookupError."""
        return await self._database.read(lambda tx: _compared(tx, comparison_id))

    async def of_job(self, job_id: int) -> tuple[int, int] | None:
        """(comparison, position) of a clip, position 0 being A; None for one that is not compared."""
        return await self._database.read(lambda tx: comparisons.of_job(tx, job_id))

    async def due(self, limit: int) -> list[int]:
        """Comparisons that are ready for their last message, oldest first."""
        return await self._database.read(lambda tx: comparisons.due(tx, limit))

    async def begin_posting(self, comparison_id: int) -> None:
        """Note that the last message is about to be posted, so that a restart looks for it first."""
        await self._write(lambda tx: comparisons.begin_posting(tx, comparison_id))

    async def posted(self, comparison_id: int, message_id: int) -> None:
        """Note the last message. Idempotent."""
        await self._write(lambda tx: comparisons.posted(tx, comparison_id, message_id))

    async def abandon(self, comparison_id: int, cause: str) -> None:
        """Note that there will be no last message."""
        await self._write(lambda tx: comparisons.abandon(tx, comparison_id, cause))

    async def vote(self, comparison_id: int, user_id: int, position: int) -> Compared:
        """The person's one vote, changeable; returns the comparison with it counted. Raises LookupError."""

        def work(tx: Transaction) -> Compared:
            jobs = _compared(tx, comparison_id).jobs
            if position >= len(jobs) or jobs[position].state != "succeeded":
                raise LookupError(position)
            comparisons.vote(tx, comparison_id, user_id, position, now=self._clock())
            return _compared(tx, comparison_id)

        return await self._database.write(work)

    async def _write(self, work: Callable[[Transaction], bool]) -> None:
        await self._database.write(work)


def _compared(tx: Transaction, comparison_id: int) -> Compared:
    comparison = comparisons.get(tx, comparison_id)
    if comparison is None:
        raise LookupError(comparison_id)
    jobs = comparisons.members(tx, comparison_id)
    return Compared(comparison, tuple(jobs), comparisons.tally(tx, comparison_id))
