"""Finding the limits: marks on one's own clips, and the class's board."""

from collections.abc import Collection
from dataclasses import dataclass

from generation.clock import Clock
from generation.errors import RequestError
from storage import marks
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.marks import Example, Mark, MarkKind, Tally


@dataclass(frozen=True, slots=True)
class Limit:
    """One way to break in a class: how often by model, most first, and the newest posted example."""

    kind: MarkKind
    tallies: tuple[Tally, ...]
    example: Example | None


class Limits:
    """What a class found out about where clips break."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def mark(self, job: Job, kind: MarkKind, at_seconds: float | None) -> list[Mark]:
        """Mark where a clip broke and return all its marks; no second takes the mark of that kind back.

        “nothing” has no second and stands alone. The caller checks that the owner asks. Raises RequestError("mark")
        for a second outside of the clip, or if there is no mark to take back.
        """
        length_seconds = job.recipe["frames"] / job.recipe["fps"]

        def work(tx: Transaction) -> list[Mark]:
            if kind == "nothing":
                marks.set_mark(tx, job.id, Mark(kind, None), now=self._clock())
            elif at_seconds is not None and 0 <= at_seconds <= length_seconds:
                marks.set_mark(tx, job.id, Mark(kind, at_seconds), now=self._clock())
            elif at_seconds is not None or not marks.remove(tx, job.id, kind):
                raise RequestError("mark", length=f"{length_seconds:.1f}")
            return marks.of_job(tx, job.id)

        return await self._database.write(work)

    async def board(self, guild_id: int, channel_ids: Collection[int]) -> list[Limit]:
        """What broke in the class's clips, most often first; “nothing” at the end. Examples are from these channels."""

        def work(tx: Transaction) -> list[Limit]:
            by_kind: dict[MarkKind, list[Tally]] = {}
            for tally in marks.board(tx, guild_id):
                by_kind.setdefault(tally.kind, []).append(tally)
            return [_limit(tx, guild_id, channel_ids, kind, tallies) for kind, tallies in by_kind.items()]

        limits = await self._database.read(work)
        return sorted(limits, key=lambda limit: (limit.kind == "nothing", -sum(one.marks for one in limit.tallies)))


def _limit(tx: Transaction, guild_id: int, channel_ids: Collection[int], kind: MarkKind, tallies: list[Tally]) -> Limit:
    ordered = sorted(tallies, key=lambda tally: (-tally.marks, tally.model_id))
    found = (marks.example(tx, guild_id, kind, tally.model_id, channel_ids) for tally in ordered)
    return Limit(kind, tuple(ordered), next((example for example in found if example is not None), None))
