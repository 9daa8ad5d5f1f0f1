"""Previews: the scheduler's estimate of the finished clip, small, at a pace, and without a trace in the clip."""

from typing import Any

import pytest
import torch

from generation.catalog import Catalog, PresetName
from generation.pipelines.decoding import quarter
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.embeddings import EmbeddingCache
from generation.pipelines.ltx import LTXVideoPipeline
from generation.pipelines.random_weights import random_pipe
from generation.pipelines.registry import Pipelines, load_pipeline
from generation.pipelines.schedulers import clean_estimate, set_scheduler
from generation.pipelines.settings import PipelineSettings
from tests.renders import SIDE, Recorder, a_request, frames_of, render

QUICK = "ltx-video-0.9.7-distilled"


@pytest.fixture(scope="module")
def recorded(pipelines: Pipelines, menu: Catalog) -> dict[str, tuple[Recorder, Any]]:
    """One fast clip of a model of each kind, with every preview that may be shown."""
    made = {}
    for name in ("wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-2.3-distilled", QUICK):
        recorder = Recorder()
        made[name] = recorder, frames_of(pipelines.pipeline_for(menu[name], recorder), a_request(menu[name]), recorder)
    return made


def test_a_preview_is_a_quarter_of_the_size_and_there_are_at_most_four(
    recorded: dict[str, tuple[Recorder, Any]],
) -> None:
    for recorder, _ in recorded.values():
        assert {preview.shape for preview in recorder.previews} == {(SIDE // 4, SIDE // 4, 3)}

    steps = {name: recorder.preview_steps for name, (recorder, _) in recorded.items()}
    assert steps == {
        "wan2.2-i2v-a14b": [1, 2, 3],
        "wan2.2-ti2v-5b": [4, 8, 12, 16],
        "ltx-2.3-distilled": [2, 4, 6],
        QUICK: [2, 4, 6],
    }


def test_each_preview_is_another(recorded: dict[str, tuple[Recorder, Any]]) -> None:
    for recorder, _ in recorded.values():
        assert (recorder.previews[0] != recorder.previews[-1]).any()


def test_previews_do_not_change_the_clip(
    recorded: dict[str, tuple[Recorder, Any]], settings: PipelineSettings, menu: Catalog
) -> None:
    quiet = Pipelines(settings.model_copy(update={"preview_seconds": 3600}))
    for name, (shown, frames) in recorded.items():
        plain = Recorder()
        assert (frames_of(quiet.pipeline_for(menu[name], plain), a_request(menu[name]), plain) == frames).all()
        assert shown.previews
        assert not plain.previews


class Ticking:
    """A clock that each denoising step moves on by ``step_seconds``."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.step_seconds = 0.0

    def __call__(self) -> float:
        return self.now

    def tick(self, module: Any, arguments: Any) -> None:
        self.now += self.step_seconds


def test_a_preview_waits_for_its_seconds_since_the_start_and_since_the_last(
    settings: PipelineSettings, menu: Catalog
) -> None:
    usual = PipelineSettings.model_fields["preview_seconds"].default
    clock, model = Ticking(), menu[QUICK]
    pipeline = LTXVideoPipeline(
        model, settings.model_copy(update={"preview_seconds": usual}), EmbeddingCache(0), clock=clock
    )
    pipeline.weights.ready("animate", model.presets["fast"], 0, lambda: None)
    pipeline.pipe.transformer.register_forward_pre_hook(clock.tick)

    shown = {}
    for clock.step_seconds in (0.2, 0.4, 0.7, 1.0, 60.0):
        recorder = Recorder()
        clock.now += 60  # the load of this job
        render(pipeline, a_request(model), recorder)
        shown[clock.step_seconds] = recorder.preview_steps

    assert usual == 2.0
    assert shown == {0.2: [], 0.4: [6], 0.7: [4], 1.0: [2, 4, 6], 60.0: [2, 4, 6]}


def test_no_vae_is_fetched_to_the_card_for_a_preview(settings: PipelineSettings, menu: Catalog) -> None:
    recorder = Recorder()

    render(
        load_pipeline(menu[QUICK], settings.model_copy(update={"plan": "offload"})), a_request(menu[QUICK]), recorder
    )

    assert recorder.previews == []


@pytest.mark.parametrize(
    ("model_id", "preset"), [("wan2.2-t2v-a14b", "fast"), ("ltx-2.3", "standard"), ("ltx-2.3-distilled", "fast")]
)
def test_the_estimate_of_every_step_is_the_clip_of_a_model_that_knows_it(
    menu: Catalog, model_id: str, preset: PresetName
) -> None:
    pipe = random_pipe(menu[model_id], tiny=True)
    set_scheduler(pipe, dict(pipe.scheduler.config), menu[model_id], menu[model_id].presets[preset])
    scheduler, (clean, noise) = pipe.scheduler, torch.randn(2, 1, 4, 3, 2, 2)
    assert clean_estimate(scheduler) is None
    scheduler.set_timesteps(6, **({"mu": 1.0} if scheduler.config.get("use_dynamic_shifting") else {}))

    sample = noise
    for step in scheduler.timesteps:
        # A model of flows says in which direction the noise lies, seen from the clip.
        sample = scheduler.step(noise - clean, step, sample, return_dict=False)[0]
        torch.testing.assert_close(clean_estimate(scheduler), clean, rtol=0, atol=1e-5)

    torch.testing.assert_close(sample, clean, rtol=0, atol=1e-5)


@pytest.mark.parametrize("model_id", ["wan2.2-t2v-a14b", "wan2.2-ti2v-5b"])
def test_a_preview_of_the_last_step_is_the_clips_first_frame(
    pipelines: Pipelines, menu: Catalog, model_id: str
) -> None:
    pipeline, request = pipelines.pipeline_for(menu[model_id], Recorder()), a_request(menu[model_id], task="imagine")
    assert isinstance(pipeline, DiffusionPipeline)

    first = frames_of(pipeline, request)[0]

    assert (pipeline._preview(request) == quarter(first)).all()
