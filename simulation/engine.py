"""The event loop: jobs arrive, devices become free, and the shipped allocator says what runs where."""

import heapq
import math
import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from generation.line.allocation import Allocator, Assignment, Device
from generation.line.estimates import Estimates, Milestone
from generation.line.fairness import Policy, Snapshot, patience_seconds
from generation.line.forecast import Busy, Expected, forecast
from generation.line.people import Line
from generation.line.underway import Underway
from simulation.telling import Teller, Told
from simulation.workload import SPREAD, Asked, Load


@dataclass(frozen=True, slots=True)
class Begun:
    """A job as it was begun.

    ``passed_over_seconds`` is how long its person had work waiting and nothing begun, ``patience_seconds`` the
    policy's bound on that at this moment. ``passed_overdue`` says whether somebody who had waited past the bound was
    passed over for this job. ``told`` begins with what was told on arrival and goes on with what was told since; it is
    empty for a job that began at once or was not forecast.

    ``overdue_seconds`` is how long its person had been past the bound, and ``overdue_ahead`` how many others had
    waited for longer when that began. ``held_seconds`` is how long the job then holds its device.
    """

    user_id: int
    at: float
    wait_seconds: float
    swapped: bool
    passed_over_seconds: float
    patience_seconds: float
    passed_overdue: bool
    overdue_seconds: float
    overdue_ahead: int
    held_seconds: float
    told: tuple[Told, ...]


@dataclass(order=True, slots=True)
class _Finish:
    """A render, in order of when it ends; ``coming`` are its reports of progress still to come, and when."""

    at: float
    job_id: int
    load_seconds: float = field(compare=False)
    asked: Asked = field(compare=False)
    underway: Underway = field(compare=False)
    coming: deque[tuple[Milestone, float]] = field(compare=False)

    @property
    def given(self) -> Assignment:
        return self.underway.given

    def advance(self, now: float) -> None:
        """Report what has come by now, as the worker does."""
        while self.coming and self.coming[0][1] <= now:
            self.underway.report(*self.coming.popleft())


@dataclass(frozen=True, slots=True)
class _Overdue:
    since: float
    ahead: int


Knowledge = Literal["begin", "reports", "end"]
"""What forecasts know of a render under way: its begin alone, also its reports of progress as the bot does, its end."""


class Run:
    """One run of one policy. With ``forecasts`` whoever has to wait is told when they will begin, as the bot does.

    Whoever has ``outstanding_limit`` jobs in the making asks for the next one when one of them is finished.
    """

    def __init__(
        self,
        load: Load,
        seed: int,
        policy: Policy,
        *,
        forecasts: Knowledge | None = None,
        outstanding_limit: float = math.inf,
    ) -> None:
        self._chance = random.Random(seed + 1)  # noqa: S311 - a simulation wants repeatable numbers
        self._load = load
        self._forecasts = forecasts
        self._estimates = Estimates()
        self._allocator = Allocator(self._estimates, load.devices, policy)
        self._teller = Teller()
        self._line = Line()
        self._free = [Device(f"gpu-{number}") for number in range(load.devices)]
        self._working: list[_Finish] = []
        self._waiting: dict[int, Asked] = {}
        self._last_begun: dict[int, float] = {}
        self._outstanding: Counter[int] = Counter()
        self._outstanding_limit = outstanding_limit
        self._refused: defaultdict[int, deque[Asked]] = defaultdict(deque)
        self._overdue: dict[int, _Overdue] = {}
        self._noted_at = 0.0

    def run(self, jobs: list[Asked]) -> Iterator[Begun]:
        """Every job, in the order in which they are begun."""
        coming = list(reversed(jobs))
        while coming or self._working:
            if coming and (not self._working or coming[-1].job.created_at <= self._working[0].at):
                now = coming[-1].job.created_at
                self._ask(coming.pop(), now)
            else:
                now = self._finish()
            self._note_overdue(now)
            if not self._free and self._teller.is_due(now):
                self._teller.again(self._forecast(now), now)
            while self._free and len(self._line):
                yield self._begin(now)

    def _ask(self, asked: Asked, now: float) -> None:
        user = asked.job.user_id
        if self._outstanding[user] >= self._outstanding_limit:
            self._refused[user].append(asked)
        else:
            self._outstanding[user] += 1
            self._arrive(asked, now)

    def _note_overdue(self, now: float) -> None:
        """Who is past the bound now, since when, and behind how many others; nobody is begun between two events."""
        before, self._noted_at = self._noted_at, now
        if not len(self._line):
            return
        snapshot = self._snapshot(now)
        patience, first = patience_seconds(snapshot), snapshot.passed_over_longest
        if first is None or now - first.passed_over_since <= patience:
            self._overdue.clear()
            return
        since = self._passed_over_since()
        for user, moment in since.items():
            if now - moment <= patience:
                self._overdue.pop(user, None)
            elif user not in self._overdue:
                # The bound may also have come down to somebody, when a job left the line at the last event.
                overdue_since = max(moment + patience, before)
                self._overdue[user] = _Overdue(overdue_since, sum(other < moment for other in since.values()))

    def _passed_over_since(self) -> dict[int, float]:
        """Since when each person has had work waiting and nothing begun; jobs wait in the order in which they came."""
        since: dict[int, float] = {}
        for asked in self._waiting.values():
            user = asked.job.user_id
            since.setdefault(user, max(self._last_begun.get(user, 0.0), asked.job.created_at))
        return since

    def _snapshot(self, now: float) -> Snapshot:
        swap_seconds = self._estimates.swap_seconds
        return self._line.snapshot(now, devices=self._load.devices, resident=(), swap_seconds=swap_seconds)

    def _arrive(self, asked: Asked, now: float) -> None:
        self._waiting[asked.job.job_id] = asked
        self._line.add(asked.job, self._allocator.estimate(asked.job))
        if self._forecasts and not self._free:
            self._teller.arrived(asked.job, self._forecast(now), now)

    def _forecast(self, now: float) -> Iterator[Expected]:
        return forecast(self._line, [self._busy(work, now) for work in self._working], self._allocator, now)

    def _busy(self, work: _Finish, now: float) -> Busy:
        if self._forecasts == "end":
            return Busy(work.given.device, work.at)
        if self._forecasts == "reports":
            work.advance(now)
        return work.underway.busy(self._estimates, now)

    def _begin(self, now: float) -> Begun:
        snapshot = self._snapshot(now)
        given = self._allocator.assign(self._line, self._free, now)
        self._free = [device for device in self._free if device.name != given.device.name]
        asked, user = self._waiting.pop(given.job.job_id), given.job.user_id
        load_seconds = self._chance.lognormvariate(0, SPREAD) * self._load.swap_seconds if given.swap_seconds else 0.0
        finish_at = now + load_seconds + asked.seconds
        reports = asked.reports() if self._forecasts else []
        coming = deque((step, now + load_seconds + after) for step, after in reports)
        work = _Finish(finish_at, given.job.job_id, load_seconds, asked, Underway(given, now), coming)
        heapq.heappush(self._working, work)
        wait_seconds = now - given.job.created_at
        since = max(self._last_begun.get(user, 0.0), given.job.created_at)
        self._last_begun[user] = now
        overdue = self._overdue.pop(user, None)
        return Begun(
            user_id=user,
            at=now,
            wait_seconds=wait_seconds,
            swapped=load_seconds > 0,
            passed_over_seconds=now - since,
            patience_seconds=patience_seconds(snapshot),
            passed_overdue=_is_passed(snapshot, given),
            overdue_seconds=0.0 if overdue is None else now - overdue.since,
            overdue_ahead=0 if overdue is None else overdue.ahead,
            held_seconds=finish_at - now,
            told=self._teller.begun(given.job, wait_seconds),
        )

    def _finish(self) -> float:
        work = heapq.heappop(self._working)
        job = work.given.job
        self._free.append(work.given.device)
        self._line.used((job.guild_id, job.user_id), work.asked.seconds - work.given.seconds, work.at)
        self._estimates.learn(
            job.model_id,
            job.recipe,
            job.price_credits,
            render_seconds=work.asked.seconds,
            load_seconds=work.load_seconds,
        )
        work.advance(work.at)
        work.underway.finished(self._estimates, work.at)
        self._outstanding[job.user_id] -= 1
        if self._refused[job.user_id]:
            again = self._refused[job.user_id].popleft()
            self._ask(replace(again, job=replace(again.job, created_at=work.at)), work.at)
        return work.at


def _is_passed(snapshot: Snapshot, given: Assignment) -> bool:
    first = snapshot.passed_over_longest
    if first is None or first.job == given.job:
        return False
    return snapshot.now - first.passed_over_since > patience_seconds(snapshot)
