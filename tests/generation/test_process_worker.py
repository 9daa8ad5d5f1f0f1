"""A worker process: tasks, progress, cancelling, and how its death is noticed and mended."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from generation.catalog import load_catalog
from generation.errors import RenderFailed
from generation.media.probe import probe
from generation.request import compose
from generation.workers import process as process_module
from generation.workers.forked import _fork
from generation.workers.process import STALL_SECONDS, ProcessWorker
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Stage, WorkerEvent


@pytest.fixture
async def worker() -> AsyncIterator[ProcessWorker]:
    worker = ProcessWorker("worker-0", environment=os.environ)
    worker.start()
    yield worker
    await worker.close()


def task(folder: Path, *, job_id: int = 1, attempt: int = 1, seconds: float = 1) -> RenderTask:
    still = folder / "still.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (480, 832, 3), np.uint8)).resize((832, 480)).save(still)
    request = compose(
        load_catalog()["draft"], prompt="pan left", still="x", shape_id="landscape", seconds=seconds, seed=3
    )
    return RenderTask(
        job_id=job_id,
        attempt=attempt,
        request=request,
        still_path=still,
        end_still_path=None,
        clip_path=folder / f"{job_id}-{attempt}.mp4",
        size_limit_bytes=50_000_000,
    )


async def events(worker: ProcessWorker, task: RenderTask) -> list[WorkerEvent]:
    await worker.submit(task)
    return [event async for event in worker.events(task.job_id, task.attempt)]


async def first_frame(worker: ProcessWorker, task: RenderTask) -> None:
    async for event in worker.events(task.job_id, task.attempt):
        if isinstance(event, Progressed) and event.stage == "decode" and event.done > 3:
            return


async def test_a_task_ends_with_a_clip_after_progress(worker: ProcessWorker, tmp_path: Path) -> None:
    wanted = task(tmp_path)
    seen = await events(worker, wanted)

    assert isinstance(seen[-1], Rendered)
    assert all(isinstance(event, Progressed) for event in seen[:-1])
    assert 17 == probe(wanted.clip_path).frames
    assert any(isinstance(event, Progressed) and event.preview_jpeg for event in seen)


async def test_a_worker_takes_one_task_after_another(worker: ProcessWorker, tmp_path: Path) -> None:
    for job_id in (1, 2):
        assert isinstance((await events(worker, task(tmp_path, job_id=job_id)))[-1], Rendered)


async def test_a_cancelled_task_stops_and_the_next_one_is_made(worker: ProcessWorker, tmp_path: Path) -> None:
    long = task(tmp_path, seconds=15)
    await worker.submit(long)
    stream = worker.events(1, 1)
    async for event in stream:
        if isinstance(event, Progressed) and event.done == 3:
            await worker.cancel(1, 1)
        last = event

    assert last == Failed(fault="cancelled", cause="", retry=False)
    assert not long.clip_path.exists()
    assert isinstance((await events(worker, task(tmp_path, job_id=2)))[-1], Rendered)


async def test_a_task_cancelled_while_waiting_is_never_rendered(worker: ProcessWorker, tmp_path: Path) -> None:
    first, second = task(tmp_path, job_id=1), task(tmp_path, job_id=2)
    await worker.submit(first)
    await worker.submit(second)
    await worker.cancel(2, 1)

    assert isinstance([event async for event in worker.events(1, 1)][-1], Rendered)
    assert [Failed(fault="cancelled", cause="", retry=False)] == [event async for event in worker.events(2, 1)]


async def test_a_task_cancelled_while_the_worker_starts_is_never_rendered(tmp_path: Path) -> None:
    worker = ProcessWorker("worker-0", environment=os.environ)
    worker.start()
    submitting = asyncio.create_task(worker.submit(task(tmp_path)))
    await asyncio.sleep(0)
    await worker.cancel(1, 1)
    await submitting

    assert [Failed(fault="cancelled", cause="", retry=False)] == [event async for event in worker.events(1, 1)]
    assert isinstance((await events(worker, task(tmp_path, job_id=2)))[-1], Rendered)
    await worker.close()


async def test_a_killed_worker_is_noticed_and_replaced(worker: ProcessWorker, tmp_path: Path) -> None:
    long = task(tmp_path, seconds=15)
    await worker.submit(long)
    seen: list[WorkerEvent] = []
    async for event in worker.events(1, 1):
        if isinstance(event, Progressed) and event.done == 3:
            pid = worker.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        seen.append(event)

    assert seen[-1] == Failed(fault="crashed", cause="signal 9", retry=True)
    assert isinstance((await events(worker, task(tmp_path, attempt=2)))[-1], Rendered)


async def test_a_worker_that_falls_silent_is_killed_and_replaced(tmp_path: Path) -> None:
    limits = dict.fromkeys(STALL_SECONDS, 6.0)
    worker = ProcessWorker("worker-0", environment=os.environ, stall_seconds=limits)
    worker.start()
    await worker.submit(task(tmp_path, seconds=15))
    async for event in worker.events(1, 1):
        if isinstance(event, Progressed) and event.done == 3:
            pid = worker.pid
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
        last = event

    assert last == Failed(fault="stalled", cause="silent in decode for 6 s", retry=True)
    assert isinstance((await events(worker, task(tmp_path, attempt=2)))[-1], Rendered)
    await worker.close()


@pytest.mark.parametrize("stage", STALL_SECONDS)
async def test_each_stage_has_its_own_limit_of_silence(stage: Stage) -> None:
    limits = {**dict.fromkeys(STALL_SECONDS, 3600.0), stage: 0.01}
    worker = ProcessWorker("worker-0", environment={}, stall_seconds=limits)
    stream = worker._streams[1, 1] = asyncio.Queue()
    for before in STALL_SECONDS:
        stream.put_nowait(Progressed(stage=before, done=0, total=9))
    stream.put_nowait(Progressed(stage=stage, done=1, total=9))

    last = [event async for event in worker.events(1, 1)][-1]

    assert last == Failed(fault="stalled", cause=f"silent in {stage} for 0 s", retry=True)


async def test_submitting_an_attempt_twice_renders_it_once(worker: ProcessWorker, tmp_path: Path) -> None:
    wanted = task(tmp_path)
    await worker.submit(wanted)
    await worker.submit(wanted)

    assert 1 == sum(isinstance(event, Rendered) for event in [event async for event in worker.events(1, 1)])


async def test_a_missing_still_fails_the_task_and_not_the_worker(worker: ProcessWorker, tmp_path: Path) -> None:
    lost = replace(task(tmp_path), still_path=tmp_path / "lost.png")
    last = (await events(worker, lost))[-1]

    assert isinstance(last, Failed)
    assert ("internal", True) == (last.fault, last.retry)
    assert "lost.png" in last.cause
    assert isinstance((await events(worker, task(tmp_path, job_id=2)))[-1], Rendered)


async def test_the_same_task_gives_the_same_file(worker: ProcessWorker, tmp_path: Path) -> None:
    clips = [task(tmp_path, job_id=job_id) for job_id in (1, 2)]
    for wanted in clips:
        await events(worker, wanted)

    assert clips[0].clip_path.read_bytes() == clips[1].clip_path.read_bytes()


async def test_a_listener_cancelled_as_an_event_arrives_stops() -> None:
    worker = ProcessWorker("worker-0", environment={})
    stream = worker._streams[1, 1] = asyncio.Queue()

    async def listen() -> None:
        async for _ in worker.events(1, 1):
            pass

    listener = asyncio.create_task(listen())
    await asyncio.sleep(0)
    stream.put_nowait(Progressed(stage="decode", done=1, total=9))
    await asyncio.sleep(0)
    listener.cancel()
    done, _ = await asyncio.wait({listener}, timeout=5)

    assert listener in done
    assert listener.cancelled()


async def test_closing_a_worker_ends_its_process(tmp_path: Path) -> None:
    worker = ProcessWorker("worker-0", environment=os.environ)
    worker.start()
    await worker.submit(task(tmp_path, seconds=15))
    pid = worker.pid
    assert pid is not None
    await worker.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_worker_that_cannot_start_refuses_the_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.workers.process.START_LIMIT_SECONDS", 0.2)
    worker = ProcessWorker("worker-0", environment={"STILLMOTION_GPU_PLAN": "none of them"})
    worker.start()
    with pytest.raises(RenderFailed):
        await worker.submit(task(tmp_path))
    await worker.close()


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_worker_ends_when_its_bot_is_gone(reads_first: bool) -> None:
    process, ours = _fork(dict(os.environ))
    with ours:
        ours.settimeout(30)
        # What was not read when one end is closed is an error at the other end.
        assert b"ready_pid" in ours.recv(1000, 0 if reads_first else socket.MSG_PEEK)
    process.join(10)

    assert -signal.SIGKILL == process.exitcode


async def test_a_killed_worker_takes_its_encoder_along(worker: ProcessWorker, tmp_path: Path) -> None:
    await worker.submit(task(tmp_path, seconds=15))
    encoders: list[psutil.Process] = []
    async for event in worker.events(1, 1):
        if isinstance(event, Progressed) and event.done == 3:
            assert worker.pid is not None
            encoders = psutil.Process(worker.pid).children()
            os.kill(worker.pid, signal.SIGKILL)

    assert encoders
    assert psutil.wait_procs(encoders, timeout=10)[1] == []


async def test_a_child_that_speaks_nonsense_is_replaced_like_a_dead_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, real = ProcessWorker("worker-0", environment=os.environ), process_module.read_report
    spoken: list[bytes] = []

    def garbled(line: bytes) -> object:
        spoken.append(line)
        return real(b"nonsense" if len(spoken) == 2 else line)

    monkeypatch.setattr(process_module, "read_report", garbled)
    worker.start()
    first = (await events(worker, task(tmp_path)))[-1]
    assert isinstance(first, Failed)
    assert "crashed" == first.fault
    assert isinstance((await events(worker, task(tmp_path, attempt=2)))[-1], Rendered)
    await worker.close()
