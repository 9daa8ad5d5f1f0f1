"""A job can be cancelled in every stage, and the next one is as on a fresh worker."""

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.catalog import Catalog
from generation.pipelines.base import JobCancelled
from generation.pipelines.registry import Pipelines, load_pipeline
from generation.pipelines.settings import PipelineSettings
from tests.renders import FRAMES, Recorder, Report, a_request, brief, frames_of, render

MODELS = ["wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-2.3-distilled", "ltx-video-0.9.7-distilled"]


class Nth:
    """True at the n-th report of a stage: late ones come from hooks within the stage, not from its start."""

    def __init__(self, stage: str, number: int) -> None:
        self._stage = stage
        self._left = number

    def __call__(self, report: Report) -> bool:
        self._left -= report[0] == self._stage
        return self._left == 0 and report[0] == self._stage


@pytest.fixture(scope="module")
def clean(settings: PipelineSettings, short_menu: Catalog) -> dict[str, NDArray[np.uint8]]:
    """The clip of each model from a worker that has done nothing before."""
    return {name: frames_of(load_pipeline(short_menu[name], settings), a_request(short_menu[name])) for name in MODELS}


@pytest.mark.parametrize("model_id", MODELS)
@pytest.mark.parametrize(
    ("stage", "number"),
    [("encode_prompt", 2), ("encode_prompt", 3), ("denoise", 1), ("denoise", 3), ("denoise", 9), ("decode", 2)],
)
def test_the_job_after_a_cancelled_one_is_as_on_a_fresh_worker(
    pipelines: Pipelines,
    short_menu: Catalog,
    clean: dict[str, NDArray[np.uint8]],
    model_id: str,
    stage: str,
    number: int,
) -> None:
    model = short_menu[model_id]
    pipeline = pipelines.pipeline_for(model, Recorder())
    recorder = Recorder(cancel_at=Nth(stage, number))

    with pytest.raises(JobCancelled):
        frames_of(pipeline, a_request(model, prompt=f"cancelled {stage} {number}", seed=99), recorder)

    assert recorder.reports[-1][0] == stage
    assert (frames_of(pipeline, a_request(model)) == clean[model_id]).all()


def test_a_job_can_be_cancelled_while_its_model_loads(
    settings: PipelineSettings, short_menu: Catalog, clean: dict[str, NDArray[np.uint8]]
) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline = load_pipeline(model, settings)

    for number in (1, 2):
        with pytest.raises(JobCancelled):
            frames_of(pipeline, a_request(model), Recorder(cancel_at=Nth("load", number)))

    assert (frames_of(pipeline, a_request(model)) == clean[model.id]).all()


@pytest.mark.parametrize("step", [1, 2, 3])
def test_cancelling_at_a_step_runs_no_further_step(pipelines: Pipelines, menu: Catalog, step: int) -> None:
    recorder = Recorder(cancel_at=lambda report: report[0] == "denoise" and report[1] == step)
    model = menu["wan2.2-t2v-a14b"]

    with pytest.raises(JobCancelled):
        frames_of(pipelines.pipeline_for(model, Recorder()), a_request(model), recorder)

    assert recorder.steps() == list(range(step + 1))


def test_a_cancelled_job_with_a_step_cache_leaves_nothing_in_it(pipelines: Pipelines, menu: Catalog) -> None:
    model = brief(menu["wan2.2-ti2v-5b"], steps=6)
    request = a_request(model, preset="standard")
    pipeline = pipelines.pipeline_for(model, Recorder())
    before = frames_of(pipeline, request)

    with pytest.raises(JobCancelled):
        frames_of(pipeline, a_request(model, preset="standard", seed=5), Recorder(cancel_at=Nth("denoise", 30)))

    assert model.presets["standard"].cache == "first_block"
    assert (frames_of(pipeline, request) == before).all()


def test_leaving_a_clip_half_read_frees_the_pipeline_for_the_next(pipelines: Pipelines, short_menu: Catalog) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline = pipelines.pipeline_for(model, Recorder())
    before = frames_of(pipeline, a_request(model))

    frames = pipeline.render(a_request(model, task="imagine", seed=1), None, None, Recorder()).frames
    next(frames)
    del frames

    assert (frames_of(pipeline, a_request(model)) == before).all()


def test_a_clip_that_is_let_go_late_does_not_silence_the_next_job(pipelines: Pipelines, short_menu: Catalog) -> None:
    model, recorder = short_menu["wan2.2-ti2v-5b"], Recorder()
    pipeline = pipelines.pipeline_for(model, Recorder())
    left = pipeline.render(a_request(model, task="imagine"), None, None, Recorder()).frames
    next(left)

    rendering = pipeline.render(a_request(model, task="imagine", seed=1), None, None, recorder)
    left.close()  # type: ignore[attr-defined]

    assert len(list(rendering.frames)) == recorder.reports[-1][1] == FRAMES


def test_frames_that_nobody_asked_for_do_not_trouble_the_next_job(pipelines: Pipelines, menu: Catalog) -> None:
    model = brief(menu["wan2.2-ti2v-5b"], steps=6)
    request = a_request(model, preset="standard")
    pipeline = pipelines.pipeline_for(model, Recorder())
    before = frames_of(pipeline, request)

    render(pipeline, request)

    assert (frames_of(pipeline, request) == before).all()
