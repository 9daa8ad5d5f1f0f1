"""Whatever is done to the processes for stills and clips, the next task finds one."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import psutil
import pytest
from pebble import ProcessExpired

from generation.processes import Processes


@pytest.fixture
async def two() -> AsyncIterator[Processes]:
    async with Processes.open(2) as processes:
        await both(processes)
        yield processes


async def both(processes: Processes) -> set[int]:
    """The process ids of two that work at the same time."""
    return set(await asyncio.gather(*(processes.run(10.0, slow_pid) for _ in range(2))))


def slow_pid() -> int:
    time.sleep(0.3)
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("how_many", [1, 2])
async def test_processes_that_die_while_they_have_nothing_to_do_are_replaced(two: Processes, how_many: int) -> None:
    before = await both(two)
    victims = [psutil.Process(pid) for pid in sorted(before)[:how_many]]
    for victim in victims:
        victim.kill()
    psutil.wait_procs(victims, timeout=10)

    for _ in range(3):
        now = await both(two)
        assert len(now) == 2
        assert not now & {victim.pid for victim in victims}
        await asyncio.sleep(0.3)  # the pool looks after its processes a few times a second


async def test_nobody_is_left_of_a_pool_that_was_replaced(two: Processes) -> None:
    before = [psutil.Process(pid) for pid in await both(two)]
    before[0].kill()
    await asyncio.sleep(0.5)
    await both(two)

    assert psutil.wait_procs(before, timeout=10)[1] == []


async def test_everybody_who_asks_at_that_moment_is_served(two: Processes) -> None:
    os.kill(min(await both(two)), signal.SIGKILL)

    assert all(await asyncio.gather(*(two.run(10.0, slow_pid) for _ in range(8))))


async def test_a_server_that_is_killed_with_all_its_processes_is_started_again(two: Processes) -> None:
    [server] = {psutil.Process(pid).ppid() for pid in await both(two)}
    os.kill(server, signal.SIGKILL)

    await asyncio.sleep(0.5)
    assert len(await both(two)) == 2


async def test_work_that_kills_its_process_is_not_tried_again_for_ever(two: Processes) -> None:
    with pytest.raises(ProcessExpired):
        await two.run(10.0, die)
    assert len(await both(two)) == 2


async def test_work_that_hangs_is_ended(two: Processes) -> None:
    with pytest.raises(TimeoutError):
        await two.run(0.5, time.sleep, 60.0)
    assert len(await both(two)) == 2
