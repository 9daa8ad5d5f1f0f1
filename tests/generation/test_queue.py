"""The queue that workers are fed from: its order, its places and who waits at it."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from line_samples import GUILD, job, recipe

from generation.line.allocation import Allocator
from generation.line.estimates import Estimates
from generation.line.fairness import HALF_LIFE_SECONDS, Policy, fair_share, round_robin
from generation.queue import JobQueue
from generation.workers.protocol import Rendered
from storage.jobs import Lane, Ran

START = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def shop(clock: Clock, *workers: str, policy: Policy = fair_share) -> JobQueue:
    names = workers or ("gpu-0",)
    return JobQueue(Allocator(Estimates(["draft"]), len(names), policy), names, clock=clock)


def ran(
    user_id: int, *, ago: float = 100.0, render_seconds: float | None = 30.0, model: str = "wan", lane: Lane = "class"
) -> Ran:
    at = START - ago
    return Ran(GUILD, user_id, model, 10, lane, at - 40.0, at, render_seconds, 5.0, recipe())


def rendered(seconds: float, load_seconds: float = 0.0) -> Rendered:
    return Rendered(size_bytes=1, render_seconds=seconds, load_seconds=load_seconds)


async def served(queue: JobQueue, count: int) -> list[int]:
    return [(await queue.get("gpu-0")).job_id for _ in range(count)]


async def test_one_person_is_served_in_order(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(2, 10), job(1, 10), job(3, 10))

    assert [1, 2, 3] == await served(queue, 3)


async def test_whoever_used_least_is_served_next(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(*(job(number, 10, at=START) for number in (1, 2, 3)), job(4, 20, at=START), job(5, 30, at=START))

    assert [1, 4, 5, 2, 3] == await served(queue, 5)


async def test_another_policy_can_take_its_place(clock: Clock) -> None:
    queue = shop(clock, policy=round_robin)
    queue.recall([ran(10, render_seconds=1.0), ran(20, ago=200.0, render_seconds=500.0)])
    queue.put(job(1, 10, at=START), job(2, 20, at=START))

    assert [2, 1] == await served(queue, 2)


async def test_the_shown_line_is_the_order_of_service(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(*(job(number, number % 3, at=START) for number in range(1, 12)))
    shown = [one.job.job_id for one in queue.expected()]

    assert shown == await served(queue, 11)


async def test_a_removed_job_is_never_served(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10), job(2, 20))

    assert queue.remove(1)
    assert not queue.remove(1)
    assert [2] == await served(queue, 1)


async def test_joining_twice_keeps_one_place(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10))
    queue.put(job(1, 10))

    assert 1 == len(queue)


async def test_a_cancelled_getter_loses_no_job(clock: Clock) -> None:
    queue = shop(clock)
    getter = asyncio.create_task(queue.get("gpu-0"))
    await asyncio.sleep(0)
    getter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await getter
    queue.put(job(1, 10))

    assert [1] == await served(queue, 1)


async def test_a_getter_cancelled_as_it_is_handed_a_job_puts_it_back(clock: Clock) -> None:
    queue = shop(clock)
    getter = asyncio.create_task(queue.get("gpu-0"))
    await asyncio.sleep(0)
    queue.put(job(1, 10, at=START))
    getter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await getter
    queue.put(job(2, 20, at=START))

    assert [1, 2] == await served(queue, 2)


async def test_each_waiting_getter_gets_one_job(clock: Clock) -> None:
    queue = shop(clock, "a", "b", "c")
    getters = [asyncio.create_task(queue.get(name)) for name in "abc"]
    await asyncio.sleep(0)
    queue.put(job(1, 10), job(2, 20), job(3, 30))

    assert {1, 2, 3} == {waiting.job_id for waiting in await asyncio.gather(*getters)}


async def test_a_job_goes_to_the_device_that_has_its_model(clock: Clock) -> None:
    queue = shop(clock, "a", "b", "c")
    for number, (worker, model) in enumerate((("a", "wan"), ("b", "ltx")), 1):
        queue.put(job(number, 10, model=model))
        await queue.get(worker)
        queue.finished(number, rendered(10.0))
    getters = {name: asyncio.create_task(queue.get(name)) for name in "abc"}
    await asyncio.sleep(0)
    queue.put(job(3, 20, model="ltx"), job(4, 30, model="ti2v"), job(5, 40, model="ltx"))

    assert {"b": 3, "c": 4, "a": 5} == {name: (await getter).job_id for name, getter in getters.items()}


async def test_a_worker_that_lost_its_device_has_no_model(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10, model="wan", at=START))
    await queue.get("gpu-0")
    clock.now += 10
    queue.finished(1, None)
    queue.put(job(2, 10, model="wan", at=START + 1), job(3, 20, model="ltx", at=START + 2))

    assert [3] == await served(queue, 1)


async def test_the_estimate_is_corrected_to_what_was_used(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(99, ago=9 * HALF_LIFE_SECONDS, render_seconds=20.0) for _ in range(3)])
    queue.put(job(1, 10, at=START), job(2, 20, at=START))
    await served(queue, 2)
    queue.finished(1, rendered(200.0))
    queue.finished(2, rendered(5.0))
    queue.put(job(3, 10, at=START + 1), job(4, 20, at=START + 2))

    assert [4, 3] == await served(queue, 2)


async def test_a_failed_attempt_is_charged_for_the_time_it_took(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10, at=START), job(2, 20, at=START))
    await served(queue, 2)
    queue.finished(2, None, keeps_model=True)
    clock.now += 60
    queue.finished(1, None, keeps_model=True)
    queue.finished(1, None, keeps_model=True)
    queue.put(job(3, 10, at=START + 1), job(4, 20, at=START + 2))

    assert [4, 3] == await served(queue, 2)


async def test_a_restart_remembers_what_people_used(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(20, render_seconds=10.0), ran(10, render_seconds=None), ran(30, lane="demo", render_seconds=500)])
    queue.put(*(job(number, user, at=START) for number, user in ((1, 10), (2, 20), (3, 30))))

    assert [3, 2, 1] == await served(queue, 3)


async def test_a_demonstration_is_served_before_everybody(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10), job(2, 20), job(3, 10, lane="demo"))

    assert [3, 1, 2] == await served(queue, 3)


async def test_nothing_is_told_of_times_until_three_clips_are_known(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(99)] * 2)
    queue.put(job(1, 10), job(2, 20))
    await served(queue, 1)
    outlook = queue.outlook(job(2, 20))

    assert (outlook.place, outlook.starts, outlook.render_seconds) == (1, None, None)
    assert queue.outlook(job(1, 10)).ready_at is None


async def test_wait_and_render_are_told_apart(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(99)] * 3)
    queue.put(*(job(number, number * 10, at=START) for number in (1, 2, 3)))
    await served(queue, 1)
    clock.now += 10
    running, second, third = (queue.outlook(job(number, number * 10, at=START)) for number in (1, 2, 3))

    # The model takes 5 s to load and a clip 30 s, of which 10 s are over.
    assert running.ready_at == START + 35
    assert (second.place, third.place) == (1, 2)
    assert second.starts is not None
    assert third.starts is not None
    assert second.starts[0] < START + 35 < second.starts[1] < third.starts[1]
    assert second.render_seconds == third.render_seconds == pytest.approx(30.0)


async def test_progress_tells_when_a_render_that_is_faster_than_usual_ends(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(*(job(number, 10, at=START) for number in range(1, 6)))
    for number in range(1, 4):
        await served(queue, 1)
        clock.now += 20
        queue.progressed(number, ("denoise", 2, 4))
        clock.now += 10
        queue.finished(number, rendered(30.0))
    await served(queue, 1)
    clock.now += 2
    before = queue.outlook(job(4, 10)).ready_at
    queue.progressed(4, ("denoise", 2, 4))
    queue.progressed(99, ("denoise", 2, 4))

    assert before == pytest.approx(clock.now + 28)
    assert queue.outlook(job(4, 10)).ready_at == pytest.approx(clock.now + 10)


async def test_a_wait_that_is_told_again_a_little_later_is_no_longer(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(99)] * 3)
    queue.put(job(1, 10, at=START), job(2, 20, at=START))
    await served(queue, 1)
    first = queue.outlook(job(2, 20, at=START))
    clock.now += 3

    assert first == queue.outlook(job(2, 20, at=START))
    assert START == first.forecast_at


async def test_who_is_about_to_join_sees_where_they_would_stand(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(10)] * 3)
    queue.put(job(1, 10, at=START), job(2, 10, at=START))

    assert queue.outlook(job(3, 20, at=START), is_joining=True).place == 1
    assert queue.outlook(job(3, 20, at=START)).place is None
    assert 2 == len(queue)


async def test_a_render_that_takes_longer_than_expected_is_never_due_in_the_past(clock: Clock) -> None:
    queue = shop(clock)
    queue.recall([ran(99)] * 3)
    queue.put(job(1, 10, at=START), job(2, 20, at=START))
    await served(queue, 1)
    clock.now += 500
    ready_at, starts = queue.outlook(job(1, 10)).ready_at, queue.outlook(job(2, 20)).starts

    assert ready_at is not None
    assert starts is not None
    assert clock.now < ready_at
    assert clock.now < starts[1]


async def test_a_job_that_no_worker_began_leaves_no_trace(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10, model="ltx", at=START))
    await served(queue, 1)
    queue.finished(1, rendered(10.0))
    clock.now += 100
    queue.put(job(2, 20, model="wan", at=START + 1))
    await served(queue, 1)
    clock.now += 100
    queue.declined(2)
    queue.declined(2)
    queue.put(job(3, 20, model="wan", at=START + 2), job(4, 30, model="ltx", at=START + 3))

    assert [4, 3] == await served(queue, 2)


async def test_a_declined_job_leaves_what_was_begun_since_alone(clock: Clock) -> None:
    queue = shop(clock, "a", "b")
    queue.put(job(1, 10, model="wan", at=START), job(2, 10, model="wan", at=START))
    first, second = await queue.get("a"), await queue.get("b")
    queue.declined(first.job_id)
    queue.finished(second.job_id, rendered(30.0))
    queue.put(job(3, 10, model="wan", at=START + 1), job(4, 20, model="wan", at=START + 2))

    assert [4, 3] == [(await queue.get("b")).job_id, (await queue.get("b")).job_id]


async def test_jobs_of_a_paused_model_stand_aside_and_rejoin_in_their_old_places(clock: Clock) -> None:
    queue = shop(clock)
    queue.put(job(1, 10, model="wan", at=START), job(2, 20, model="ltx", at=START + 1))
    queue.pause("wan")
    queue.put(job(3, 10, model="wan", at=START + 2), job(4, 20, model="ltx", at=START + 3))
    assert (2, 2) == (len(queue), queue.aside_count)
    assert queue.outlook(job(1, 10, model="wan", at=START)).place is None
    assert [2] == await served(queue, 1)
    queue.finished(2, rendered(30.0))
    assert [1, 3] == sorted(one.job_id for one in queue.resume("wan"))

    assert (3, 0) == (len(queue), queue.aside_count)
    assert [1, 3] == sorted(await served(queue, 3))[:2]


async def test_one_job_of_a_paused_model_is_let_through_the_oldest_first(clock: Clock) -> None:
    queue = shop(clock)
    queue.pause("wan")
    queue.put(job(2, 10, model="wan", at=START + 1), job(1, 20, model="wan", at=START))
    through = queue.let_through("wan")

    assert through is not None
    assert 1 == through.job_id
    assert [1] == await served(queue, 1)
    assert queue.remove(2)
    assert queue.let_through("wan") is None
    assert 0 == queue.aside_count


async def test_jobs_of_a_paused_class_stand_aside_and_rejoin_unless_their_model_is_paused_too(clock: Clock) -> None:
    queue = shop(clock)
    here, there = (replace(job(number, 10, model="ltx", at=START), guild_id=number) for number in (7, 8))
    ill = replace(job(9, 20, model="wan", at=START), guild_id=7)
    queue.put(here, there)
    assert [here] == queue.pause_class(7)
    queue.pause("wan")
    queue.put(ill)
    assert queue.let_through("wan") is None
    assert [8] == await served(queue, 1)
    queue.finished(8, rendered(30.0))

    assert [] == queue.resume("wan")
    queue.pause("wan")
    assert [here] == queue.resume_class(7)
    assert [7] == await served(queue, 1)
    assert [ill] == queue.resume("wan")


async def test_a_class_sees_its_own_people_in_the_order_of_service_and_those_who_stand_aside(clock: Clock) -> None:
    queue = shop(clock)
    other = replace(job(1, 10), guild_id=GUILD + 1)
    queue.put(other, job(2, 20, at=START), job(3, 20, at=START), job(4, 30, at=START), job(5, 40, model="ltx"))
    queue.pause("ltx")
    assert [2, 4, 3] == [one.job_id for one in queue.of_class(GUILD)[0]]
    assert [5] == [one.job_id for one in queue.of_class(GUILD)[1]]
    queue.pause_class(GUILD)
    assert ([], [2, 3, 4, 5]) == (queue.of_class(GUILD)[0], sorted(one.job_id for one in queue.of_class(GUILD)[1]))
    assert ([1], []) == ([one.job_id for one in queue.of_class(GUILD + 1)[0]], queue.of_class(GUILD + 1)[1])
    assert {"gpu-0": None} == queue.resident
