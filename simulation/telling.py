"""What people are told of their waits, with the shipped forecast and margins, as the bot tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from generation.line.forecast import Expected, Margins
from storage.jobs import Waiting

AGAIN_SECONDS: Final = 30.0
"""Between two times that people are told their waits: the bot's ``status.REFRESH_SECONDS``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told ``at`` a moment: the wait between ``low`` and ``high``, most likely ``middle`` seconds.

    ``forecast`` is what it was drawn around.
    """

    at: float
    forecast: float
    low: float
    middle: float
    high: float


class Teller:
    """Tells waits on arrival and again since, and learns from those told on arrival, as ``Prospects`` does."""

    def __init__(self) -> None:
        self._margins = Margins()
        self._told: dict[int, list[Told]] = {}
        self._again_at = 0.0

    def arrived(self, job: Waiting, expected: Iterable[Expected], now: float) -> None:
        """Somebody has to wait; nothing is told while a time is unknown."""
        one = next(one for one in expected if one.job == job)
        if one.is_known:
            self._told[job.job_id] = [self._tell(one, now)]

    def is_due(self, now: float) -> bool:
        """Whether people should be told again."""
        return bool(self._told) and now >= self._again_at

    def again(self, expected: Iterable[Expected], now: float) -> None:
        """Everybody who was told something on arrival, unless that was less than half of AGAIN_SECONDS ago."""
        self._again_at = now + AGAIN_SECONDS
        for one in expected:
            told = self._told.get(one.job.job_id)
            if told is not None and one.is_known and now - told[0].at >= AGAIN_SECONDS / 2:
                told.append(self._tell(one, now))

    def begun(self, job: Waiting, wait_seconds: float) -> tuple[Told, ...]:
        """A wait has ended; returns what was told of it."""
        told = tuple(self._told.pop(job.job_id, ()))
        if told:
            self._margins.learn(told[0].forecast, wait_seconds)
        return told

    def _tell(self, expected: Expected, now: float) -> Told:
        return Told(now, expected.wait_seconds, *self._margins.around(expected.wait_seconds))
