"""Every model on the menu makes the clip that was asked for, with its real pipeline on a tiny checkpoint."""

from dataclasses import replace

import numpy as np
import pytest

from generation.catalog import Catalog, load_catalog
from generation.errors import RenderFailed
from generation.pipelines.base import Pipeline
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from tests.renders import FRAMES, SIDE, Recorder, Runs, a_request, a_still, frames_of, render

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
    runs: Runs, menu: Catalog, model_id: str, task: str, preset: str
) -> None:
    made = runs(model_id, preset, task)

    assert made.frames.shape == (FRAMES, SIDE, SIDE, 3)
    assert made.frames.dtype == np.uint8
    assert made.recorder.steps() == list(range(menu[model_id].presets[preset].steps + 1))  # type: ignore[index]
    stages = list(dict.fromkeys(stage for stage, _, _ in made.recorder.reports if stage != "load"))
    assert stages == ["encode_prompt", "denoise", "decode"]
    assert made.recorder.reports[-1] == ("decode", FRAMES, FRAMES)


@pytest.mark.parametrize(("model_id", "task", "preset"), MENU)
def test_sound_comes_from_the_models_that_have_it_exactly_as_long_as_the_clip(
    runs: Runs, menu: Catalog, model_id: str, task: str, preset: str
) -> None:
    sound = runs(model_id, preset, task).sound

    assert (sound is not None) == model_id.startswith("ltx-2.3")
    if sound is not None:
        assert sound.rate == 48000
        assert sound.samples.shape == (2, FRAMES * 48000 // menu[model_id].fps)
        assert np.abs(sound.samples).max() > 0


@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "wan2.1-i2v-14b-480p", "ltx-2.3-distilled"])
def test_the_same_request_gives_the_same_frames_and_any_change_others(
    pipelines: Pipelines, short_menu: Catalog, model_id: str
) -> None:
    pipeline, model = pipeline_of(pipelines, short_menu, model_id), short_menu[model_id]
    first = frames_of(pipeline, a_request(model))

    assert (frames_of(pipeline, a_request(model)) == first).all()
    assert (frames_of(pipeline, a_request(model, seed=4)) != first).any()
    assert (frames_of(pipeline, a_request(model, prompt="rain falls")) != first).any()
    assert (frames_of(pipeline, a_request(model), still=a_still(5)) != first).any()


def test_an_end_still_and_a_negative_prompt_change_a_guided_clip(pipelines: Pipelines, short_menu: Catalog) -> None:
    pipeline, model = pipeline_of(pipelines, short_menu, "wan2.2-i2v-a14b"), short_menu["wan2.2-i2v-a14b"]
    usual = a_request(model, preset="standard")
    clips = [
        frames_of(pipeline, request)
        for request in (usual, replace(usual, end_still="b" * 64), replace(usual, negative_prompt="blue"))
    ]

    assert (clips[0] != clips[1]).any()
    assert (clips[0] != clips[2]).any()


@pytest.mark.parametrize("frames", [17, 25])
def test_sound_is_as_long_as_a_clip_of_any_length(pipelines: Pipelines, short_menu: Catalog, frames: int) -> None:
    model = short_menu["ltx-2.3-distilled"]

    rendering = render(pipeline_of(pipelines, short_menu, model.id), a_request(model, sound=True, frames=frames))
    count = len(list(rendering.frames))

    assert rendering.sound is not None
    assert rendering.sound.samples.shape == (2, count * 48000 // model.fps)


def test_no_sound_is_decoded_when_none_was_asked_for(pipelines: Pipelines, short_menu: Catalog) -> None:
    model = short_menu["ltx-2.3-distilled"]
    rendering = render(pipeline_of(pipelines, short_menu, model.id), a_request(model))

    assert len(list(rendering.frames)) == FRAMES
    assert rendering.sound is None


def test_weights_that_are_gone_end_the_job_and_name_themselves(settings: PipelineSettings, menu: Catalog) -> None:
    model = menu["wan2.2-t2v-a14b"].model_copy(update={"repository": "nobody/nothing"})

    with pytest.raises(RenderFailed, match="nobody/nothing") as caught:
        render(Pipelines(settings).pipeline_for(model, Recorder()), a_request(model))

    assert caught.value.fault == "unusable"
