"""Choosing the next of ten thousand jobs is as little work as of a hundred: counted in calls, not in time."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from line_samples import job

from generation.line.allocation import Allocator, Device
from generation.line.estimates import Estimates
from generation.line.fairness import Policy, Snapshot, fair_share
from generation.line.people import Line
from storage.jobs import Waiting

FEW, MANY, CHOICES = 100, 10_000, 50
MODELS = ("wan", "ltx", "ti2v")


def filled(count: int, user_of: Callable[[int], int]) -> Line:
    line = Line()
    for number in range(count):
        line.add(job(number, user_of(number), model=MODELS[user_of(number) % 3], at=float(number)), 30.0)
    return line


def calls(count: int, user_of: Callable[[int], int], policy: Policy = fair_share) -> int:
    """Calls of functions, Python's and built in, for CHOICES choices."""
    line, allocator, free, made = filled(count, user_of), Allocator(Estimates(), 1, policy), [Device("gpu-0")], 0

    def count_call(_: FrameType, event: str, __: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        for number in range(CHOICES):
            free = [allocator.assign(line, free, float(count + number)).device]
    finally:
        sys.setprofile(None)
    return made


SHAPES: dict[str, Callable[[int], int]] = {
    "each of another person": lambda number: number,
    "five of each person": lambda number: number // 5,
    "all of one person": lambda _: 0,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hundred_times_the_line_takes_no_more_calls(shape: str) -> None:
    few, many = (calls(count, SHAPES[shape]) for count in (FEW, MANY))

    assert 0 < many <= 1.5 * few


def test_the_policy_weighs_one_person_for_each_model() -> None:
    weighed: list[int] = []

    def counting(snapshot: Snapshot) -> Waiting:
        weighed.append(len(snapshot.least_charged))
        return fair_share(snapshot)

    calls(MANY, SHAPES["each of another person"], counting)

    assert [3] * CHOICES == weighed
