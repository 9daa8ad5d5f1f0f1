"""Every model on the menu makes the clip that was asked for, with its real pipeline on a tiny checkpoint."""

import numpy as np
import pytest

from generation.catalog import Catalog, load_catalog
from generation.errors import RenderFailed
from generation.pipelines.base import Pipeline
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from tests.renders import FRAMES, SIDE, Recorder, a_request, a_still, frames_of, render

MENU = [
    (model.id, task, preset)
    for model in load_catalog()
    if model.repository
    for task in model.tasks
    for preset in model.presets
]


def pipeline_of(pipelines: Pipelines, menu: Catalog, model_id: str) -> Pipeline:
    return pipelines.pipeline_for(menu[model_id], Recorder())


@pytest.mark.parametrize(("model_id", "task", "preset"), MENU)
def test_a_clip_has_the_size_frames_and_steps_that_were_asked_for(
    pipelines: Pipelines, menu: Catalog, model_id: str, task: str, preset: str
) -> None:
    recorder, model = Recorder(), menu[model_id]
    request = a_request(model, task=task, preset=preset)

    frames = frames_of(pipeline_of(pipelines, menu, model_id), request, recorder)

    assert frames.shape == (FRAMES, SIDE, SIDE, 3)
    assert frames.dtype == np.uint8
    assert recorder.steps() == list(range(model.presets[preset].steps + 1))
    stages = list(dict.fromkeys(stage for stage, _, _ in recorder.reports if stage != "load"))
    assert stages == ["encode_prompt", "denoise", "decode"]
    assert recorder.reports[-1] == ("decode", FRAMES, FRAMES)


@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "wan2.1-i2v-14b-480p", "ltx-2.3-distilled"])
def test_the_same_request_gives_the_same_frames_and_any_change_others(
    pipelines: Pipelines, menu: Catalog, model_id: str
) -> None:
    pipeline, model = pipeline_of(pipelines, menu, model_id), menu[model_id]
    first = frames_of(pipeline, a_request(model))

    assert (frames_of(pipeline, a_request(model)) == first).all()
    assert (frames_of(pipeline, a_request(model, seed=4)) != first).any()
    assert (frames_of(pipeline, a_request(model, prompt="rain falls")) != first).any()
    assert (frames_of(pipeline, a_request(model), still=a_still(5)) != first).any()


def test_an_end_still_changes_the_clip(pipelines: Pipelines, menu: Catalog) -> None:
    pipeline, model = pipeline_of(pipelines, menu, "wan2.2-i2v-a14b"), menu["wan2.2-i2v-a14b"]

    open_ended = frames_of(pipeline, a_request(model))

    assert (frames_of(pipeline, a_request(model, end_still="b" * 64)) != open_ended).any()


def test_a_negative_prompt_changes_a_guided_clip(pipelines: Pipelines, menu: Catalog) -> None:
    pipeline, model = pipeline_of(pipelines, menu, "wan2.2-ti2v-5b"), menu["wan2.2-ti2v-5b"]

    usual = frames_of(pipeline, a_request(model))

    assert (frames_of(pipeline, a_request(model, negative_prompt="blue")) != usual).any()


@pytest.mark.parametrize("model_id", ["ltx-2.3", "ltx-2.3-distilled"])
@pytest.mark.parametrize("frames", [9, 17, 25])
def test_sound_is_exactly_as_long_as_the_clip(pipelines: Pipelines, menu: Catalog, model_id: str, frames: int) -> None:
    model = menu[model_id]

    rendering = render(pipeline_of(pipelines, menu, model_id), a_request(model, sound=True, frames=frames))
    count = len(list(rendering.frames))

    assert rendering.sound is not None
    assert rendering.sound.rate == 48000
    assert rendering.sound.samples.shape == (2, count * 48000 // model.fps)
    assert np.abs(rendering.sound.samples).max() > 0


def test_no_sound_is_decoded_when_none_was_asked_for(pipelines: Pipelines, menu: Catalog) -> None:
    rendering = render(pipeline_of(pipelines, menu, "ltx-2.3-distilled"), a_request(menu["ltx-2.3-distilled"]))

    assert len(list(rendering.frames)) == FRAMES
    assert rendering.sound is None


def test_weights_that_are_gone_end_the_job_and_name_themselves(settings: PipelineSettings, menu: Catalog) -> None:
    model = menu["wan2.2-t2v-a14b"].model_copy(update={"repository": "nobody/nothing"})

    with pytest.raises(RenderFailed, match="nobody/nothing") as caught:
        render(Pipelines(settings).pipeline_for(model, Recorder()), a_request(model))

    assert caught.value.fault == "unusable"
