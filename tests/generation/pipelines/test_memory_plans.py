"""Memory plans: chosen by the card, each giving the same clip, and the next one tried when memory runs out."""

from pathlib import Path
from typing import Any

import pytest
import torch

from generation.catalog import Catalog, Model, load_catalog
from generation.errors import RenderFailed
from generation.media.probe import probe
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.memory import (
    GB,
    choose_plan,
    host_share_bytes,
    keeps_variants,
    next_smaller,
    plans,
    waiting_limit_bytes,
)
from generation.pipelines.registry import Pipelines, load_pipeline
from generation.pipelines.settings import PipelineSettings
from generation.workers.child import Renderer
from generation.workers.protocol import Failed, Rendered, RenderTask
from tests.renders import FRAMES, Recorder, a_request, frames_of, render

HOST = 256 * GB


@pytest.mark.parametrize(
    ("model_id", "card_gb", "plan"),
    [
        ("wan2.2-i2v-a14b", 85, "resident"),
        ("wan2.2-i2v-a14b", 48, "offload"),
        ("wan2.2-i2v-a14b", 25, "stream"),
        ("wan2.2-i2v-a14b", 12, "stream_int8"),
        ("wan2.2-ti2v-5b", 48, "resident"),
        ("wan2.2-ti2v-5b", 25, "offload"),
        ("wan2.2-ti2v-5b", 12, "stream_int8"),
        ("ltx-2.3-distilled", 85, "resident"),
        ("ltx-2.3-distilled", 25, "stream"),
    ],
)
def test_the_fastest_plan_that_fits_the_card_is_chosen(
    short_menu: Catalog, model_id: str, card_gb: int, plan: str
) -> None:
    assert choose_plan(short_menu[model_id], card_gb * GB, HOST).name == plan


def test_a_plan_that_does_not_fit_the_hosts_memory_is_not_chosen(short_menu: Catalog) -> None:
    assert choose_plan(short_menu["wan2.2-i2v-a14b"], 25 * GB, 48 * GB).name == "stream_int8"


@pytest.mark.parametrize("model", [model for model in load_catalog() if model.repository], ids=lambda model: model.id)
def test_a_card_of_twelve_gigabytes_gets_eight_bit_weights(model: Model) -> None:
    assert choose_plan(model, 12 * GB, HOST).name == "stream_int8"


def test_workers_share_the_hosts_memory(short_menu: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.pipelines.memory.host_bytes_total", lambda: 120 * GB)
    monkeypatch.setattr("generation.pipelines.resident.card_bytes_total", lambda settings: 25 * GB)
    planned = {}
    for workers in (1, 2):
        monkeypatch.setenv("STILLMOTION_WORKERS", str(workers))
        settings = PipelineSettings(device="cpu")
        weights = load_pipeline(short_menu["wan2.2-i2v-a14b"], settings).weights
        planned[workers] = (host_share_bytes(settings) // GB, waiting_limit_bytes(settings) // GB, weights.plan.name)

    assert planned == {1: (120, 60, "stream"), 2: (60, 30, "stream_int8")}
    assert waiting_limit_bytes(PipelineSettings(workers=2, host_bytes=7)) == 7


def test_both_sets_of_weights_are_held_only_where_the_host_has_room(short_menu: Catalog) -> None:
    model = short_menu["wan2.2-i2v-a14b"]
    resident, _, stream, eight_bit = plans(model)

    assert [keeps_variants(model, resident, room * GB) for room in (57, 58)] == [False, True]
    assert [keeps_variants(model, stream, room * GB) for room in (126, 127)] == [False, True]
    assert not keeps_variants(model, eight_bit, 1000 * GB)
    assert not keeps_variants(short_menu["wan2.2-ti2v-5b"], plans(short_menu["wan2.2-ti2v-5b"])[0], 1000 * GB)


def test_a_plan_can_be_named_against_the_choice(short_menu: Catalog) -> None:
    assert choose_plan(short_menu["wan2.2-i2v-a14b"], 85 * GB, HOST, "stream").name == "stream"


@pytest.mark.parametrize("model", [model for model in load_catalog() if model.repository], ids=lambda model: model.id)
def test_each_smaller_plan_needs_less_of_the_card(model: Any) -> None:
    plan, needed = plans(model)[0], []
    while plan is not None:
        needed.append(plan.card_gb)
        plan = next_smaller(model, plan)

    assert needed == sorted(needed, reverse=True)
    assert len(needed) >= 3


@pytest.mark.parametrize("plan", ["offload", "stream"])
@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-2.3-distilled"])
def test_a_plan_that_only_moves_weights_gives_the_same_clip(
    settings: PipelineSettings, short_menu: Catalog, model_id: str, plan: str
) -> None:
    model = short_menu[model_id]
    moved = load_pipeline(model, settings.model_copy(update={"plan": plan}))
    still = load_pipeline(model, settings)

    for task in model.tasks:
        request = a_request(model, task=task)
        assert (frames_of(moved, request) == frames_of(still, request)).all()
    assert moved.weights.plan.name == plan


@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "ltx-2.3-distilled"])
def test_eight_bit_weights_still_make_a_clip(settings: PipelineSettings, short_menu: Catalog, model_id: str) -> None:
    model = short_menu[model_id]
    pipeline = load_pipeline(model, settings.model_copy(update={"plan": "stream_int8"}))

    first, second = (frames_of(pipeline, a_request(model)) for _ in range(2))

    weight = next(
        module for module in pipeline.pipe.transformer.modules() if isinstance(module, torch.nn.Linear)
    ).weight
    assert type(weight).__name__ == "Int8Tensor"
    assert (first == second).all()


class Overflow:
    """A transformer or decoder that, armed, has memory left for ``calls`` calls and then none, ``times`` times."""

    def __init__(self, times: int, calls: int = 0) -> None:
        self.left = times
        self.calls = calls
        self.plans: list[str] = []

    def arm(self, pipeline: DiffusionPipeline, component: str) -> None:
        ready = pipeline.weights.ready

        def armed(*arguments: Any) -> Any:
            pipe = ready(*arguments)
            module = getattr(pipe, component)
            (module.decoder if component == "vae" else module).register_forward_pre_hook(self._overflow)
            self.plans.append(pipeline.weights.plan.name)
            return pipe

        pipeline.weights.ready = armed  # type: ignore[method-assign]

    def _overflow(self, module: Any, arguments: Any) -> None:
        self.calls -= 1
        if self.calls < 0 < self.left:
            self.left -= 1
            raise torch.OutOfMemoryError


@pytest.mark.parametrize(
    ("model_id", "component", "calls"),
    [
        ("wan2.2-ti2v-5b", "transformer", 1),
        ("wan2.2-ti2v-5b", "vae", 2),
        ("ltx-2.3-distilled", "text_encoder", 0),
        ("ltx-2.3-distilled", "transformer", 0),
        ("ltx-video-0.9.7-distilled", "vae", 0),
    ],
)
def test_running_out_of_memory_is_tried_again_with_the_next_smaller_plan(
    settings: PipelineSettings, short_menu: Catalog, model_id: str, component: str, calls: int
) -> None:
    model = short_menu[model_id]
    quiet = settings.model_copy(update={"preview_seconds": 3600})
    expected = frames_of(load_pipeline(model, quiet), a_request(model))
    pipeline, overflow = load_pipeline(model, quiet), Overflow(times=1, calls=calls)
    overflow.arm(pipeline, component)

    frames = frames_of(pipeline, a_request(model))

    assert overflow.left == 0
    assert overflow.plans == ["resident", "offload"]
    assert (frames == expected).all()


@pytest.mark.parametrize("component", ["transformer", "vae"])
def test_running_out_twice_fails_the_job_and_not_the_worker(
    settings: PipelineSettings, short_menu: Catalog, tmp_path: Path, component: str
) -> None:
    pipelines = Pipelines(settings.model_copy(update={"preview_seconds": 3600}))
    pipeline, worker = pipelines.pipeline_for(short_menu["wan2.2-ti2v-5b"], Recorder()), Renderer(pipelines)
    assert isinstance(pipeline, DiffusionPipeline)
    Overflow(times=2).arm(pipeline, component)
    task = RenderTask(
        job_id=1,
        attempt=1,
        request=a_request(short_menu["wan2.2-ti2v-5b"], task="imagine"),
        still_path=None,
        end_still_path=None,
        clip_path=tmp_path / "clip.mp4",
        size_limit_bytes=10**7,
    )

    failed = worker.render(task, lambda event: None)
    assert isinstance(failed, Failed)
    assert (failed.fault, failed.retry, list(tmp_path.iterdir())) == ("out_of_memory", False, [])

    assert isinstance(worker.render(task, lambda event: None), Rendered)
    assert probe(task.clip_path).frames == FRAMES


def test_without_a_smaller_plan_running_out_fails_at_once(settings: PipelineSettings, short_menu: Catalog) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline = load_pipeline(model, settings.model_copy(update={"plan": "stream_int8"}))
    overflow = Overflow(times=1)
    overflow.arm(pipeline, "transformer")

    with pytest.raises(RenderFailed) as caught:
        frames_of(pipeline, a_request(model))

    assert caught.value.fault == "out_of_memory"
    assert overflow.plans == ["stream_int8"]


def test_a_smaller_job_after_an_overflow_has_the_fast_plan_again(
    settings: PipelineSettings, short_menu: Catalog
) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline, overflow = load_pipeline(model, settings), Overflow(times=1)
    overflow.arm(pipeline, "transformer")

    frames_of(pipeline, a_request(model))
    frames_of(pipeline, a_request(model, frames=5))
    frames_of(pipeline, a_request(model), Recorder())

    assert overflow.plans == ["resident", "offload", "resident", "offload"]


def test_each_overflow_goes_one_plan_further_down_from_the_plan_that_was_used(
    settings: PipelineSettings, short_menu: Catalog
) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline, overflow = load_pipeline(model, settings), Overflow(times=2)
    overflow.arm(pipeline, "transformer")
    with pytest.raises(RenderFailed):
        frames_of(pipeline, a_request(model))
    overflow.left = 1

    assert len(frames_of(pipeline, a_request(model))) == FRAMES

    assert overflow.plans == ["resident", "offload", "offload", "stream"]


def test_a_sound_decoder_without_room_is_tried_again_and_nothing_is_denoised_twice(
    settings: PipelineSettings, short_menu: Catalog
) -> None:
    model, recorder = short_menu["ltx-2.3-distilled"], Recorder()
    request = a_request(model, sound=True)
    expected = render(load_pipeline(model, settings), request).sound
    quiet = settings.model_copy(update={"repeat_seconds": 3600.0})
    pipeline, overflow = load_pipeline(model, quiet), Overflow(times=1)
    overflow.arm(pipeline, "vocoder")

    sound = render(pipeline, request, recorder).sound

    assert sound is not None
    assert expected is not None
    assert (sound.samples == expected.samples).all()
    assert overflow.plans == ["resident", "offload"]
    assert recorder.reports.count(("denoise", 0, 2)) == 1
