"""Step caches, compiled blocks and attention backends: on where they help, proven to be on, and off without harm."""

from typing import Any

import numpy as np
import pytest

from generation.catalog import Catalog, Model
from generation.pipelines.acceleration import choose_attention
from generation.pipelines.caches import disable_cache, enable_cache, hooked_modules
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.registry import load_pipeline
from generation.pipelines.settings import PipelineSettings
from tests.renders import Recorder, a_request, frames_of

CACHED = "wan2.2-ti2v-5b"


def ready(model: Model, settings: PipelineSettings, preset: str = "fast") -> DiffusionPipeline:
    pipeline = load_pipeline(model, settings)
    pipeline.weights.ready(model.tasks[0], model.presets[preset], 0, lambda: None)  # type: ignore[index]
    return pipeline


def with_cache(model: Model) -> Model:
    preset = model.presets["standard"].model_copy(update={"cache": "first_block"})
    return model.model_copy(update={"presets": {"standard": preset}})


@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-video-0.9.7-distilled"])
def test_the_cache_that_an_entry_may_name_hooks_each_expert_and_comes_off_again(
    settings: PipelineSettings, menu: Catalog, model_id: str
) -> None:
    model = with_cache(menu[model_id])
    pipe = ready(model, settings, "standard").pipe
    experts = [part for part in (pipe.transformer, getattr(pipe, "transformer_2", None)) if part is not None]

    enable_cache(pipe, model.presets["standard"])
    assert all(hooked_modules(expert) > 0 for expert in experts)

    disable_cache(pipe)
    assert [hooked_modules(expert) for expert in experts] == [0] * len(experts)


def test_a_cache_skips_blocks_and_leaves_no_trace_in_the_next_clip(settings: PipelineSettings, menu: Catalog) -> None:
    cached = menu[CACHED]
    pipeline = ready(cached, settings, "standard")
    calls: list[int] = []
    pipeline.pipe.transformer.blocks[-1].attn1.register_forward_pre_hook(lambda *_: calls.append(1))
    plain = frames_of(pipeline, a_request(cached, preset="fast"))
    calls.clear()

    frames_of(pipeline, a_request(cached, preset="standard"))

    assert len(calls) < 2 * cached.presets["standard"].steps
    assert (frames_of(pipeline, a_request(cached, preset="fast")) == plain).all()


def test_compiled_blocks_make_the_same_clip(settings: PipelineSettings, menu: Catalog) -> None:
    model = small(menu["wan2.2-ti2v-5b"])
    compiled = load_pipeline(model, settings.model_copy(update={"compile": True, "compile_backend": "eager"}))
    plain = load_pipeline(model, settings)

    frames = frames_of(compiled, a_request(model))

    assert compiled.pipe.transformer.blocks[0]._compiled_call_impl is not None
    assert np.abs(frames.astype(int) - frames_of(plain, a_request(model)).astype(int)).max() <= 1


def test_a_compiler_that_fails_leaves_the_pipeline_running_without(settings: PipelineSettings, menu: Catalog) -> None:
    model = small(menu["wan2.2-ti2v-5b"])
    broken = load_pipeline(model, settings.model_copy(update={"compile": True, "compile_backend": "no-such-backend"}))

    frames = frames_of(broken, a_request(model))

    assert broken.pipe.transformer.blocks[0]._compiled_call_impl is None
    assert (frames == frames_of(load_pipeline(model, settings), a_request(model))).all()


def test_a_compiled_pipeline_can_still_be_watched(settings: PipelineSettings, menu: Catalog) -> None:
    model, recorder = small(menu["wan2.2-ti2v-5b"]), Recorder()
    compiled = load_pipeline(model, settings.model_copy(update={"compile": True, "compile_backend": "eager"}))

    frames_of(compiled, a_request(model), recorder)

    steps = model.presets["fast"].steps
    assert sum(stage == "denoise" for stage, _, _ in recorder.reports) > steps + 1


def test_the_warm_up_of_compiled_blocks_belongs_to_the_load(settings: PipelineSettings, menu: Catalog) -> None:
    model, recorder = small(menu["wan2.2-ti2v-5b"]), Recorder()
    compiled = load_pipeline(model, settings.model_copy(update={"compile": True, "compile_backend": "eager"}))

    frames_of(compiled, a_request(model), recorder)

    loaded = recorder.reports.index(("load", 1, 1))
    assert loaded > 1
    assert {stage for stage, _, _ in recorder.reports[:loaded]} == {"load"}
    assert "load" not in {stage for stage, _, _ in recorder.reports[loaded + 1 :]}


def test_the_first_attention_backend_that_computes_is_taken(settings: PipelineSettings, menu: Catalog) -> None:
    pipe = ready(menu["wan2.2-i2v-a14b"], settings).pipe

    assert (
        choose_attention(pipe, ("no_such_backend", "sage", "_flash_3_hub", "native"), "cpu", masked=False) == "native"
    )


def test_without_a_backend_that_computes_the_native_one_stays(settings: PipelineSettings, menu: Catalog) -> None:
    pipe = ready(menu["wan2.2-i2v-a14b"], settings).pipe

    assert choose_attention(pipe, ("no_such_backend",), "cpu", masked=False) == "native"


@pytest.mark.parametrize(
    ("model_id", "chosen"), [("wan2.2-i2v-a14b", "_native_flash"), ("ltx-2.3-distilled", "native")]
)
def test_a_kernel_that_refuses_masks_is_left_alone_where_the_model_masks_its_text(
    settings: PipelineSettings, menu: Catalog, monkeypatch: pytest.MonkeyPatch, model_id: str, chosen: str
) -> None:
    model = menu[model_id]
    attention = ("_native_flash", "native")
    pipeline = load_pipeline(model, settings.model_copy(update={"attention": attention}))
    taken: list[str] = []

    def choose(pipe: Any, names: tuple[str, ...], device: str, *, masked: bool) -> str:
        taken.append(choose_attention(pipe, names, device, masked=masked))
        return taken[-1]

    # The flash kernel of the CPU has the limits of those of the cards.
    monkeypatch.setattr("generation.pipelines.resident.choose_attention", choose)
    monkeypatch.setattr("generation.pipelines.resident._has_kernels", lambda place: True)

    frames_of(pipeline, a_request(model))

    assert taken == [chosen]


def small(model: Model) -> Model:
    """The model with one small shape, so that a warm-up takes a moment."""
    shape = model.shapes[-1].model_copy(update={"width": 64, "height": 64})
    return model.model_copy(update={"shapes": (shape,), "frames": model.frames.model_copy(update={"default": 9})})
