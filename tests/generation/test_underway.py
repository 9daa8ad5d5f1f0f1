"""When a render ends, as far as its reports of progress tell."""

import pytest
from line_samples import job, recipe

from generation.line.allocation import Assignment, Device
from generation.line.estimates import KNOWN_FROM, Estimates, Milestone
from generation.line.underway import OVERRUN_SHARE, Underway

BEGUN = 1000.0
HALF: Milestone = ("denoise", 2, 4)
LAST: Milestone = ("decode", 80, 81)


def underway(*, is_known: bool = True, swap_seconds: float = 0.0, frames: int = 81) -> Underway:
    device = Device("a", "wan")
    given = Assignment(job(1, 10, frames=frames), device, swap_seconds, 30.0, is_known, device, 0.0)
    return Underway(given, BEGUN)


def estimates(*left: float, milestone: Milestone = HALF) -> Estimates:
    known = Estimates()
    for seconds in left:
        known.learn_left("wan", recipe(), {milestone: seconds})
    return known


def test_a_render_that_reported_nothing_takes_its_estimate_after_the_swap() -> None:
    assert underway(swap_seconds=20.0).busy(estimates(), BEGUN + 5).free_at == BEGUN + 50


def test_from_a_report_on_it_takes_what_others_took_from_there() -> None:
    render = underway()
    render.report(HALF, BEGUN + 40)

    assert render.busy(estimates(14.0, 15.0, 19.0), BEGUN + 42).free_at == BEGUN + 55


def test_what_others_took_counts_from_three_of_them_on_and_makes_an_unknown_end_known() -> None:
    render = underway(is_known=False)
    render.report(HALF, BEGUN + 40)
    few, enough = (render.busy(estimates(*[15.0] * count), BEGUN + 42) for count in (KNOWN_FROM - 1, KNOWN_FROM))

    assert not few.is_known
    assert (enough.is_known, enough.free_at) == (True, BEGUN + 55)


def test_a_repeated_report_is_no_news_and_a_stage_begun_anew_is() -> None:
    render = underway()
    for milestone, at in ((HALF, 10), (HALF, 14), (LAST, 20), (HALF, 30), (HALF, 31)):
        render.report(milestone, BEGUN + at)

    assert [(LAST, BEGUN + 20), (HALF, BEGUN + 30)] == list(render.reports.items())


def test_loading_is_no_part_of_the_render() -> None:
    render = underway()
    render.report(("load", 0, 1), BEGUN + 1)

    assert {} == render.reports


def test_a_render_over_its_time_takes_a_share_of_it_still() -> None:
    render, late = underway(), BEGUN + 500
    assert render.busy(estimates(), late).free_at == late + OVERRUN_SHARE * 30
    render.report(LAST, BEGUN + 490)

    assert render.busy(estimates(1.0, 1.0, 1.0, milestone=LAST), late).free_at == late + OVERRUN_SHARE


def test_a_finished_render_teaches_what_was_left_at_each_report_scaled_by_its_pixels() -> None:
    known = Estimates()
    for _ in range(KNOWN_FROM):
        render = underway()
        render.report(HALF, BEGUN + 12)
        render.report(LAST, BEGUN + 29)
        render.finished(known, BEGUN + 30)

    assert (18.0, 1.0) == tuple(known.left_seconds("wan", recipe(), at) for at in (HALF, LAST))
    assert known.left_seconds("wan", recipe(89), HALF) == pytest.approx(18 * 89 / 81)
    assert known.left_seconds("wan", recipe(), ("denoise", 3, 4)) is None


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_and_is_not_learned_from() -> None:
    render, known = underway(), estimates(14.0, 15.0)
    render.report(HALF, BEGUN + 40)

    assert render.busy(known, BEGUN - 3600).free_at == BEGUN - 3600 + 30
    render.finished(known, BEGUN - 3600)
    assert known.left_seconds("wan", recipe(), HALF) is None
