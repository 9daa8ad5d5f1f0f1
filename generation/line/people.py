"""The people who wait and what they used, kept in every order that a policy may ask for."""

import math
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from generation.line.fairness import UNUSED, Candidate, Person, Snapshot, Usage, person
from generation.line.ordering import Order, OrderAhead
from storage.jobs import Waiting


def _age(job: Waiting) -> tuple[float, int]:
    return job.created_at, job.job_id


def _level(candidate: Candidate) -> tuple[float, ...]:
    return (candidate.charge.level, *_age(candidate.job))


_ORDERS: Final[dict[str, Callable[[Candidate], tuple[float, ...]]]] = {
    "oldest": lambda candidate: _age(candidate.job),
    "served_longest_ago": lambda candidate: (candidate.last_started_at, *_age(candidate.job)),
    "passed_over_longest": lambda candidate: (candidate.passed_over_since, *_age(candidate.job)),
}
"""Fields of a snapshot that hold the first of all people by some order."""


@dataclass(slots=True)
class _Member:
    """One person: their waiting jobs, oldest first, and what they used."""

    jobs: list[Waiting] = field(default_factory=list)
    charge: Usage = UNUSED
    last_started_at: float = -math.inf

    def candidate(self) -> Candidate | None:
        """What stands for this person in the line, if anything of theirs waits."""
        return Candidate(self.jobs[0], self.charge, self.last_started_at) if self.jobs else None


class _MembersAhead(defaultdict[Person, _Member]):
    """Copies of members, each made when it is first asked for."""

    def __init__(self, members: dict[Person, _Member]) -> None:
        super().__init__(_Member)
        self._members = members

    def __missing__(self, who: Person) -> _Member:
        member = self._members.get(who)
        self[who] = _Member() if member is None else replace(member, jobs=list(member.jobs))
        return self[who]


class Line:
    """Everybody who waits. Each change and each snapshot takes time logarithmic in the number of people."""

    def __init__(self) -> None:
        self._estimates: dict[int, tuple[Waiting, float]] = {}
        self._members: defaultdict[Person, _Member] = defaultdict(_Member)
        self._demo: list[Waiting] = []
        self._orders: dict[str, Order] = {name: Order(key) for name, key in _ORDERS.items()}
        self._least_charged: dict[str, Order] = {}
        self._backlog_seconds = 0.0

    def __len__(self) -> int:
        return len(self._estimates)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._estimates

    def of_model(self, model_id: str) -> list[Waiting]:
        """All jobs for that model; takes time linear in the line's length."""
        return [job for job, _ in self._estimates.values() if job.model_id == model_id]

    def of_class(self, guild_id: int) -> list[Waiting]:
        """All jobs of that class; takes time linear in the line's length."""
        return [job for job, _ in self._estimates.values() if job.guild_id == guild_id]

    def add(self, job: Waiting, estimate_seconds: float) -> None:
        """Join; a job already in line keeps its place."""
        if job.job_id in self._estimates:
            return
        self._estimates[job.job_id] = job, estimate_seconds
        self._backlog_seconds += estimate_seconds
        if job.lane == "demo":
            insort(self._demo, job, key=_age)
        else:
            with self._changing(person(job)) as member:
                insort(member.jobs, job, key=_age)

    def remove(self, job_id: int) -> Waiting | None:
        """Leave; None if the job was not in line."""
        job = self._forget(job_id)
        if job is None:
            return None
        if job.lane == "demo":
            self._demo.remove(job)
        else:
            with self._changing(person(job)) as member:
                member.jobs.remove(job)
        return job

    def begin(self, job: Waiting, seconds: float, now: float) -> float:
        """Leave because a device takes the job: its person is charged ``seconds``, and has been served now.

        A demonstration is the class's and is charged to nobody. Returns when the person was served before.
        """
        self._forget(job.job_id)
        if job.lane == "demo":
            self._demo.remove(job)
            return -math.inf
        with self._changing(person(job)) as member:
            served_before = member.last_started_at
            member.jobs.remove(job)
            member.charge = member.charge.plus(seconds, now)
            member.last_started_at = max(now, served_before)
        return served_before

    def undo(self, job: Waiting, seconds: float, begun_at: float, served_before: float) -> None:
        """As if ``begin`` had never been called; the job does not come back into line by this."""
        if job.lane == "demo":
            return
        with self._changing(person(job)) as member:
            member.charge = member.charge.plus(-seconds, begun_at)
            # Unless another job of theirs was begun meanwhile.
            if member.last_started_at == begun_at:
                member.last_started_at = served_before

    def used(self, who: Person, seconds: float, at: float, started_at: float = -math.inf) -> None:
        """Usage a person with ``seconds`` of a device up to ``at``, or give back negative ones."""
        with self._changing(who) as member:
            member.charge = member.charge.plus(seconds, at)
            member.last_started_at = max(started_at, member.last_started_at)

    def charged_seconds(self, who: Person, now: float) -> float:
        """What is left of a person's charge."""
        return self._members[who].charge.seconds(now) if who in self._members else 0.0

    def forget_idle(self, now: float, below_seconds: float) -> None:
        """Drop people of whom nothing waits and of whose charge less than that is left."""
        idle = [who for who, m in self._members.items() if not m.jobs and m.charge.seconds(now) < below_seconds]
        for who in idle:
            del self._members[who]

    def snapshot(
        self, now: float, *, devices: int, resident: Collection[str], swap_seconds: Callable[[str], float]
    ) -> Snapshot:
        """The line as the policies see it, for one or more free devices on which ``resident`` are loaded."""
        least_charged = {
            model_id: first for model_id, order in self._least_charged.items() if (first := order.first) is not None
        }
        return Snapshot(
            now=now,
            devices=devices,
            resident=frozenset(resident),
            swap_seconds={model_id: swap_seconds(model_id) for model_id in least_charged},
            backlog_seconds=self._backlog_seconds,
            demo=self._demo[0] if self._demo else None,
            least_charged=least_charged,
            **{name: order.first for name, order in self._orders.items()},
        )

    def ahead(self) -> "Line":
        """Another line with the same people waiting, to look ahead with; of use until this one changes.

        Takes a moment however many wait (two flat copies in C): what changes in it is all that it holds of its own.
        """
        other = Line()
        other._estimates = dict(self._estimates)
        other._members = _MembersAhead(self._members)
        other._demo = list(self._demo)
        other._orders = {name: OrderAhead(order) for name, order in self._orders.items()}
        other._least_charged = {model_id: OrderAhead(order) for model_id, order in self._least_charged.items()}
        other._backlog_seconds = self._backlog_seconds
        return other

    def _forget(self, job_id: int) -> Waiting | None:
        job, seconds = self._estimates.pop(job_id, (None, 0.0))
        # An empty line has no backlog at all, whatever rounding left behind.
        self._backlog_seconds = self._backlog_seconds - seconds if self._estimates else 0.0
        return job

    @contextmanager
    def _changing(self, who: Person) -> Iterator[_Member]:
        """Take one person out of every order, and put them back as they are afterwards."""
        member = self._members[who]
        if (before := member.candidate()) is not None:
            for order in self._of(before):
                order.remove(before)
        yield member
        if (after := member.candidate()) is not None:
            for order in self._of(after):
                order.add(after)

    def _of(self, candidate: Candidate) -> Iterator[Order]:
        yield from self._orders.values()
        model_id = candidate.job.model_id
        if model_id not in self._least_charged:
            self._least_charged[model_id] = Order(_level)
        yield self._least_charged[model_id]
