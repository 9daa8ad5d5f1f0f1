"""How long credits last if they go on being used as they were; pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from generation.accounts import Allowance

DAY: Final = 86_400.0

PACE_DAYS: Final = 28
"""The window of the mean: four weeks even out who worked on which day, and follow a class that changes its habits."""

LEAST_PACE_DAYS: Final = 7
"""A class's first days are spread over a week, or its first hour would announce its end."""

HORIZON_DAYS: Final = 182
"""Half a year; nobody's pace says anything about what lies beyond it."""

LONGEST_YEARS: Final = 3


@dataclass(frozen=True, slots=True)
class Runway:
    """Credits from now on: ``points`` are (seconds since the epoch, credits left), with a step at each top-up.

    ``runs_out_at`` is None if the credits outlast the horizon.
    """

    credits_a_day: float
    points: tuple[tuple[float, float], ...]
    runs_out_at: float | None

    @property
    def ends_alone_at(self) -> float | None:
        """When they would be used up if none were added; None if not within LONGEST_YEARS, or if none are used."""
        begins, left = self.points[0]
        if self.credits_a_day <= 0 or left / self.credits_a_day > LONGEST_YEARS * 365:
            return None
        return begins + left / self.credits_a_day * DAY


@dataclass(frozen=True)
class Prospects:
    """What the credits of a class depend on: its allowance, when its first job ended if any has, and the moment."""

    allowance: Allowance
    first_at: float | None
    now: float

    @cached_property
    def top_ups(self) -> tuple[float, ...]:
        """When the allowance is given within the horizon, in seconds since the epoch."""
        moments, moment = [], self.allowance.next_begins(self.now).timestamp()
        while moment < self.now + HORIZON_DAYS * DAY:
            moments.append(moment)
            moment = self.allowance.next_begins(moment).timestamp()
        return tuple(moments)

    @cached_property
    def pace_days(self) -> float:
        """Over how many days a pace is averaged: PACE_DAYS, or of a younger class those since its first job ended."""
        since_first = PACE_DAYS if self.first_at is None else (self.now - self.first_at) / DAY
        return min(PACE_DAYS, max(LEAST_PACE_DAYS, since_first))

    def runway(self, left_credits: float, used_credits: float, *, people: int) -> Runway:
        """When ``left_credits`` of ``people`` together are used up, if ``used_credits`` were in the last PACE_DAYS.

        left(t) falls by the pace, used_credits / pace_days. A top-up adds what the allowance's own rule
        (``storage.allowance.due``) gives people with equal shares: min(people · allowance, max(0, people · cap −
        left)). The first t with left(t) = 0 is the run-out: the runway of budgets, money left over burn rate. The pace
        is the mean of the past, the “average method” of Hyndman and Athanasopoulos, Forecasting: Principles and
        Practice (3rd ed., section 5.2), on a moving window. Assumed: the class goes on as in the window, and what one
        leaves another could use. Credits are personal, so those who use most run out before the class does; with one
        of the ``people`` this tells when.
        """
        a_day, end = used_credits / self.pace_days, self.now + HORIZON_DAYS * DAY
        left, moment, points = float(left_credits), self.now, [(self.now, float(left_credits))]
        for next_moment in (*self.top_ups, end):
            used = a_day * (next_moment - moment) / DAY
            if a_day > 0 and left <= used:
                out_at = moment + left / a_day * DAY
                return Runway(a_day, (*points, (out_at, 0.0)), out_at)
            left, moment = left - used, next_moment
            points.append((moment, left))
            if moment < end:
                left += self._given(left, people)
                points.append((moment, left))
        return Runway(a_day, tuple(points), None)

    def _given(self, left: float, people: int) -> float:
        each = self.allowance.credits
        cap = each if self.allowance.cap_credits is None else self.allowance.cap_credits
        return min(people * each, max(0.0, people * cap - left))
