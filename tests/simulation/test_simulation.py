"""The simulated classes keep what the README promises of the line."""

import pytest

from generation.line.fairness import fair_share, first_in_first_out, round_robin
from simulation.measure import calibration, figures, limit_seconds
from simulation.workload import HEAVY_JOBS, MEAN_SECONDS, Load, asked

REFERENCE = Load(30, 1, 0.8, 20.0)
SEEDS = range(1, 13)


def test_people_who_ask_little_wait_less_than_under_simpler_policies() -> None:
    fifo, turns, fair = (figures(REFERENCE, policy, SEEDS) for policy in (first_in_first_out, round_robin, fair_share))

    assert fair.others_p95 <= 0.80 * turns.others_p95
    assert fair.others_p95 <= 0.35 * fifo.others_p95
    assert fair.swaps_per_hour < turns.swaps_per_hour
    assert fair.jobs == turns.jobs == fifo.jobs


def test_nobody_past_the_bound_is_passed_over_once_more() -> None:
    for load in (Load(30, 1, 1.1, 60.0), Load(100, 2, 0.8, 20.0)):
        assert figures(load, fair_share, range(1, 3)).passed_overdue == 0
    assert figures(REFERENCE, first_in_first_out, range(1, 3)).passed_overdue > 0


@pytest.mark.parametrize("load", [Load(30, 1, 0.8, 60.0), Load(30, 1, 1.1, 20.0), Load(100, 2, 1.1, 20.0)])
def test_nobody_waits_beyond_the_bound_and_one_job_of_each_person_overdue_for_longer(load: Load) -> None:
    ours, theirs = (figures(load, policy, range(3, 5)) for policy in (fair_share, first_in_first_out))

    assert 0 == ours.beyond_limit
    assert ours.past_bound > 0  # there was somebody to count
    assert theirs.beyond_limit > 0


def test_the_limit_of_the_overdue_is_a_round_of_the_devices_for_each_person_ahead() -> None:
    assert [100.0, 200.0, 300.0] == [limit_seconds(ahead, 1, 100.0) for ahead in (0, 1, 2)]
    assert [100.0, 100.0, 200.0] == [limit_seconds(ahead, 2, 100.0) for ahead in (0, 1, 2)]


@pytest.mark.parametrize(
    ("load", "seeds"),
    [
        (Load(30, 1, 0.5, 20.0), 6),
        (REFERENCE, 6),
        (Load(30, 1, 1.1, 20.0), 6),
        (Load(100, 2, 1.1, 20.0), 2),
        (Load(300, 8, 0.5, 20.0), 1),
        (Load(300, 8, 0.8, 20.0), 1),
    ],
)
def test_told_waits_are_honest(load: Load, seeds: int) -> None:
    told = calibration(load, range(1, 1 + seeds))

    assert told.waits > 300
    assert told.inside_share >= 0.80
    assert told.again_inside_share >= 0.80
    assert told.median_error < 0.25


def test_reports_of_progress_are_worth_most_of_what_knowing_the_end_would_be() -> None:
    begins, reports, ends = (
        calibration(Load(300, 8, 0.5, 20.0), [1], knowledge).median_error for knowledge in ("begin", "reports", "end")
    )

    assert ends < reports < 0.5 * begins


def test_the_workload_is_what_it_says() -> None:
    jobs = [one for seed in SEEDS for one in asked(REFERENCE, seed)]
    heavy = sum(one.job.user_id < REFERENCE.heavy for one in jobs) / len(jobs)
    mean_seconds = sum(one.seconds for one in jobs) / len(jobs)

    assert abs(heavy - HEAVY_JOBS) < 0.12
    assert abs(mean_seconds / MEAN_SECONDS - 1) < 0.12
    assert asked(REFERENCE, 5) == asked(REFERENCE, 5)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert figures(REFERENCE, fair_share, range(1, 3)) == figures(REFERENCE, fair_share, range(1, 3))
