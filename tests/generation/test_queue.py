import asyncio
import contextlib

from generation.queue import JobQueue, Snapshot, round_robin
from storage.jobs import Waiting

GUILD = 1


def job(job_id: int, user_id: int) -> Waiting:
    return Waiting(job_id, GUILD, user_id, "draft", float(job_id), 1)


async def served(queue: JobQueue, count: int) -> list[int]:
    return [(await queue.get()).job_id for _ in range(count)]


async def test_one_person_is_served_in_order() -> None:
    queue = JobQueue()
    await queue.put(job(2, 10), job(1, 10), job(3, 10))

    assert [1, 2, 3] == await served(queue, 3)


async def test_people_take_turns_whoever_asked_most() -> None:
    queue = JobQueue()
    await queue.put(job(1, 10), job(2, 10), job(3, 10), job(4, 20), job(5, 30))

    assert [1, 4, 5, 2, 3] == await served(queue, 5)


async def test_who_was_just_served_goes_behind_a_newcomer() -> None:
    queue = JobQueue()
    await queue.put(job(1, 10))
    await queue.get()
    await queue.put(job(2, 10), job(3, 20))

    assert [3, 2] == await served(queue, 2)


async def test_the_shown_line_is_the_order_of_service() -> None:
    queue = JobQueue()
    await queue.put(*(job(number, number % 3) for number in range(1, 12)))
    shown = [waiting.job_id for waiting in queue.line()]

    assert shown == await served(queue, 11)


async def test_the_line_shows_where_a_newcomer_would_stand() -> None:
    queue = JobQueue()
    await queue.put(job(1, 10), job(2, 10))

    assert [1, 3, 2] == [waiting.job_id for waiting in queue.line(joining=job(3, 20))]
    assert 2 == len(queue)


async def test_a_removed_job_is_never_served() -> None:
    queue = JobQueue()
    await queue.put(job(1, 10), job(2, 20))

    assert queue.remove(1)
    assert not queue.remove(1)
    assert [2] == await served(queue, 1)


async def test_joining_twice_keeps_one_place() -> None:
    queue = JobQueue()
    await queue.put(job(1, 10))
    await queue.put(job(1, 10))

    assert 1 == len(queue)


async def test_a_cancelled_getter_loses_no_job() -> None:
    queue = JobQueue()
    getter = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    getter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await getter
    await queue.put(job(1, 10))

    assert [1] == await served(queue, 1)


async def test_each_waiting_getter_gets_one_job() -> None:
    queue = JobQueue()
    getters = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)
    await queue.put(job(1, 10), job(2, 20), job(3, 30))

    assert {1, 2, 3} == {waiting.job_id for waiting in await asyncio.gather(*getters)}


def test_the_policy_is_a_pure_function_of_its_snapshot() -> None:
    snapshot = Snapshot((job(1, 10), job(2, 20)), {(GUILD, 10): 5})

    assert [2, 2] == [round_robin(snapshot).job_id for _ in range(2)]
