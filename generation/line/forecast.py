"""When each waiting job will begin: the line played forward by the policy, and how far such forecasts are off."""

import heapq
import math
import statistics
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generation.line.allocation import Allocator, Device
from generation.line.people import Line
from storage.jobs import Waiting

LOOK_AHEAD: Final = 500
"""Jobs that are played forward; whoever stands further back is told so instead of a time."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A device and when it will be free, in seconds of the line's clock.

    ``is_known`` says whether that rests on measured times only.
    """

    device: Device
    free_at: float
    is_known: bool = True


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


def forecast(
    line: Line, devices: Sequence[Busy], allocator: Allocator, now: float, joining: Sequence[Waiting] = ()
) -> Iterator[Expected]:
    """LOOK_AHEAD jobs at most in order of service, as if ``joining`` waited too; leaves the line as it is."""
    ahead = line.ahead()
    for job in joining:
        ahead.add(job, allocator.estimate(job))
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


REMEMBERED: Final = 400
"""Waits over which the range is learned."""

ALIKE: Final = 100
"""Of these the waits nearest in length, from which a range is taken: a long wait is off by more than a short one,
because more people can join before it ends."""

LOWEST, HIGHEST = 6, 94
"""Percentiles at the two ends of the range: 88 % of the past, because of the future 80 % are promised."""

SHORT_SECONDS: Final = 5.0
"""Added to waits before they are compared, because nobody minds a factor of two between two and four seconds."""

ASSUMED_SECONDS: Final = (30.0, 300.0)
ASSUMED_FACTORS: Final = (0.5, 0.7, 0.85, 0.95, 1.0, 1.0, 1.05, 1.2, 1.5, 2.0, 2.5)
"""Forecast waits, and true over forecast ones, before any are known here; forgotten as known ones come in."""


class Margins:
    """The range around a forecast: how far the last forecasts like it were off here, as quantiles (split conformal).

    Whoever joins later, renders that take longer, clips that are cancelled: all of it is in what was off before.
    """

    def __init__(self) -> None:
        assumed = ((_length(seconds), math.log(factor)) for seconds in ASSUMED_SECONDS for factor in ASSUMED_FACTORS)
        self._seen = deque(assumed, maxlen=REMEMBERED)

    def learn(self, forecast_seconds: float, true_seconds: float) -> None:
        """A wait that was forecast has ended."""
        length = _length(forecast_seconds)
        self._seen.append((length, _length(true_seconds) - length))

    def around(self, forecast_seconds: float) -> tuple[float, float, float]:
        """The low end, the middle and the high end of the wait, in seconds, none below 0."""
        length = _length(forecast_seconds)
        nearest = heapq.nsmallest(ALIKE, reversed(self._seen), key=lambda one: abs(one[0] - length))
        errors = [error for _, error in nearest]
        percentiles = statistics.quantiles(errors, n=100, method="inclusive")
        lowest, highest = percentiles[LOWEST - 1], percentiles[HIGHEST - 1]
        middle = min(max(lowest, _shortest_half(errors)), highest)
        low, middle, high = (max(0.0, math.exp(length + e) - SHORT_SECONDS) for e in (lowest, middle, highest))
        return low, middle, high


def _length(seconds: float) -> float:
    return math.log(seconds + SHORT_SECONDS)


def _shortest_half(numbers: list[float]) -> float:
    """The middle of the narrowest interval that holds half of the numbers.

    Of all single guesses it is the one whose median error is smallest (Rousseeuw, Least Median of Squares, 1984).
    """
    ordered, half = sorted(numbers), len(numbers) // 2
    low, high = min(zip(ordered, ordered[half:], strict=False), key=lambda ends: ends[1] - ends[0])
    return (low + high) / 2
