"""The policy that decides who is next."""

import math
from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_samples import GUILD, job

from generation.line.fairness import (
    AFFINITY,
    HALF_LIFE_SECONDS,
    PATIENCE_SECONDS,
    Policy,
    Snapshot,
    Usage,
    fair_share,
    first_in_first_out,
    patience_seconds,
    round_robin,
)
from generation.line.people import Line
from storage.jobs import Waiting

NOW = 10_000.0
SWAPS = {"wan": 20.0, "ltx": 20.0, "draft": 0.0}

seconds = st.floats(0.5, 5000)
people = st.integers(1, 6)
models = st.sampled_from(sorted(SWAPS))


@st.composite
def jobs(draw: Callable[..., float]) -> list[Waiting]:
    asked = draw(st.lists(st.tuples(people, models, st.floats(0, NOW)), min_size=1, max_size=25))  # type: ignore[attr-defined,arg-type]
    return [job(number, user, model=model, at=at) for number, (user, model, at) in enumerate(asked, 1)]


@st.composite
def lines(draw: Callable[..., object]) -> tuple[Line, list[Waiting]]:
    line, waiting = Line(), draw(jobs())
    assert isinstance(waiting, list)
    for one in waiting:
        line.add(one, float(draw(seconds)))  # type: ignore[arg-type]
    for user, used, at in draw(st.lists(st.tuples(people, seconds, st.floats(0, NOW)), max_size=8)):  # type: ignore[attr-defined]
        line.used((GUILD, user), used, at, at)
    return line, waiting


def seen(line: Line, *, now: float = NOW, resident: tuple[str, ...] = (), devices: int = 1) -> Snapshot:
    return line.snapshot(now, devices=devices, resident=resident, swap_seconds=SWAPS.__getitem__)


def line_of(*waiting: Waiting, estimate_seconds: float = 30.0) -> Line:
    line = Line()
    for one in waiting:
        line.add(one, estimate_seconds)
    return line


def order(line: Line, policy: Policy, *, now: float = NOW, seconds_each: float = 30.0) -> list[int]:
    served = []
    while len(line):
        chosen = policy(seen(line, now=now))
        line.begin(chosen, seconds_each, now)
        served.append(chosen.job_id)
        now += seconds_each
    return served


def test_who_used_least_goes_first() -> None:
    line = line_of(job(1, 10, at=NOW - 5), job(2, 20, at=NOW - 4))
    line.used((GUILD, 10), 100.0, NOW)

    assert fair_share(seen(line)).job_id == 2


def test_equal_people_go_by_age() -> None:
    assert fair_share(seen(line_of(job(1, 10, at=NOW - 4), job(2, 20, at=NOW - 5)))).job_id == 2


def test_what_was_used_is_half_forgotten_after_an_hour() -> None:
    charge = Usage().plus(80.0, NOW)

    assert charge.seconds(NOW + HALF_LIFE_SECONDS) == pytest.approx(40.0)
    assert charge.plus(-100.0, NOW) == Usage()
    assert Usage().seconds(NOW) == 0.0


@given(st.lists(st.tuples(seconds, st.floats(0, NOW)), min_size=1, max_size=6))
def test_charges_add_up_in_any_order(parts: list[tuple[float, float]]) -> None:
    charge = Usage()
    for used, at in parts:
        charge = charge.plus(used, at)
    expected = sum(used * 0.5 ** ((NOW - at) / HALF_LIFE_SECONDS) for used, at in parts)

    assert charge.seconds(NOW) == pytest.approx(expected)


def test_a_clock_set_back_by_a_year_orders_people_as_before() -> None:
    line = line_of(job(1, 10, at=1e6), job(2, 20, at=1e6))
    line.used((GUILD, 10), 5.0, 4e7)

    assert fair_share(seen(line, now=1e6)).job_id == 2


@pytest.mark.parametrize(("used", "expected"), [(AFFINITY * 20 - 1, 1), (AFFINITY * 20 + 1, 2)])
def test_the_loaded_model_goes_on_until_a_swap_is_worth_it(used: float, expected: int) -> None:
    line = line_of(job(1, 10, model="wan", at=NOW - 5), job(2, 20, model="ltx", at=NOW - 5))
    line.used((GUILD, 10), used, NOW)

    assert fair_share(seen(line, resident=("wan",))).job_id == expected


def test_a_model_without_weights_needs_no_swap() -> None:
    line = line_of(job(1, 10, model="wan", at=NOW - 5), job(2, 20, model="draft", at=NOW - 4))

    assert fair_share(seen(line)).job_id == 2


@given(lines(), st.integers(1, 4))
def test_a_person_who_was_passed_over_for_longer_than_the_bound_goes_first(
    waiting: tuple[Line, list[Waiting]], devices: int
) -> None:
    snapshot = seen(waiting[0], devices=devices)
    first = snapshot.passed_over_longest
    assert first is not None
    if NOW - first.passed_over_since > patience_seconds(snapshot):
        assert fair_share(snapshot) == first.job


def test_the_bound_grows_with_the_line_and_shrinks_with_devices() -> None:
    line = line_of(*(job(number, number) for number in range(1, 11)), estimate_seconds=300)

    assert (4500.0, 2250.0) == tuple(patience_seconds(seen(line, devices=count)) for count in (1, 2))
    assert patience_seconds(seen(line, devices=10)) == PATIENCE_SECONDS


def test_ten_old_jobs_of_one_person_do_not_become_ten_overdue_people() -> None:
    old = [job(number, 10, at=0.0) for number in range(1, 11)]
    line = line_of(*old, *(job(number, number, at=NOW - 10) for number in range(20, 25)))
    line.used((GUILD, 10), 1.0, NOW)

    assert [1, 20, 21, 22, 23, 24, 2] == order(line, fair_share)[:7]


@given(lines())
def test_within_one_person_it_is_first_in_first_out(waiting: tuple[Line, list[Waiting]]) -> None:
    line, all_jobs = waiting
    by_id = {one.job_id: one for one in all_jobs}
    served = [by_id[number] for number in order(line, fair_share)]

    for user in {one.user_id for one in all_jobs}:
        own = [one for one in served if one.user_id == user]
        assert sorted(own, key=lambda one: (one.created_at, one.job_id)) == own
    assert len(served) == len(all_jobs)


@given(st.integers(2, 8), st.floats(5, 400))
def test_nobody_starves_beside_newcomers_who_never_stop(newcomers: int, render_seconds: float) -> None:
    line, now, number = Line(), 0.0, 1
    line.add(job(1, 1, model="ltx", at=0.0), render_seconds)
    line.used((GUILD, 1), 100_000.0, 0.0)
    longest = PATIENCE_SECONDS + 1.5 * render_seconds * (newcomers + 2)
    while 1 in line:
        number += 1
        # Always somebody who never used anything, for the loaded model.
        while len(line) < newcomers:
            number += 1
            line.add(job(number, number, model="wan", at=now), render_seconds)
        line.begin(fair_share(seen(line, now=now, resident=("wan",))), render_seconds, now)
        assert now <= longest
        now += render_seconds


@given(lines(), st.sampled_from([fair_share, round_robin, first_in_first_out]))
def test_a_policy_is_a_pure_function_of_its_snapshot(waiting: tuple[Line, list[Waiting]], policy: Policy) -> None:
    snapshot = seen(waiting[0], resident=("wan",))
    before = deepcopy(snapshot)

    assert policy(snapshot) == policy(before)
    assert snapshot == before
    with pytest.raises(AttributeError):
        snapshot.now = 0.0  # type: ignore[misc]


@given(lines(), st.sampled_from([fair_share, round_robin, first_in_first_out]))
def test_a_demonstration_goes_before_everybody(waiting: tuple[Line, list[Waiting]], policy: Policy) -> None:
    line, _ = waiting
    line.add(job(901, 77, at=NOW, lane="demo"), 30.0)
    line.add(job(900, 77, at=NOW + 1, lane="demo"), 30.0)

    assert policy(seen(line)).job_id == 901


def test_a_demonstration_is_charged_to_nobody() -> None:
    line = line_of(job(1, 10, lane="demo"), job(2, 10))
    line.begin(fair_share(seen(line)), 500.0, NOW)

    assert line.charged_seconds((GUILD, 10), NOW) == 0.0
    assert fair_share(seen(line)).job_id == 2


@given(lines())
def test_the_candidates_are_those_that_a_look_at_every_job_would_find(waiting: tuple[Line, list[Waiting]]) -> None:
    line, all_jobs = waiting
    snapshot = seen(line)
    heads = {
        user: min((one for one in all_jobs if one.user_id == user), key=lambda one: (one.created_at, one.job_id))
        for user in {one.user_id for one in all_jobs}
    }
    assert snapshot.oldest is not None
    assert snapshot.oldest.job == min(heads.values(), key=lambda one: (one.created_at, one.job_id))
    assert set(snapshot.least_charged) == {one.model_id for one in heads.values()}
    for model, candidate in snapshot.least_charged.items():
        charges = [line.charged_seconds((GUILD, one.user_id), NOW) for one in heads.values() if one.model_id == model]
        assert math.isclose(candidate.charge.seconds(NOW), min(charges), rel_tol=1e-9, abs_tol=1e-9)


def test_round_robin_serves_whoever_was_served_longest_ago() -> None:
    line = line_of(job(1, 10), job(2, 10), job(3, 10), job(4, 20), job(5, 30))

    assert [1, 4, 5, 2, 3] == order(line, round_robin)


def test_first_in_first_out_looks_at_age_alone() -> None:
    line = line_of(job(1, 10), job(2, 10), job(3, 20))
    line.used((GUILD, 10), 5000.0, NOW)

    assert [1, 2, 3] == order(line, first_in_first_out)
