"""Step caches, compiled blocks and attention backends: on where they help, proven to be on, and off without harm."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from generation.catalog import Catalog, Model, Shape
from generation.pipelines.acceleration import choose_attention
from generation.pipelines.caches import disable_cache, enable_cache, hooked_modules
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.registry import load_pipeline
from generation.pipelines.settings import PipelineSettings
from tests.renders import Recorder, a_request, brief, frames_of

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


def test_a_cache_that_hooks_nothing_is_noticed(
    settings: PipelineSettings, menu: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = with_cache(menu[CACHED])
    pipe = ready(model, settings, "standard").pipe
    monkeypatch.setattr(pipe.transformer, "enable_cache", lambda config: None)

    with pytest.raises(AssertionError, match="hooked nothing"):
        enable_cache(pipe, model.presets["standard"])


def test_a_cache_skips_blocks_and_leaves_no_trace_in_the_next_clip(settings: PipelineSettings, menu: Catalog) -> None:
    cached = brief(menu[CACHED], steps=8)
    pipeline = ready(cached, settings, "standard")
    calls: list[int] = []
    pipeline.pipe.transformer.blocks[-1].attn1.register_forward_pre_hook(lambda *_: calls.append(1))
    plain = frames_of(pipeline, a_request(cached, preset="fast"))
    assert len(calls) == 2 * 8
    calls.clear()

    frames_of(pipeline, a_request(cached, preset="standard"))

    assert len(calls) < 2 * 8
    assert (frames_of(pipeline, a_request(cached, preset="fast")) == plain).all()


@pytest.fixture(scope="module")
def plain(settings: PipelineSettings, menu: Catalog) -> NDArray[np.uint8]:
    """The clip of the small model without a compiler."""
    model = small(menu["wan2.2-ti2v-5b"])
    return frames_of(load_pipeline(model, settings), a_request(model))


def compiling(model: Model, settings: PipelineSettings, backend: str) -> DiffusionPipeline:
    return load_pipeline(model, settings.model_copy(update={"compile": True, "compile_backend": backend}))


def test_compiled_blocks_make_the_same_clip_and_are_still_watched(
    settings: PipelineSettings, menu: Catalog, plain: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, recorder, warmed = small(menu["wan2.2-ti2v-5b"]), Recorder(), []
    compiled = compiling(model, settings, "eager")
    arguments = compiled._arguments
    monkeypatch.setattr(
        compiled, "_arguments", lambda request, preset: warmed.append(request) or arguments(request, preset)
    )

    frames = frames_of(compiled, a_request(model), recorder)

    assert compiled.pipe.transformer.blocks[0]._compiled_call_impl is not None
    assert np.abs(frames.astype(int) - plain.astype(int)).max() <= 1
    assert [(request.width, request.height) for request in warmed] == [(96, 64), (64, 64), (64, 64)]
    loaded = recorder.reports.index(("load", 1, 1))
    assert loaded > 1
    assert {stage for stage, _, _ in recorder.reports[:loaded]} == {"load"}
    assert "load" not in {stage for stage, _, _ in recorder.reports[loaded + 1 :]}
    assert sum(stage == "denoise" for stage, _, _ in recorder.reports) > model.presets["fast"].steps + 1


def test_a_compiler_that_fails_leaves_the_pipeline_running_without_and_says_so(
    settings: PipelineSettings, menu: Catalog, plain: NDArray[np.uint8]
) -> None:
    model = small(menu["wan2.2-ti2v-5b"])
    broken = compiling(model, settings, "no-such-backend")

    with capture_logs() as logged:
        frames = frames_of(broken, a_request(model))

    assert broken.pipe.transformer.blocks[0]._compiled_call_impl is None
    assert (frames == plain).all()
    assert [line["log_level"] for line in logged if line["event"] == "compiling failed, running without"] == ["warning"]


def test_the_first_attention_backend_that_computes_is_taken_and_the_others_are_named(
    settings: PipelineSettings, menu: Catalog
) -> None:
    pipe = ready(menu["ltx-video-0.9.7-distilled"], settings).pipe

    with capture_logs() as logged:
        wanted = ("no_such_backend", "sage", "_flash_3_hub", "native")
        assert choose_attention(pipe, wanted, "cpu", masked=False) == "native"
        assert choose_attention(pipe, ("no_such_backend",), "cpu", masked=False) == "native"

    passed_over = [line["backend"] for line in logged if line["event"] == "attention backend not usable"]
    assert passed_over == ["no_such_backend", "sage", "_flash_3_hub", "no_such_backend"]


@pytest.mark.parametrize(
    ("model_id", "chosen"), [("wan2.2-i2v-a14b", "_native_flash"), ("ltx-2.3-distilled", "native")]
)
def test_a_kernel_that_refuses_masks_is_left_alone_where_the_model_masks_its_text(
    settings: PipelineSettings, menu: Catalog, monkeypatch: pytest.MonkeyPatch, model_id: str, chosen: str
) -> None:
    model = brief(menu[model_id])
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
    """The model with two small shapes and few steps, so that a warm-up takes a moment."""
    sizes = {"wide": 96, "square": 64}
    shapes = [Shape(id=name, width=width, height=64) for name, width in sizes.items()]
    kept = Shape(id="still", width=96, height=64, keeps_aspect=True)
    return brief(model).model_copy(
        update={"shapes": (kept, *shapes), "frames": model.frames.model_copy(update={"default": 9})}
    )
