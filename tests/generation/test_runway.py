"""How long credits last: a straight line between top-ups, with numbers worked out by hand."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Allowance
from generation.teaching.runway import DAY, HORIZON_DAYS, PACE_DAYS, Prospects, Runway

MONDAY = datetime(2026, 11, 2, tzinfo=UTC).timestamp()


def prospects(credits_: int = 0, *, cap: int | None = None, first_days_ago: float | None = 99) -> Prospects:
    weekly = Allowance(credits=credits_, timezone=ZoneInfo("UTC"), period="week", cap_credits=cap)
    first_at = None if first_days_ago is None else MONDAY - first_days_ago * DAY
    return Prospects(weekly, first_at, MONDAY)


def days(runway: Runway) -> float | None:
    return None if runway.runs_out_at is None else (runway.runs_out_at - MONDAY) / DAY


def test_without_an_allowance_credits_last_their_number_by_the_pace() -> None:
    lasting = prospects(0).runway(100, 280, people=5)

    assert 10 == lasting.credits_a_day
    assert 10 == pytest.approx(days(lasting))
    assert (MONDAY, 100) == lasting.points[0]
    assert (MONDAY + 10 * DAY, 0) == pytest.approx(lasting.points[-1])


def test_each_top_up_fills_up_to_the_cap_and_no_further() -> None:
    # Of 60 credits 10 are left after a week at 50 a week; up to 20 is filled, which lasts not half the next week.
    lasting = prospects(4).runway(60, 200, people=5)
    full = prospects(100).runway(450, 0, people=5)
    capped = prospects(10, cap=100).runway(480, 28, people=5)

    week = 7 * DAY
    steps = [(MONDAY, 60.0), (MONDAY + week, 10.0), (MONDAY + week, 20.0)]
    assert [pytest.approx(step) for step in steps] == list(lasting.points[:3])
    assert 7 + 20 / (50 / 7) == pytest.approx(days(lasting))
    assert 500 == full.points[2][1] == full.points[-1][1]
    # 7 are used and 50 would come, but only 27 fit.
    assert (473, 500) == pytest.approx((capped.points[1][1], capped.points[2][1]))


def test_what_the_allowance_keeps_up_with_never_runs_out() -> None:
    lasting = prospects(10).runway(50, 28, people=5)

    assert lasting.runs_out_at is None
    assert MONDAY + HORIZON_DAYS * DAY == lasting.points[-1][0]


@pytest.mark.parametrize(("first_days_ago", "averaged_over"), [(None, PACE_DAYS), (99, PACE_DAYS), (14, 14), (0.5, 7)])
def test_a_young_class_is_averaged_over_its_own_days(first_days_ago: float | None, averaged_over: float) -> None:
    lasting = prospects(first_days_ago=first_days_ago).runway(100, 140, people=1)

    assert 140 / averaged_over == pytest.approx(lasting.credits_a_day)


def test_what_would_end_without_an_allowance_is_told_for_a_few_years_only() -> None:
    weekly = prospects(100)

    assert MONDAY + 200 * DAY == pytest.approx(weekly.runway(200, 28, people=5).ends_alone_at)
    assert weekly.runway(20_000, 28, people=5).ends_alone_at is None
    assert weekly.runway(200, 0, people=5).ends_alone_at is None


def test_nothing_left_is_out_now_and_nothing_used_is_never_out() -> None:
    assert 0 == days(prospects(10).runway(0, 28, people=1))
    assert prospects(0).runway(1, 0, people=1).runs_out_at is None


def test_months_are_topped_up_at_their_own_midnights() -> None:
    berlin = Allowance(credits=5, timezone=ZoneInfo("Europe/Berlin"))
    midnights = [datetime.fromtimestamp(at, berlin.timezone) for at in Prospects(berlin, None, MONDAY).top_ups]

    assert [(12, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1)] == [(one.month, one.day) for one in midnights]
    assert {(0, 0)} == {(one.hour, one.minute) for one in midnights}
