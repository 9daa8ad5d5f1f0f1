from generation.fairness import fair_share, first_in_first_out, round_robin
from simulation.measure import calibration, figures
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


def test_told_waits_are_honest() -> None:
    told = calibration(REFERENCE, SEEDS)

    assert told.waits > 1000
    assert told.inside_share >= 0.80
    assert told.median_error < 0.25


def test_the_workload_is_what_it_says() -> None:
    jobs = [one for seed in SEEDS for one in asked(REFERENCE, seed)]
    heavy = sum(one.job.user_id < REFERENCE.heavy for one in jobs) / len(jobs)
    mean_seconds = sum(one.seconds for one in jobs) / len(jobs)

    assert abs(heavy - HEAVY_JOBS) < 0.12
    assert abs(mean_seconds / MEAN_SECONDS - 1) < 0.12
    assert asked(REFERENCE, 5) == asked(REFERENCE, 5)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert figures(REFERENCE, fair_share, range(1, 3)) == figures(REFERENCE, fair_share, range(1, 3))
