"""When a model rests: three different jobs in a row that failed with one worker; and how it comes back."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from generation.catalog import PresetName, load_catalog
from generation.errors import RenderFault
from generation.health import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, ModelHealth, News, Rest, Woken
from generation.request import ClipRequest, compose
from generation.sizes import PAUSE_SECONDS, TooLarge
from generation.workers.protocol import Failed
from storage.jobs import Job

START = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def asked(shape_id: str = "landscape", seconds: float = 2, preset: PresetName = "fast") -> ClipRequest:
    model = load_catalog()["wan2.2-i2v-a14b"]
    return compose(model, prompt="waves", still="s", shape_id=shape_id, seconds=seconds, preset=preset, seed=1)


def job(job_id: int, model_id: str = "wan", request: ClipRequest | None = None) -> Job:
    recipe = (request or asked()).recipe()
    return cast("Any", SimpleNamespace(id=job_id, model_id=model_id, recipe=recipe))


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
    told: list[News] = []
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


@pytest.mark.parametrize("fault", ["cancelled", "too_big", "out_of_memory"])
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
    told: list[News] = []
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
    told: list[News] = []
    fail(health, 1, 2, 3)
    health.listen(told.append)

    assert health.wake("wan")
    assert not health.wake("wan")
    assert not health.is_resting("wan")
    assert [Woken("wan", by_trial=False)] == told


def runs_out(health: ModelHealth, *jobs: tuple[int, ClipRequest]) -> list[TooLarge]:
    """What is told when these jobs run out of memory."""
    told: list[News] = []
    health.listen(told.append)
    for job_id, request in jobs:
        health.failed("gpu-0", job(job_id, request.model.id, request), failure("out_of_memory"))
    return [news for news in told if isinstance(news, TooLarge)]


LARGE, SMALL = asked("landscape-hd"), asked("landscape")


def test_a_size_at_which_three_jobs_ran_out_of_memory_is_refused_and_no_other(health: ModelHealth) -> None:
    assert [] == runs_out(health, (1, LARGE), (2, LARGE), (2, LARGE))
    assert not health.sizes.is_too_large(LARGE)

    [news] = runs_out(health, (3, LARGE), (4, LARGE))

    model_id = LARGE.model.id
    assert TooLarge(model_id, "fast", LARGE.width, LARGE.height, 33 / 16, "signal 9", START + PAUSE_SECONDS) == news
    refused = [LARGE, asked("landscape-hd", seconds=3), SMALL, asked("landscape-hd", preset="standard")]
    assert [True, True, False, False] == [health.sizes.is_too_large(request) for request in refused]
    assert not health.is_resting(model_id)


def test_only_jobs_that_were_no_larger_prove_that_a_size_is_too_large(health: ModelHealth) -> None:
    [news] = runs_out(health, (1, SMALL), (2, LARGE), (3, LARGE))

    assert (LARGE.width, LARGE.height) == (news.width, news.height)
    assert not health.sizes.is_too_large(SMALL)


def test_a_success_at_a_size_is_proof_that_there_is_room_for_it(health: ModelHealth) -> None:
    runs_out(health, (1, LARGE), (2, LARGE), (3, LARGE))
    health.succeeded("gpu-0", job(8, SMALL.model.id, SMALL))
    assert health.sizes.is_too_large(LARGE)
    health.succeeded("gpu-1", job(9, LARGE.model.id, LARGE))

    assert not health.sizes.is_too_large(LARGE)
    assert [] == runs_out(health, (10, LARGE), (11, LARGE))


def test_after_the_pause_one_more_failure_is_enough(health: ModelHealth, clock: Clock) -> None:
    runs_out(health, (1, LARGE), (2, LARGE), (3, LARGE))
    clock.now += PAUSE_SECONDS
    assert not health.sizes.is_too_large(LARGE)

    assert 1 == len(runs_out(health, (4, LARGE)))
    assert health.sizes.is_too_large(LARGE)


def test_after_the_pause_a_larger_job_says_nothing_of_the_size_that_was_refused(
    health: ModelHealth, clock: Clock
) -> None:
    runs_out(health, (1, SMALL), (2, SMALL), (3, SMALL))
    clock.now += PAUSE_SECONDS

    assert [] == runs_out(health, (4, LARGE), (5, LARGE))
    assert [False, False] == [health.sizes.is_too_large(request) for request in (SMALL, LARGE)]
    [news] = runs_out(health, (6, LARGE))
    assert (LARGE.width, LARGE.height) == (news.width, news.height)


def test_somebodys_word_allows_every_size_again(health: ModelHealth) -> None:
    runs_out(health, (1, LARGE), (2, LARGE), (3, LARGE))

    assert not health.wake(LARGE.model.id)
    assert not health.sizes.is_too_large(LARGE)
    assert [] == runs_out(health, (4, LARGE), (5, LARGE))


def test_a_trial_that_ran_out_of_memory_is_made_with_another_job(health: ModelHealth, clock: Clock) -> None:
    fail(health, 1, 2, 3)
    clock.now += FIRST_PAUSE_SECONDS
    health.try_with("wan", 4)
    fail(health, 4, fault="out_of_memory")

    assert ["wan"] == health.due()
