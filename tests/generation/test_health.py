"""When a model rests: three different jobs in a row that failed with one worker; and how it comes back."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from generation.errors import RenderFault
from generation.health import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, ModelHealth, Rest, Woken
from generation.workers.protocol import Failed
from storage.jobs import Job

START = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def job(job_id: int, model_id: str = "wan") -> Job:
    return cast("Any", SimpleNamespace(id=job_id, model_id=model_id))


def failure(fault: RenderFault = "crashed") -> Failed:
    return Failed(fault=fault, cause="signal 9", retry=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> ModelHealth:
    return ModelHealth(clock)


def fail(health: ModelHealth, *job_ids: int, worker: str = "gpu-0", fault: RenderFault = "crashed") -> None:
    for job_id in job_ids:
        health.failed(worker, job(job_id), failure(fault))


def test_three_different_jobs_in_a_row_let_the_model_rest_and_are_told_once(health: ModelHealth) -> None:
    told: list[Rest | Woken] = []
    health.listen(told.append)
    fail(health, 1, 2)
    assert not health.is_resting("wan")
    fail(health, 3, 4)

    assert health.is_resting("wan")
    assert not health.is_resting("ltx")
    assert {"wan"} == health.resting()
    assert [Rest("wan", "gpu-0", failure(), START + FIRST_PAUSE_SECONDS)] == told


def test_one_poisonous_job_closes_nothing_however_often_it_is_tried(health: ModelHealth) -> None:
    fail(health, 1, 1, 1)

    assert not health.is_resting("wan")


def test_a_success_between_them_begins_the_count_again(health: ModelHealth) -> None:
    fail(health, 1, 2)
    health.succeeded("gpu-0", job(9))
    fail(health, 3, 4)

    assert not health.is_resting("wan")


def test_another_worker_is_counted_apart(health: ModelHealth) -> None:
    fail(health, 1, 2)
    fail(health, 3, worker="gpu-1")

    assert not health.is_resting("wan")


@pytest.mark.parametrize("fault", ["cancelled", "too_big"])
def test_faults_that_say_nothing_about_the_worker_do_not_count(health: ModelHealth, fault: RenderFault) -> None:
    fail(health, 1, 2, 3, 4, fault=fault)

    assert not health.is_resting("wan")


def test_each_failed_trial_doubles_the_pause_up_to_the_longest(health: ModelHealth, clock: Clock) -> None:
    fail(health, 1, 2, 3)
    pauses = []
    for number in range(10, 18):
        next_try_at = health.next_try_at("wan")
        assert next_try_at is not None
        pauses.append(next_try_at - clock.now)
        clock.now = next_try_at - 1
        assert [] == health.due()
        clock.now = next_try_at
        assert ["wan"] == health.due()
        health.try_with("wan", number)
        assert [] == health.due()
        fail(health, number)

    assert [300.0, 600.0, 1200.0, 2400.0, *[LONGEST_PAUSE_SECONDS] * 4] == pauses


def test_a_trial_that_goes_well_puts_the_model_on_the_menu_and_begins_the_count_again(
    health: ModelHealth, clock: Clock
) -> None:
    told: list[Rest | Woken] = []
    fail(health, 1, 2, 3)
    health.listen(told.append)
    clock.now += FIRST_PAUSE_SECONDS
    health.try_with("wan", 4)
    assert health.may_begin("wan", 4)
    assert not health.may_begin("wan", 5)
    health.succeeded("gpu-1", job(1))  # begun before the rest; says nothing about now
    assert health.is_resting("wan")
    health.succeeded("gpu-1", job(4))
    fail(health, 5, 6)

    assert not health.is_resting("wan")
    assert [Woken("wan", by_trial=True)] == told


def test_without_a_job_to_try_the_model_waits_on_the_menu_for_its_next_one(health: ModelHealth, clock: Clock) -> None:
    fail(health, 1, 2, 3)
    clock.now += FIRST_PAUSE_SECONDS
    health.try_with("wan", None)

    assert not health.is_resting("wan")
    assert ["wan"] == health.due()
    health.try_with("wan", 7)
    assert health.is_resting("wan")


@pytest.mark.parametrize("end", ["cancelled", "left"])
def test_a_trial_that_nobody_saw_the_end_of_is_made_with_another_job(
    health: ModelHealth, clock: Clock, end: str
) -> None:
    fail(health, 1, 2, 3)
    clock.now += FIRST_PAUSE_SECONDS
    health.try_with("wan", 4)
    if end == "left":
        health.left(4)
    else:
        fail(health, 4, fault="cancelled")

    assert ["wan"] == health.due()


def test_somebodys_word_wakes_a_model_at_once(health: ModelHealth) -> None:
    told: list[Rest | Woken] = []
    fail(health, 1, 2, 3)
    health.listen(told.append)

    assert health.wake("wan")
    assert not health.wake("wan")
    assert not health.is_resting("wan")
    assert [Woken("wan", by_trial=False)] == told
