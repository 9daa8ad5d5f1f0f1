"""Tiny checkpoints of the whole menu, built once a session, and what runs on them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from generation.catalog import Catalog, Task, load_catalog
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from tests.renders import Calls, Recorder, Run, Runs, a_request, brief, render

ROOMY = 10**12
"""Host memory in which everything may wait, weights without their LoRA too."""


@pytest.fixture(scope="session")
def settings(checkpoints: Path) -> PipelineSettings:
    always = {"repeat_seconds": 0, "preview_seconds": 0}
    return PipelineSettings(device="cpu", models_folder=checkpoints, plan="resident", **always)


@pytest.fixture(scope="session")
def pipelines(settings: PipelineSettings) -> Iterator[Pipelines]:
    """One worker's pipelines for the whole session: a job must not notice what ran before it."""
    held = Pipelines(settings.model_copy(update={"host_bytes": ROOMY}))
    yield held
    held.close()


@pytest.fixture(scope="session")
def short_menu() -> Catalog:
    """The menu with two steps everywhere."""
    return Catalog({model.id: brief(model) if model.repository else model for model in load_catalog()})


@pytest.fixture(scope="session")
def runs(pipelines: Pipelines, menu: Catalog) -> Runs:
    """A clip of each model, task and quality with the steps of the menu, made once and looked at by many tests."""

    @cache
    def run(model_id: str, preset: str = "fast", task: Task | None = None) -> Run:
        model, recorder = menu[model_id], Recorder()
        request = a_request(
            model, task=task or model.tasks[0], preset=preset, sound="sound" in model.features, prompt=f"as {preset}"
        )
        pipeline = pipelines.pipeline_for(model, recorder)
        assert isinstance(pipeline, DiffusionPipeline)
        pipeline.weights.ready(request.task, model.presets[request.preset], 0, lambda: None)
        calls = Calls(pipeline.pipe)
        rendering = render(pipeline, request, recorder)
        frames = np.stack(list(rendering.frames))
        calls.stop()
        return Run(frames, rendering.sound, recorder, calls, pipeline.pipe.scheduler.sigmas.tolist())

    return run
