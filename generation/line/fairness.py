"""Who is next: pure policies over a frozen snapshot of the line; the shipped one is ``fair_share``.

A policy is a function that chooses one job. It sees the line already grouped: within one person the oldest job is
the only candidate, and of all people only those who lead by something that a policy may ask for.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from storage.jobs import Waiting

Person = tuple[int, int]
"""(guild id, user id): the same human in two classes waits twice."""

HALF_LIFE_SECONDS: Final = 3600.0
"""After this long, half of what somebody used is forgotten: a lesson, not a term."""

AFFINITY: Final = 6.0
"""Seconds of somebody's use that one second of swapping weighs. From simulation: less swaps too often for the wait
it saves, more lets one model's people pass everybody else's."""

PATIENCE_SECONDS: Final = 900.0
"""Whoever has work waiting and is passed over for longer than this, and than PATIENCE_ROUNDS of the whole line, goes
next, the longest-waiting such person first; nothing is interrupted for it (``simulation.measure.limit_seconds``)."""

PATIENCE_ROUNDS: Final = 1.5


def person(job: Waiting) -> Person:
    """Whose job it is."""
    return job.guild_id, job.user_id


@dataclass(frozen=True, slots=True)
class Usage:
    """Device seconds that a person used, halved every HALF_LIFE_SECONDS.

    ``level`` is the logarithm to base 2 of what is left, plus the half-lives since the epoch: a number that stays
    as it is while the charge decays, and that orders people as their charges do, whatever the time.
    """

    level: float = -math.inf

    def seconds(self, now: float) -> float:
        """What is left of it; bounded, so that a clock set back by months does no harm."""
        return float(2.0 ** min(self.level - now / HALF_LIFE_SECONDS, 60.0))

    def plus(self, seconds: float, now: float) -> "Usage":
        """With ``seconds`` more used now, or fewer; never below nothing."""
        left = self.seconds(now) + seconds
        return Usage(math.log2(left) + now / HALF_LIFE_SECONDS) if left > 0 else Usage()


UNUSED: Final = Usage()


@dataclass(frozen=True, slots=True)
class Candidate:
    """The oldest waiting job of one person, and what is known of that person.

    ``last_started_at`` is when a job of theirs was last begun, minus infinity for never.
    """

    job: Waiting
    charge: Usage = UNUSED
    last_started_at: float = -math.inf

    @property
    def passed_over_since(self) -> float:
        """Since when this person has had work waiting and nothing begun."""
        return max(self.last_started_at, self.job.created_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a policy may look at. At least one job waits.

    ``demo`` is the oldest job of the instructors' lane; every other candidate is of the class. ``least_charged``
    holds, for each model, the least charged of the people whose oldest job is for it. ``resident`` are the models
    loaded on a free device, ``swap_seconds`` how long loading takes, ``backlog_seconds`` the estimates of all
    waiting jobs together.
    """

    now: float
    devices: int
    resident: frozenset[str]
    swap_seconds: Mapping[str, float]
    backlog_seconds: float
    demo: Waiting | None
    oldest: Candidate | None
    served_longest_ago: Candidate | None
    passed_over_longest: Candidate | None
    least_charged: Mapping[str, Candidate]


Policy = Callable[[Snapshot], Waiting]
"""Chooses the next job; pure."""


def patience_seconds(snapshot: Snapshot) -> float:
    """How long a person with work waiting may be passed over: 900 s, or 1.5 times what clearing the line takes."""
    return max(PATIENCE_SECONDS, PATIENCE_ROUNDS * snapshot.backlog_seconds / snapshot.devices)


def fair_share(snapshot: Snapshot) -> Waiting:
    """Demonstrations first; then who was passed over for too long; then who used least, unless a swap costs more.

    The bound is on a person's wait and not on a job's age, so that ten jobs of one person never become ten overdue
    ones: beginning one of them starts that person's clock again.
    """
    if snapshot.demo is not None:
        return snapshot.demo
    overdue = snapshot.passed_over_longest
    if overdue is not None and snapshot.now - overdue.passed_over_since > patience_seconds(snapshot):
        return overdue.job

    def score(candidate: Candidate) -> tuple[float, float, int]:
        job = candidate.job
        swap = 0.0 if job.model_id in snapshot.resident else snapshot.swap_seconds.get(job.model_id, 0.0)
        return candidate.charge.seconds(snapshot.now) + AFFINITY * swap, job.created_at, job.job_id

    return min(snapshot.least_charged.values(), key=score).job


def round_robin(snapshot: Snapshot) -> Waiting:
    """Demonstrations first; then the oldest job of the person who was served longest ago."""
    return snapshot.demo or _job(snapshot.served_longest_ago)


def first_in_first_out(snapshot: Snapshot) -> Waiting:
    """Demonstrations first; then the oldest job."""
    return snapshot.demo or _job(snapshot.oldest)


def _job(candidate: Candidate | None) -> Waiting:
    assert candidate is not None
    return candidate.job
