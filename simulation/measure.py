"""What a policy did to people: waits of those who ask little, swaps, and the longest that anybody was passed over."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from generation.admission import OUTSTANDING_LIMIT
from generation.line.fairness import Policy, fair_share, first_in_first_out, round_robin
from simulation.engine import Begun, Knowledge, Run
from simulation.telling import Told
from simulation.workload import Load, asked

LEAST_SECONDS: Final = 1e-6
"""Somebody who began in the moment of asking waited for this long: any other told wait is then infinitely wrong."""

LONG_SECONDS: Final = 60.0
"""From here on a wait is told in minutes, and decided by people who have not asked yet."""

POLICIES: Final[tuple[Policy, ...]] = (first_in_first_out, round_robin, fair_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One policy under one load, all seeds pooled; times in seconds.

    ``others`` are the people who are not heavy. ``longest_passed_over`` is the longest that anybody had work waiting
    and nothing begun, ``past_bound`` by how much that was more than the bound of its moment: nothing is interrupted,
    so the render under way and people overdue for longer come first. ``passed_overdue`` counts the jobs that were
    begun although somebody else's person was overdue. ``beyond_limit`` counts those begun later than ``limit_seconds``.
    """

    load: Load
    policy: str
    jobs: int
    others_p50: float
    others_p95: float
    mean_wait: float
    swaps_per_hour: float
    longest_passed_over: float
    past_bound: float
    passed_overdue: int
    beyond_limit: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How honest the told waits were: the share of starts inside the range, the median error of its middle.

    Errors are shares of the true wait, except ``median_error_seconds``; ``long_error`` is the median of the waits that
    were told as LONG_SECONDS or more, NaN if there were none. All of these are of what was told first.
    ``again_inside_share`` is the mean share of a job's later ranges that held, every job counted alike, and
    ``last_inside_share`` of the ranges told last.
    """

    waits: int
    inside_share: float
    median_error: float
    median_error_seconds: float
    long_error: float
    again_inside_share: float
    last_inside_share: float


def figures(load: Load, policy: Policy, seeds: Iterable[int]) -> Figures:
    """Run one policy over the same jobs that every other policy gets."""
    runs = [list(Run(load, seed, policy).run(asked(load, seed))) for seed in seeds]
    begun = [one for run in runs for one in run]
    hours = sum(run[-1].at for run in runs) / 3600 * load.devices
    others = [one.wait_seconds for one in begun if one.user_id >= load.heavy]
    p50, p95 = np.percentile(others, (50, 95))
    return Figures(
        load=load,
        policy=getattr(policy, "__name__", str(policy)),
        jobs=len(begun),
        others_p50=float(p50),
        others_p95=float(p95),
        mean_wait=float(np.mean([one.wait_seconds for one in begun])),
        swaps_per_hour=sum(one.swapped for one in begun) / hours,
        longest_passed_over=max(one.passed_over_seconds for one in begun),
        past_bound=max(0.0, *(one.passed_over_seconds - one.patience_seconds for one in begun)),
        passed_overdue=sum(one.passed_overdue for one in begun),
        beyond_limit=sum(_beyond_limit(run, load.devices) for run in runs),
    )


def limit_seconds(overdue_ahead: int, devices: int, longest_seconds: float) -> float:
    """The longest that somebody who is past the bound can still wait.

    From then on only people who had waited for longer are begun before, one job of each, and every device begins a
    job at least once in the time that the longest one takes.
    """
    return math.ceil((overdue_ahead + 1) / devices) * longest_seconds


def _beyond_limit(run: list[Begun], devices: int) -> int:
    longest_seconds = max(one.held_seconds for one in run)
    return sum(one.overdue_seconds > limit_seconds(one.overdue_ahead, devices, longest_seconds) for one in run)


def calibration(load: Load, seeds: Iterable[int], knowledge: Knowledge = "reports") -> Calibration:
    """Tell everybody who has to wait when they will begin, as the bot does, and compare with when they did.

    With the shipped policy, estimator and limit of clips in the making: a sixth clip is refused, not forecast. Another
    ``knowledge`` than the bot's says what its own is worth.
    """
    shops = (
        (Run(load, seed, fair_share, forecasts=knowledge, outstanding_limit=OUTSTANDING_LIMIT), asked(load, seed))
        for seed in seeds
    )
    begun = [one for shop, jobs in shops for one in shop.run(jobs) if one.told]
    true = np.array([one.wait_seconds for one in begun])
    middle = np.array([one.told[0].middle for one in begun])
    off = np.abs(middle - true)
    error = off / np.maximum(true, LEAST_SECONDS)
    again = [one for one in begun if len(one.told) > 1]
    return Calibration(
        waits=len(begun),
        inside_share=float(np.mean([_is_inside(one, one.told[0]) for one in begun])),
        median_error=float(np.median(error)),
        median_error_seconds=float(np.median(off)),
        long_error=float(np.median(long)) if (long := error[middle >= LONG_SECONDS]).size else math.nan,
        again_inside_share=float(np.mean([np.mean([_is_inside(one, told) for told in one.told[1:]]) for one in again])),
        last_inside_share=float(np.mean([_is_inside(one, one.told[-1]) for one in again])),
    )


def _is_inside(one: Begun, told: Told) -> bool:
    return told.low <= one.at - told.at <= told.high
