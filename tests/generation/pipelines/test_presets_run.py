"""A preset runs the steps, experts and guidance that the menu names, and nothing more."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from generation.catalog import Catalog, Model, load_catalog
from generation.pipelines.caches import hooked_modules
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.registry import Pipelines, load_pipeline
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.weights import weights_folder
from tests.renders import FRAMES, Recorder, a_request, frames_of


class Calls:
    """Counts the calls of a pipeline's modules, and keeps the timesteps its transformers saw."""

    def __init__(self, pipeline: DiffusionPipeline) -> None:
        self.count: Counter[str] = Counter()
        self.timesteps: list[int] = []
        self.samples: list[int] = []
        self.experts: list[str] = []
        self.handles = [
            module.register_forward_pre_hook(self._counter(name), with_kwargs=True)
            for name, module in pipeline.pipe.components.items()
            if name in ("transformer", "transformer_2", "text_encoder") and module is not None
        ]

    def _counter(self, name: str) -> Any:
        def count(module: Any, arguments: Any, named: Any) -> None:
            self.count[name] += 1
            if "timestep" in named:
                self.experts.append(name)
                self.timesteps.append(round(float(named["timestep"].flatten()[-1])))
                self.samples.append(named["hidden_states"].shape[0])

        return count


Watched = Callable[..., tuple[DiffusionPipeline, Calls]]


@pytest.fixture
def watched(pipelines: Pipelines) -> Iterator[Watched]:
    """A pipeline that is ready for a request, and the count of what its modules do from then on."""
    made: list[Calls] = []

    def watch(model: Model, **changes: Any) -> tuple[DiffusionPipeline, Calls]:
        pipeline = pipelines.pipeline_for(model, Recorder())
        assert isinstance(pipeline, DiffusionPipeline)
        request = a_request(model, **changes)
        pipeline.weights.ready(request.task, model.presets[request.preset], 0, lambda: None)
        made.append(Calls(pipeline))
        return pipeline, made[-1]

    yield watch
    for calls in made:
        for handle in calls.handles:
            handle.remove()


@pytest.mark.parametrize(("model_id", "experts"), [("wan2.2-i2v-a14b", (2, 2)), ("wan2.2-t2v-a14b", (2, 2))])
def test_the_fast_preset_runs_two_steps_on_each_expert_at_the_distilled_timesteps(
    watched: Watched, menu: Catalog, model_id: str, experts: tuple[int, int]
) -> None:
    pipeline, calls = watched(menu[model_id])

    frames_of(pipeline, a_request(menu[model_id]))

    assert calls.timesteps == [999, 937, 833, 625]
    assert (calls.count["transformer"], calls.count["transformer_2"]) == experts
    assert calls.experts == ["transformer"] * experts[0] + ["transformer_2"] * experts[1]


def test_each_expert_holds_the_weights_of_its_own_folder(
    watched: Watched, menu: Catalog, settings: PipelineSettings
) -> None:
    model = menu["wan2.2-t2v-a14b"]
    pipeline, _ = watched(model, preset="standard")

    for name in ("transformer", "transformer_2"):
        path = weights_folder(model, settings) / name / "diffusion_pytorch_model.safetensors"
        stored = load_file(path)["blocks.0.attn1.to_q.weight"]
        assert torch.equal(getattr(pipeline.pipe, name).blocks[0].attn1.to_q.weight, stored.to(torch.bfloat16))


@pytest.mark.parametrize(
    ("model_id", "preset", "cached"),
    [
        ("wan2.2-i2v-a14b", "fast", False),
        ("wan2.2-ti2v-5b", "fast", False),
        ("wan2.2-ti2v-5b", "standard", True),
        ("ltx-video-0.9.7-distilled", "fast", False),
    ],
)
def test_a_step_cache_runs_only_where_the_menu_names_one(
    watched: Watched, menu: Catalog, model_id: str, preset: str, cached: bool
) -> None:
    pipeline, _ = watched(menu[model_id], preset=preset)
    hooked: list[int] = []
    transformer = pipeline.pipe.transformer
    handle = transformer.register_forward_pre_hook(lambda *_: hooked.append(hooked_modules(transformer)))

    frames_of(pipeline, a_request(menu[model_id], preset=preset))
    handle.remove()

    assert {count > 0 for count in hooked} == {cached}


def test_one_expert_runs_all_four_distilled_steps(watched: Watched, menu: Catalog) -> None:
    pipeline, calls = watched(menu["wan2.1-i2v-14b-480p"])

    frames_of(pipeline, a_request(menu["wan2.1-i2v-14b-480p"]))

    assert calls.timesteps == [999, 937, 833, 625]
    assert calls.count["transformer"] == 4


def test_guidance_doubles_the_calls_of_the_standard_preset(watched: Watched, menu: Catalog) -> None:
    model = menu["wan2.2-i2v-a14b"]
    pipeline, calls = watched(model, preset="standard")

    frames_of(pipeline, a_request(model, preset="standard"))

    assert calls.count["transformer"] + calls.count["transformer_2"] == 2 * model.presets["standard"].steps
    assert min(calls.count["transformer"], calls.count["transformer_2"]) > 0


@pytest.mark.parametrize(("model_id", "preset"), [(m.id, p) for m in load_catalog() if m.repository for p in m.presets])
def test_a_price_counts_the_samples_that_the_transformers_really_compute(
    watched: Watched, menu: Catalog, model_id: str, preset: str
) -> None:
    pipeline, calls = watched(menu[model_id], preset=preset)

    frames_of(pipeline, a_request(menu[model_id], preset=preset))

    assert sum(calls.samples) == menu[model_id].presets[preset].calls  # type: ignore[index]


@pytest.mark.parametrize("task", ["animate", "imagine"])
def test_the_distilled_ltx_calls_its_transformer_once_for_each_of_its_eight_sigmas(
    watched: Watched, menu: Catalog, task: str
) -> None:
    model = menu["ltx-2.3-distilled"]
    pipeline, calls = watched(model, task=task)

    frames_of(pipeline, a_request(model, task=task))

    assert calls.count["transformer"] == 8
    assert set(calls.samples) == {1}
    sigmas = model.presets["fast"].sigmas or ()
    assert [float(sigma) for sigma in pipeline.pipe.scheduler.sigmas[:8]] == pytest.approx(sigmas)


def test_listed_sigmas_are_not_shifted_again_by_a_scheduler_that_shifts(
    settings: PipelineSettings, menu: Catalog
) -> None:
    listed = menu["ltx-2.3-distilled"].presets["fast"]
    model = menu["ltx-2.3"].model_copy(update={"presets": {"fast": listed}})
    pipeline = load_pipeline(model, settings)

    frames_of(pipeline, a_request(model))

    assert [float(sigma) for sigma in pipeline.pipe.scheduler.sigmas[:8]] == pytest.approx(listed.sigmas)


def test_the_distilled_ltx_0_9_runs_its_steps_without_guidance(watched: Watched, menu: Catalog) -> None:
    model = menu["ltx-video-0.9.7-distilled"]
    pipeline, calls = watched(model)

    frames_of(pipeline, a_request(model))

    assert calls.count["transformer"] == model.presets["fast"].steps
    assert set(calls.samples) == {1}


def test_a_prompt_passes_through_the_text_encoder_once(watched: Watched, menu: Catalog) -> None:
    model = menu["wan2.2-ti2v-5b"]
    pipeline, calls = watched(model)

    frames_of(pipeline, a_request(model, prompt="a prompt seen once", negative_prompt="a negative seen once"))
    assert calls.count["text_encoder"] == 2

    frames_of(pipeline, a_request(model, prompt="a prompt seen once", negative_prompt="a negative seen once", seed=8))
    assert calls.count["text_encoder"] == 2

    frames_of(pipeline, a_request(model, prompt="another prompt", negative_prompt="a negative seen once"))
    assert calls.count["text_encoder"] == 3


def test_a_negative_prompt_is_not_even_encoded_without_guidance(watched: Watched, menu: Catalog) -> None:
    model = menu["wan2.2-i2v-a14b"]
    pipeline, calls = watched(model)

    frames_of(pipeline, a_request(model, prompt="a prompt of this test"))

    assert model.negative_prompt
    assert calls.count["text_encoder"] == 1


def test_a_cached_prompt_gives_the_clip_of_a_fresh_one(settings: PipelineSettings, menu: Catalog) -> None:
    model = menu["ltx-2.3-distilled"]
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
