"""When a model rests: three different jobs in a row that failed with one worker, and nothing less."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from generation.errors import RenderFault
from generation.health import ModelHealth, Rest
from generation.workers.protocol import Failed
from storage.jobs import Job


def job(job_id: int, model_id: str = "wan") -> Job:
    return cast("Any", SimpleNamespace(id=job_id, model_id=model_id))


def failure(fault: RenderFault = "crashed") -> Failed:
    return Failed(fault=fault, cause="signal 9", retry=True)


@pytest.fixture
def health() -> ModelHealth:
    return ModelHealth()


def fail(health: ModelHealth, *job_ids: int, worker: str = "gpu-0", fault: RenderFault = "crashed") -> None:
    for job_id in job_ids:
        health.failed(worker, job(job_id), failure(fault))


def test_three_different_jobs_in_a_row_let_the_model_rest_and_are_told_once(health: ModelHealth) -> None:
    told: list[Rest] = []
    health.listen(told.append)
    fail(health, 1, 2)
    assert not health.is_resting("wan")
    fail(health, 3, 4)

    assert health.is_resting("wan")
    assert not health.is_resting("ltx")
    assert [Rest("wan", "gpu-0", failure())] == told


def test_one_poisonous_job_closes_nothing_however_often_it_is_tried(health: ModelHealth) -> None:
    fail(health, 1, 1, 1)

    assert not health.is_resting("wan")


def test_a_success_between_them_begins_the_count_again(health: ModelHealth) -> None:
    fail(health, 1, 2)
    health.succeeded("gpu-0", "wan")
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
