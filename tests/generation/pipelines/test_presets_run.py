"""A preset runs the steps, experts and guidance that the menu names, and nothing more."""

from collections.abc import Callable, Iterator

import pytest
import torch
from safetensors.torch import load_file

from generation.catalog import Catalog, Model, PresetName, load_catalog
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.embeddings import EmbeddingCache
from generation.pipelines.registry import Pipelines, load_pipeline
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.weights import weights_folder
from tests.renders import FRAMES, Calls, Recorder, Runs, a_request, frames_of

A14B = ("wan2.2-i2v-a14b", "wan2.2-t2v-a14b")
EIGHT_SIGMAS = [1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875]
"""The published schedule of the distilled LTX."""

PRESETS = [(model.id, preset) for model in load_catalog() if model.repository for preset in model.presets]


@pytest.fixture
def watched(pipelines: Pipelines) -> Iterator["Watched"]:
    """A pipeline that is ready, and the count of what its modules do from then on."""
    made: list[Calls] = []

    def watch(model: Model, preset: PresetName = "fast") -> tuple[DiffusionPipeline, Calls]:
        pipeline = pipelines.pipeline_for(model, Recorder())
        assert isinstance(pipeline, DiffusionPipeline)
        pipeline.weights.ready(model.tasks[0], model.presets[preset], 0, lambda: None)
        made.append(Calls(pipeline.pipe))
        return pipeline, made[-1]

    yield watch
    for calls in made:
        calls.stop()


Watched = Callable[..., tuple[DiffusionPipeline, Calls]]


@pytest.mark.parametrize("model_id", A14B)
def test_the_lora_pair_runs_two_steps_on_each_expert_at_the_distilled_timesteps(runs: Runs, model_id: str) -> None:
    calls = runs(model_id).calls

    assert calls.timesteps == [999, 937, 833, 625]
    assert calls.experts == ["transformer", "transformer", "transformer_2", "transformer_2"]


def test_one_expert_runs_all_four_distilled_steps(runs: Runs) -> None:
    calls = runs("wan2.1-i2v-14b-480p").calls

    assert calls.timesteps == [999, 937, 833, 625]
    assert calls.experts == ["transformer"] * 4


@pytest.mark.parametrize("preset", ["fast", "standard"])
@pytest.mark.parametrize("model_id", A14B)
def test_each_step_runs_on_the_expert_of_its_noise(runs: Runs, menu: Catalog, model_id: str, preset: str) -> None:
    calls, boundary = runs(model_id, preset).calls, menu[model_id].boundary
    assert boundary

    expected = ["transformer" if timestep >= 1000 * boundary else "transformer_2" for timestep in calls.timesteps]
    assert calls.experts == expected
    assert set(expected) == {"transformer", "transformer_2"}


def test_each_expert_holds_the_weights_of_its_own_folder(
    watched: Watched, menu: Catalog, settings: PipelineSettings
) -> None:
    model = menu["wan2.2-t2v-a14b"]
    pipeline, _ = watched(model, preset="standard")

    for name in ("transformer", "transformer_2"):
        path = weights_folder(model, settings) / name / "diffusion_pytorch_model.safetensors"
        stored = load_file(path)["blocks.0.attn1.to_q.weight"]
        assert torch.equal(getattr(pipeline.pipe, name).blocks[0].attn1.to_q.weight, stored.to(torch.bfloat16))


def test_the_autoencoder_of_wan_keeps_its_full_precision_and_all_else_is_halved(
    watched: Watched, menu: Catalog, settings: PipelineSettings
) -> None:
    for name, precision in (("wan2.2-ti2v-5b", torch.float32), ("ltx-2.3-distilled", torch.bfloat16)):
        pipe = watched(menu[name])[0].pipe
        assert {pipe.transformer.dtype, pipe.text_encoder.dtype} == {torch.bfloat16}
        stored = load_file(weights_folder(menu[name], settings) / "vae" / "diffusion_pytorch_model.safetensors")
        weights = dict(pipe.vae.named_parameters())
        assert all(torch.equal(weights[key], value.to(precision)) for key, value in stored.items() if key in weights)
        assert {weight.dtype for weight in weights.values()} == {precision}


@pytest.mark.parametrize(("model_id", "preset"), PRESETS)
def test_a_step_cache_runs_only_where_the_menu_names_one(runs: Runs, model_id: str, preset: str) -> None:
    assert runs(model_id, preset).calls.cached == {(model_id, preset) == ("wan2.2-ti2v-5b", "standard")}


@pytest.mark.parametrize(("model_id", "preset"), PRESETS)
def test_a_price_counts_the_samples_that_the_transformers_really_compute(
    runs: Runs, menu: Catalog, model_id: str, preset: str
) -> None:
    assert sum(runs(model_id, preset).calls.samples) == menu[model_id].presets[preset].calls  # type: ignore[index]


def test_guidance_calls_the_experts_twice_for_each_step(runs: Runs) -> None:
    timesteps = runs("wan2.2-i2v-a14b", "standard").calls.timesteps

    assert timesteps[::2] == timesteps[1::2]
    assert len(set(timesteps)) == 20


@pytest.mark.parametrize("task", ["animate", "imagine"])
def test_the_distilled_ltx_calls_its_transformer_once_for_each_of_its_eight_sigmas(runs: Runs, task: str) -> None:
    made = runs("ltx-2.3-distilled", "fast", task)

    assert made.calls.samples == [1] * 8
    assert made.calls.timesteps == [round(1000 * sigma) for sigma in EIGHT_SIGMAS]
    assert made.sigmas == pytest.approx([*EIGHT_SIGMAS, 0.0])


@pytest.mark.parametrize(("preset", "steps"), [("fast", 8), ("standard", 10)])
def test_the_distilled_ltx_0_9_runs_its_steps_without_guidance(runs: Runs, preset: str, steps: int) -> None:
    assert runs("ltx-video-0.9.7-distilled", preset).calls.samples == [1] * steps


def test_listed_sigmas_are_not_shifted_again_by_a_scheduler_that_shifts(
    settings: PipelineSettings, menu: Catalog
) -> None:
    listed = menu["ltx-2.3-distilled"].presets["fast"]
    model = menu["ltx-2.3"].model_copy(update={"presets": {"fast": listed}})
    pipeline = load_pipeline(model, settings)

    frames_of(pipeline, a_request(model))

    assert [float(sigma) for sigma in pipeline.pipe.scheduler.sigmas[:8]] == pytest.approx(listed.sigmas)


def test_a_prompt_passes_through_the_text_encoder_once(watched: Watched, short_menu: Catalog) -> None:
    model = short_menu["wan2.2-ti2v-5b"]
    pipeline, calls = watched(model)

    frames_of(pipeline, a_request(model, prompt="a prompt seen once", negative_prompt="a negative seen once"))
    assert calls.count["text_encoder"] == 2

    frames_of(pipeline, a_request(model, prompt="a prompt seen once", negative_prompt="a negative seen once", seed=8))
    assert calls.count["text_encoder"] == 2

    frames_of(pipeline, a_request(model, prompt="another prompt", negative_prompt="a negative seen once"))
    assert calls.count["text_encoder"] == 3


def test_a_negative_prompt_is_not_even_encoded_without_guidance(watched: Watched, short_menu: Catalog) -> None:
    model = short_menu["wan2.2-i2v-a14b"]
    pipeline, calls = watched(model)

    frames_of(pipeline, a_request(model, prompt="a prompt of this test"))

    assert model.negative_prompt
    assert calls.count["text_encoder"] == 1


def test_the_texts_used_least_lately_are_forgotten_first_and_each_model_has_its_own() -> None:
    kept, encoded = EmbeddingCache(limit_bytes=2 * 40), []

    def encode(text: str) -> tuple[torch.Tensor]:
        encoded.append(text)
        return (torch.zeros(10, dtype=torch.float32),)

    for model_id, text in (("a", "wind"), ("a", "rain"), ("a", "wind"), ("b", "wind"), ("a", "wind"), ("a", "rain")):
        kept.get(model_id, text, encode)

    assert encoded == ["wind", "rain", "wind", "rain"]


def test_a_cached_prompt_gives_the_clip_of_a_fresh_one(settings: PipelineSettings, short_menu: Catalog) -> None:
    model = short_menu["ltx-2.3-distilled"]
    fresh = frames_of(load_pipeline(model, settings), a_request(model))
    forgetful = load_pipeline(model, settings.model_copy(update={"embeddings_bytes": 0}))

    assert len(fresh) == FRAMES
    assert (frames_of(forgetful, a_request(model)) == fresh).all()
    assert (frames_of(forgetful, a_request(model)) == fresh).all()


def test_listed_sigmas_leave_no_trace_in_a_preset_that_spaces_its_own_steps(
    settings: PipelineSettings, menu: Catalog
) -> None:
    model = menu["ltx-2.3"]
    short = model.presets["standard"].model_copy(update={"steps": 4})
    listed = menu["ltx-2.3-distilled"].presets["fast"]
    model = model.model_copy(update={"presets": {"fast": listed, "standard": short}})
    fresh = frames_of(load_pipeline(model, settings), a_request(model, preset="standard"))
    used = load_pipeline(model, settings)
    frames_of(used, a_request(model, preset="fast"))

    assert (frames_of(used, a_request(model, preset="standard")) == fresh).all()
