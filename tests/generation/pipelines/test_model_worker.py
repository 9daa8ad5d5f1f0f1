"""The real worker process makes MP4 files with the models, and survives being killed in any stage."""

import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import pytest
import pytest_asyncio

from generation.catalog import Catalog
from generation.media.probe import probe
from generation.request import ClipRequest
from generation.workers.process import STALL_SECONDS, ProcessWorker
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Stage, WorkerEvent
from tests.renders import FRAMES, a_request, a_still

SLOW: dict[str, Any] = {"frames": 41, "width": 128, "height": 128}
"""A clip that takes about a second, so that a kill falls into the stage that was waited for."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker(checkpoints: Path) -> AsyncIterator[ProcessWorker]:
    """One process for the tests that only need one: importing torch and diffusers is most of what they would take."""
    made = a_worker(checkpoints)
    made.start()
    yield made
    await made.close()


def a_worker(checkpoints: Path, **stall_seconds: float) -> ProcessWorker:
    settings = {"DEVICE": "cpu", "MODELS_FOLDER": str(checkpoints), "PLAN": "resident"}
    settings |= {"REPEAT_SECONDS": "0", "PREVIEW_SECONDS": "0"}
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment |= {f"STILLMOTION_GPU_{name}": value for name, value in settings.items()}
    return ProcessWorker("models", environment=environment, stall_seconds={**STALL_SECONDS, **stall_seconds})


def a_task(menu: Catalog, folder: Path, model_id: str, job_id: int, attempt: int = 1, **changes: Any) -> RenderTask:
    request = a_request(menu[model_id], **changes)
    still = folder / "still.png"
    if request.still:
        a_still().save(still)
    return RenderTask(
        job_id=job_id,
        attempt=attempt,
        request=request,
        still_path=still if request.still else None,
        end_still_path=None,
        clip_path=folder / f"{job_id}-{attempt}.mp4",
        size_limit_bytes=10 * 2**20,
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_one_worker_makes_the_clips_of_different_models_one_after_another(
    worker: ProcessWorker, menu: Catalog, tmp_path: Path
) -> None:
    tasks = [
        a_task(menu, tmp_path, "wan2.2-i2v-a14b", 1),
        a_task(menu, tmp_path, "wan2.2-ti2v-5b", 2, task="imagine"),
        a_task(menu, tmp_path, "ltx-2.3-distilled", 3, sound=True),
        a_task(menu, tmp_path, "wan2.2-i2v-a14b", 4),
    ]
    for task in tasks:
        await worker.submit(task)
        events = [event async for event in worker.events(task.job_id, task.attempt)]
        facts = probe(task.clip_path)
        assert isinstance(events[-1], Rendered), events[-1]
        assert (facts.width, facts.height, facts.frames) == (64, 64, FRAMES)
        assert facts.fps == pytest.approx(task.request.model.fps)
        assert any(isinstance(event, Progressed) and event.preview_jpeg for event in events)

    assert tasks[0].clip_path.read_bytes() == tasks[3].clip_path.read_bytes()
    sounding = probe(tasks[2].clip_path)
    assert (sounding.sound_codec, sounding.sound_rate) == ("mp4a", 48000)
    assert sounding.sound_seconds == pytest.approx(sounding.duration_seconds, abs=1 / 24)
    assert probe(tasks[0].clip_path).sound_rate == 0


@pytest.mark.asyncio(loop_scope="module")
async def test_the_whole_recipe_is_in_the_clip(worker: ProcessWorker, menu: Catalog, tmp_path: Path) -> None:
    task = a_task(menu, tmp_path, "wan2.2-i2v-a14b", 1)
    await worker.submit(task)
    async for _ in worker.events(1, 1):
        pass

    with av.open(str(task.clip_path)) as clip:
        recipe = json.loads(clip.metadata["comment"])

    assert recipe == {**json.loads(json.dumps(task.request.recipe())), "dtype": "bfloat16", "plan": "resident"}
    assert ClipRequest.from_recipe(recipe, menu) == task.request


async def test_what_the_worker_logs_of_a_broken_job_holds_no_prompt(
    capfd: pytest.CaptureFixture[str], checkpoints: Path, menu: Catalog, tmp_path: Path
) -> None:
    # Started here and not by the fixture, so that it inherits the captured stderr.
    worker = a_worker(checkpoints)
    worker.start()
    task = a_task(menu, tmp_path, "wan2.2-ti2v-5b", 1, prompt="my secret wish")
    (tmp_path / "still.png").unlink()
    await worker.submit(task)
    events = [event async for event in worker.events(1, 1)]
    await worker.close()
    logged = capfd.readouterr().err

    assert isinstance(events[-1], Failed)
    assert "Traceback" in logged
    assert "secret wish" not in logged


async def test_a_model_that_falls_silent_in_a_step_is_stopped(checkpoints: Path, menu: Catalog, tmp_path: Path) -> None:
    worker = a_worker(checkpoints, denoise=0.3)
    worker.start()
    task = a_task(menu, tmp_path, "wan2.2-ti2v-5b", 1, task="imagine", **SLOW)
    await worker.submit(task)
    events = [event async for event in frozen_at(worker, task, "denoise")]
    await worker.close()

    assert events[-1] == Failed(fault="stalled", cause="silent in denoise for 0 s", retry=True)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_worker_killed_in_any_stage_is_replaced_and_makes_the_clip_in_the_end(
    worker: ProcessWorker, menu: Catalog, tmp_path: Path
) -> None:
    stages = ("load", "encode_prompt", "denoise", "decode")
    for attempt, stage in enumerate(stages, start=1):
        task = a_task(menu, tmp_path, "wan2.2-ti2v-5b", 1, attempt, task="imagine", **SLOW)
        await worker.submit(task)
        events = [event async for event in killed_at(worker, task, stage)]
        ended = events[-1]
        assert isinstance(ended, Failed)
        assert (ended.fault, ended.retry) == ("crashed", True)
        assert stage in {event.stage for event in events if isinstance(event, Progressed)}
        assert not task.clip_path.exists()

    last = a_task(menu, tmp_path, "wan2.2-ti2v-5b", 1, len(stages) + 1, task="imagine", **SLOW)
    await worker.submit(last)
    assert isinstance([event async for event in worker.events(1, last.attempt)][-1], Rendered)
    assert probe(last.clip_path).frames == SLOW["frames"]


async def killed_at(worker: ProcessWorker, task: RenderTask, stage: str) -> AsyncIterator[WorkerEvent]:
    """The events of an attempt whose process is killed at its first event of ``stage``."""
    async for event in worker.events(task.job_id, task.attempt):
        if isinstance(event, Progressed) and event.stage == stage and worker.pid is not None:
            os.kill(worker.pid, signal.SIGKILL)
        yield event


async def frozen_at(worker: ProcessWorker, task: RenderTask, stage: Stage) -> AsyncIterator[WorkerEvent]:
    """The events of an attempt whose process falls silent for good at its first event of ``stage``."""
    async for event in worker.events(task.job_id, task.attempt):
        if isinstance(event, Progressed) and event.stage == stage and worker.pid is not None:
            os.kill(worker.pid, signal.SIGSTOP)
        yield event
