"""The step-distillation LoRAs really go into both experts, and one that does not fit is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from generation.catalog import Catalog, Model
from generation.errors import ModelUnusable
from generation.pipelines.base import JobCancelled
from generation.pipelines.loading import Loaded, load_pipe
from generation.pipelines.lora import ADAPTER, fuse_lora, load_lora
from generation.pipelines.memory import choose_plan
from generation.pipelines.registry import load_pipeline
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.variants import expert_tensors
from generation.pipelines.weights import lora_paths
from tests.checkpoints import build_lora
from tests.renders import Recorder, a_request, a_still, frames_of

PAIR = "wan2.2-i2v-a14b"


@pytest.fixture(scope="module")
def exact(settings: PipelineSettings) -> PipelineSettings:
    return settings.model_copy(update={"dtype": "float32"})


@pytest.fixture(scope="module")
def plain(exact: PipelineSettings, menu: Catalog) -> Any:
    """The pipeline without any LoRA; tests only look at it and run it."""
    return base_pipe(menu[PAIR], exact)


@pytest.fixture(scope="module")
def fused(exact: PipelineSettings, menu: Catalog) -> Any:
    """The same with the pair fused in."""
    pipe = base_pipe(menu[PAIR], exact)
    fuse_lora(pipe, menu[PAIR], paths_of(menu[PAIR], exact), 1.0)
    return pipe


@pytest.fixture(scope="module")
def fresh(settings: PipelineSettings, short_menu: Catalog) -> dict[str, NDArray[np.uint8]]:
    """The clip of each quality from a worker that has made no other."""
    model = short_menu[PAIR]
    clips = {name: frames_of(load_pipeline(model, settings), a_request(model, preset=name)) for name in model.presets}
    assert (clips["fast"] != clips["standard"]).any()
    return clips


def base_pipe(model: Model, settings: PipelineSettings) -> Any:
    return load_pipe(model, "animate", None, choose_plan(model, 0, 0, "resident"), settings).pipe


def paths_of(model: Model, settings: PipelineSettings) -> tuple[Path, ...]:
    lora = model.presets["fast"].lora
    assert lora is not None
    return lora_paths(model, lora, settings)


def run(pipe: Any) -> torch.Tensor:
    generator, ran = torch.Generator("cpu").manual_seed(0), []
    handles = [
        getattr(pipe, name).register_forward_pre_hook(lambda *_, name=name: ran.append(name))
        for name in ("transformer", "transformer_2")
    ]
    settings = {"width": 64, "height": 64, "num_frames": 9, "num_inference_steps": 2, "guidance_scale": 1.0}
    output = pipe(image=a_still(), prompt="wind", generator=generator, output_type="latent", **settings)
    for handle in handles:
        handle.remove()
    assert ran == ["transformer", "transformer_2"]
    return output.frames  # type: ignore[no-any-return]


def test_a_fused_pair_computes_what_the_unfused_adapters_compute(
    exact: PipelineSettings, menu: Catalog, plain: Any, fused: Any
) -> None:
    adapted = base_pipe(menu[PAIR], exact)
    load_lora(adapted, menu[PAIR], paths_of(menu[PAIR], exact), 1.0)

    without, with_adapters, with_fused = run(plain), run(adapted), run(fused)

    assert (with_adapters - without).abs().max() > 1e-2
    torch.testing.assert_close(with_fused, with_adapters, rtol=0, atol=1e-5)


def test_both_experts_change_and_no_adapter_is_left(plain: Any, fused: Any) -> None:
    for name in ("transformer", "transformer_2"):
        before = getattr(plain, name).blocks[0].attn1.to_q
        after = getattr(fused, name).blocks[0].attn1.to_q
        assert type(after) is type(before)
        assert not torch.equal(after.weight, before.weight)
        assert not torch.equal(after.bias, before.bias)
    assert not any(fused.get_list_adapters().values())


def test_each_file_changes_its_own_expert(exact: PipelineSettings, menu: Catalog, plain: Any, fused: Any) -> None:
    for name, path in zip(("transformer", "transformer_2"), paths_of(menu[PAIR], exact), strict=True):
        file, key = load_file(path), "diffusion_model.blocks.0.self_attn.q"
        change = getattr(fused, name).blocks[0].attn1.to_q.weight - getattr(plain, name).blocks[0].attn1.to_q.weight
        expected = file[f"{key}.lora_up.weight"] @ file[f"{key}.lora_down.weight"]
        torch.testing.assert_close(change, expected, rtol=0, atol=1e-5)


def test_a_clip_has_the_first_file_in_the_expert_of_the_noisy_steps(
    exact: PipelineSettings, menu: Catalog, short_menu: Catalog, plain: Any
) -> None:
    model, pipeline = menu[PAIR], load_pipeline(menu[PAIR], exact)
    frames_of(pipeline, a_request(short_menu[PAIR]))

    assert [Path(path).name for path in paths_of(model, exact)] == list(model.presets["fast"].lora.files)  # type: ignore[union-attr]
    for name, path in zip(("transformer", "transformer_2"), paths_of(model, exact), strict=True):
        change = getattr(pipeline.pipe, name).blocks[0].attn1.to_q.bias - getattr(plain, name).blocks[0].attn1.to_q.bias
        expected = load_file(path)["diffusion_model.blocks.0.self_attn.q.diff_b"]
        torch.testing.assert_close(change, expected, rtol=0, atol=1e-5)


ROOMY, NARROW = 10**12, 20 * 10**9
"""Host memory with and without room for two sets of weights of a model of the menu's size."""


class Counted:
    """Loads models, and counts how often."""

    def __init__(self) -> None:
        self.loads = 0

    def __call__(self, *arguments: Any, **named: Any) -> Loaded:
        self.loads += 1
        return load_pipe(*arguments, **named)


@pytest.mark.parametrize(
    ("order", "plan", "host_bytes", "loads"),
    [
        (("fast", "standard", "fast"), "resident", NARROW, 3),
        (("fast", "standard", "fast"), "resident", ROOMY, 1),
        (("standard", "fast", "standard"), "stream", ROOMY, 1),
    ],
)
def test_changing_the_quality_gives_the_clips_of_fresh_pipelines_and_costs_no_load_where_the_host_has_room(
    settings: PipelineSettings,
    short_menu: Catalog,
    fresh: dict[str, NDArray[np.uint8]],
    order: tuple[str, ...],
    plan: str,
    host_bytes: int,
    loads: int,
) -> None:
    model, counted = short_menu[PAIR], Counted()
    used = load_pipeline(model, settings.model_copy(update={"host_bytes": host_bytes, "plan": plan}), load=counted)

    for preset in order:
        assert (frames_of(used, a_request(model, preset=preset)) == fresh[preset]).all()

    assert counted.loads == loads


def test_a_cancelled_job_leaves_weights_that_can_still_be_exchanged(
    settings: PipelineSettings, short_menu: Catalog, fresh: dict[str, NDArray[np.uint8]]
) -> None:
    model = short_menu[PAIR]
    used = load_pipeline(model, settings.model_copy(update={"host_bytes": ROOMY, "plan": "stream"}))

    with pytest.raises(JobCancelled):
        frames_of(used, a_request(model), Recorder(cancel_at=lambda report: report[:2] == ("denoise", 1)))

    assert (frames_of(used, a_request(model, preset="standard")) == fresh["standard"]).all()


def test_an_exchange_that_fails_half_way_costs_a_load_and_never_a_mixed_model(
    settings: PipelineSettings,
    short_menu: Catalog,
    fresh: dict[str, NDArray[np.uint8]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, counted = short_menu[PAIR], Counted()
    used = load_pipeline(model, settings.model_copy(update={"host_bytes": ROOMY}), load=counted)
    frames_of(used, a_request(model))
    tensors = list(expert_tensors(used.pipe))

    def broken(pipe: Any) -> Iterator[Any]:
        yield from tensors[:20]
        raise MemoryError

    with monkeypatch.context() as half_way:
        half_way.setattr("generation.pipelines.variants.expert_tensors", broken)
        with pytest.raises(MemoryError):
            frames_of(used, a_request(model, preset="standard"))

    assert (frames_of(used, a_request(model, preset="standard")) == fresh["standard"]).all()
    assert counted.loads == 2


def test_a_lora_that_matches_no_layer_is_refused(exact: PipelineSettings, menu: Catalog, tmp_path: Path) -> None:
    save_file({"diffusion_model.elsewhere.lora_A.weight": torch.ones(2, 24)}, tmp_path / "strange.safetensors")
    stray = tmp_path / "strange.safetensors"

    with pytest.raises(ModelUnusable, match=r"strange\.safetensors"):
        load_lora(base_pipe(menu[PAIR], exact), menu[PAIR], (stray, stray), 1.0)


@pytest.mark.parametrize("change", [{"width": 12}, {"width": 48}])
def test_a_lora_of_another_size_is_refused(
    exact: PipelineSettings, menu: Catalog, tmp_path: Path, change: dict[str, int]
) -> None:
    lora = menu[PAIR].presets["fast"].lora
    assert lora is not None
    build_lora(lora, tmp_path, **change)
    paths = tuple(tmp_path / lora.repository / file for file in lora.files)

    with pytest.raises(ModelUnusable, match="LoRA"):
        load_lora(base_pipe(menu[PAIR], exact), menu[PAIR], paths, 1.0)


def test_a_lora_with_some_biases_only_is_refused(exact: PipelineSettings, menu: Catalog, tmp_path: Path) -> None:
    tensors = {}
    for name in ("q", "k"):
        key = f"diffusion_model.blocks.0.self_attn.{name}"
        tensors |= {f"{key}.lora_down.weight": torch.ones(2, 24), f"{key}.lora_up.weight": torch.ones(24, 2)}
    tensors["diffusion_model.blocks.0.self_attn.q.diff_b"] = torch.ones(24)
    save_file(tensors, tmp_path / "half.safetensors")
    half = tmp_path / "half.safetensors"

    with pytest.raises(ModelUnusable, match="biases"):
        load_lora(base_pipe(menu[PAIR], exact), menu[PAIR], (half, half), 1.0)


def test_the_adapter_is_active_at_the_strength_of_the_menu(exact: PipelineSettings, menu: Catalog) -> None:
    model = menu[PAIR]
    pipe = base_pipe(model, exact)

    load_lora(pipe, model, paths_of(model, exact), 0.5)

    assert pipe.get_active_adapters() == [ADAPTER]
    assert pipe.transformer.blocks[0].attn1.to_q.scaling == {ADAPTER: pytest.approx(0.5)}
