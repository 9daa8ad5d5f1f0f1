"""When a waiting job will begin, played forward by the policy itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_samples import GUILD, job, recipe

from generation.line.allocation import Allocator, Device, place
from generation.line.estimates import Estimates
from generation.line.forecast import LOOK_AHEAD, Busy, Margins, forecast
from generation.line.people import Line

NOW = 1000.0


def allocator(devices: int = 1, *, seconds: float = 30.0) -> Allocator:
    estimates = Estimates()
    for model in ("wan", "ltx"):
        for _ in range(3):
            estimates.learn(model, recipe(), 10, render_seconds=seconds, load_seconds=20.0)
    return Allocator(estimates, devices)


def line_of(*users: int, model: str = "wan") -> Line:
    line = Line()
    for number, user in enumerate(users, 1):
        line.add(job(number, user, model=model, at=NOW + number / 100), 30.0)
    return line


def test_everybody_waits_for_what_runs_and_for_who_goes_first() -> None:
    busy = [Busy(Device("a", "wan"), NOW + 12)]
    told = [(one.place, one.wait_seconds) for one in forecast(line_of(1, 2, 3), busy, allocator(), NOW)]

    assert told == [(1, 12.0), (2, 42.0), (3, 72.0)]


def test_a_swap_on_the_way_counts() -> None:
    busy = [Busy(Device("a", "wan"), NOW + 12)]
    told = [one.wait_seconds for one in forecast(line_of(1, 2, model="ltx"), busy, allocator(), NOW)]

    assert told == [12.0, 62.0]


def test_two_devices_halve_the_line() -> None:
    busy = [Busy(Device("a", "wan"), NOW + 10), Busy(Device("b", "wan"), NOW + 20)]
    told = [one.wait_seconds for one in forecast(line_of(1, 2, 3, 4), busy, allocator(2), NOW)]

    assert told == [10.0, 20.0, 40.0, 50.0]


def test_who_used_more_waits_for_those_who_asked_later() -> None:
    line = line_of(1, 2)
    line.used((GUILD, 1), 100.0, NOW)

    assert [2, 1] == [one.job.job_id for one in forecast(line, [Busy(Device("a", "wan"), NOW)], allocator(), NOW)]


def test_one_unknown_time_makes_everything_behind_it_unknown() -> None:
    line = line_of(1)
    line.add(job(2, 2, at=NOW + 1, frames=33), 30.0)
    line.add(job(3, 3, at=NOW + 2), 30.0)
    known = [one.is_known for one in forecast(line, [Busy(Device("a", "wan"), NOW + 5)], allocator(), NOW)]

    assert known == [True, True, False]
    blind = forecast(line, [Busy(Device("a", "wan"), NOW + 5, is_known=False)], allocator(), NOW)
    assert not any(one.is_known for one in blind)


def test_looking_ahead_changes_nothing_and_ends() -> None:
    line = line_of(*range(LOOK_AHEAD + 50))
    before = line.snapshot(NOW, devices=1, resident=(), swap_seconds=lambda _: 0.0)
    told = list(forecast(line, [Busy(Device("a"), NOW)], allocator(), NOW))

    assert len(told) == LOOK_AHEAD
    assert before == line.snapshot(NOW, devices=1, resident=(), swap_seconds=lambda _: 0.0)


def test_a_job_is_placed_by_model_then_room_then_age_of_use() -> None:
    has, empty, older, newer = Device("d", "wan", 9), Device("c", None, 8), Device("b", "ltx", 1), Device("a", "ltx", 2)

    assert place("wan", [newer, older, empty, has]) == has
    assert place("wan", [newer, older, empty]) == empty
    assert place("wan", [newer, older]) == older


@given(st.floats(0, 5000), st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 5000)), max_size=30))
def test_the_range_is_in_order_and_never_in_the_past(wait: float, seen: list[tuple[float, float]]) -> None:
    margins = Margins()
    for forecast_seconds, true_seconds in seen:
        margins.learn(forecast_seconds, true_seconds)
    low, middle, high = margins.around(wait)

    assert 0.0 <= low <= middle <= high


def test_the_range_follows_what_forecasts_of_that_length_were_off_by() -> None:
    margins = Margins()
    for number in range(150):
        margins.learn(100.0, 200.0 + number % 21)
        margins.learn(1000.0, 990.0 + number % 21)
    low, middle, high = margins.around(100.0)

    assert 195 <= low < middle < high <= 225
    assert margins.around(1000.0)[1] == pytest.approx(1000.0, rel=0.02)


def test_newer_waits_count_before_older_ones_of_the_same_length() -> None:
    margins = Margins()
    for true_seconds in (50.0, 200.0):
        for _ in range(150):
            margins.learn(100.0, true_seconds)

    assert margins.around(100.0) == pytest.approx((200.0, 200.0, 200.0))


def test_the_middle_is_where_most_of_the_past_lies_and_not_its_median() -> None:
    margins = Margins()
    for number in range(400):
        margins.learn(100.0, 100.0 + number % 10 if number % 10 < 6 else 300.0 + 100 * (number % 10))

    assert margins.around(100.0)[1] == pytest.approx(102.5, abs=2)
