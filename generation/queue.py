"""Who is next: an asyncio queue over the durable jobs table, with the choice left to one pure policy."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from storage.jobs import Waiting

Person = tuple[int, int]
"""(guild id, user id): the same human in two classes waits twice."""


def person(job: Waiting) -> Person:
    """Whose job it is."""
    return job.guild_id, job.user_id


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All a policy may look at: who waits, and in which order people were last served (higher is later)."""

    waiting: tuple[Waiting, ...]
    last_served: Mapping[Person, int]


Policy = Callable[[Snapshot], Waiting]
"""Chooses one of ``snapshot.waiting``, which is never empty."""


def round_robin(snapshot: Snapshot) -> Waiting:
    """The oldest job of the person who was served longest ago; people never served come first."""
    return min(snapshot.waiting, key=lambda job: (snapshot.last_served.get(person(job), -1), job.job_id))


class JobQueue:
    """The line in memory. Lost with the process, and rebuilt from the jobs table at the next start."""

    def __init__(self, policy: Policy = round_robin) -> None:
        self._policy = policy
        self._waiting: dict[int, Waiting] = {}
        self._last_served: dict[Person, int] = {}
        self._served = 0
        self._changed = asyncio.Condition()

    async def put(self, *jobs: Waiting) -> None:
        """Join the line; a job already in it keeps its place."""
        async with self._changed:
            for job in jobs:
                self._waiting.setdefault(job.job_id, job)
            self._changed.notify(len(jobs))

    async def get(self) -> Waiting:
        """Wait for work, then take the job that the policy puts first. Cancelling loses no job."""
        async with self._changed:
            await self._changed.wait_for(lambda: bool(self._waiting))
            chosen = self._policy(self._snapshot())
            del self._waiting[chosen.job_id]
            self._served += 1
            self._last_served[person(chosen)] = self._served
            return chosen

    def remove(self, job_id: int) -> bool:
        """Leave the line; False if the job was not in it."""
        return self._waiting.pop(job_id, None) is not None

    def __len__(self) -> int:
        return len(self._waiting)

    def line(self, joining: Waiting | None = None) -> list[Waiting]:
        """Everybody, and ``joining`` too, in the order in which the policy would serve them if nobody else came."""
        snapshot = self._snapshot()
        if joining is not None and joining.job_id not in self._waiting:
            snapshot = replace(snapshot, waiting=(*snapshot.waiting, joining))
        return list(_serve(self._policy, snapshot))

    def _snapshot(self) -> Snapshot:
        return Snapshot(tuple(self._waiting.values()), self._last_served)


def _serve(policy: Policy, snapshot: Snapshot) -> Iterable[Waiting]:
    last_served = dict(snapshot.last_served)
    turn = max(last_served.values(), default=0)
    while snapshot.waiting:
        chosen = policy(snapshot)
        yield chosen
        turn += 1
        last_served[person(chosen)] = turn
        remaining = tuple(job for job in snapshot.waiting if job.job_id != chosen.job_id)
        snapshot = replace(snapshot, waiting=remaining, last_served=last_served)
