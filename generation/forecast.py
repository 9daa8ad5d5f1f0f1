"""When each waiting job will begin: the line played forward by the policy, and how far such forecasts are off."""

import heapq
import math
import statistics
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generation.allocation import Allocator, Assignment, Device
from generation.line import Line
from storage.jobs import Waiting

LOOK_AHEAD: Final = 500
"""Jobs that are played forward; whoever stands further back is told so instead of a time."""


OVERRUN_SHARE: Final = 0.05
"""Of its estimate a render that is over it is expected to take still."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A device and when it will be free; ``is_known`` says whether that rests on measured times only."""

    device: Device
    free_at: float
    is_known: bool = True

    @classmethod
    def since(cls, begun_at: float, given: Assignment, now: float) -> "Busy":
        """The device of a job that was begun then. One that should be done by now will take OVERRUN_SHARE more."""
        due_at = begun_at + given.swap_seconds + given.seconds
        return cls(given.device, max(due_at, now + OVERRUN_SHARE * given.seconds), given.is_known)


@dataclass(frozen=True, slots=True)
class Expected:
    """A job begins ``wait_seconds`` from now, if nobody else comes and everything takes its median.

    ``place`` is 1 for the job that is served next. ``is_known`` says whether all times that this rests on were
    measured on this machine.
    """

    job: Waiting
    place: int
    wait_seconds: float
    is_known: bool


def forecast(line: Line, devices: Sequence[Busy], allocator: Allocator, now: float) -> Iterator[Expected]:
    """Everybody in order of service, LOOK_AHEAD of them at most. The line is left as it is."""
    ahead = line.copy()
    free = [busy.device for busy in devices if busy.free_at <= now]
    working = [(busy.free_at, busy.device.name, busy.device) for busy in devices if busy.free_at > now]
    heapq.heapify(working)
    known, at = all(busy.is_known for busy in devices), now
    for place in range(1, min(len(ahead), LOOK_AHEAD) + 1):
        if not free:
            at = working[0][0]
            while working and working[0][0] <= at:
                free.append(heapq.heappop(working)[2])
        given = allocator.assign(ahead, free, at)
        yield Expected(given.job, place, at - now, known)
        free = [device for device in free if device.name != given.device.name]
        heapq.heappush(working, (at + given.swap_seconds + given.seconds, given.device.name, given.device))
        known = known and given.is_known


REMEMBERED: Final = 200
"""Waits over which the range is learned."""

LOWEST, HIGHEST = 6, 94
"""Percentiles at the two ends of the range: 88 % of the past, because of the future 80 % are promised."""

SHORT_SECONDS: Final = 20.0
"""Added to waits before they are compared, because nobody minds a factor of two between two and four seconds."""

LONG_SECONDS: Final = 300.0
"""From here on a wait counts as long."""

ASSUMED_FACTORS: Final = (0.5, 0.7, 0.85, 0.95, 1.0, 1.0, 1.05, 1.2, 1.5, 2.0, 2.5)
"""True over forecast waits before any are known here; forgotten as known ones come in."""


class Margins:
    """The range around a forecast: how far the last forecasts on this machine were off, as quantiles (split conformal).

    Whoever joins later, renders that take longer, clips that are cancelled: all of it is in what was off before.
    """

    def __init__(self) -> None:
        self._short, self._long = (deque(map(math.log, ASSUMED_FACTORS), maxlen=REMEMBERED) for _ in range(2))

    def learn(self, forecast_seconds: float, true_seconds: float) -> None:
        """A wait that was forecast has ended."""
        factor = (true_seconds + SHORT_SECONDS) / (forecast_seconds + SHORT_SECONDS)
        self._like(forecast_seconds).append(math.log(factor))

    def around(self, forecast_seconds: float) -> tuple[float, float, float]:
        """The low end, the middle and the high end of the wait, in seconds, none below 0."""
        percentiles = statistics.quantiles(self._like(forecast_seconds), n=100, method="inclusive")
        ends = (math.exp(percentiles[percent - 1]) for percent in (LOWEST, 50, HIGHEST))
        low, middle, high = (max(0.0, (forecast_seconds + SHORT_SECONDS) * e - SHORT_SECONDS) for e in ends)
        return low, middle, high

    def _like(self, forecast_seconds: float) -> deque[float]:
        """A long wait is off by more than a short one, because more people can join before it ends."""
        return self._long if forecast_seconds > LONG_SECONDS else self._short
