"""Chooses how a model is laid out in a card's memory, and lays it out."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generation.catalog import Memory, Model
from generation.pipelines.settings import PipelineSettings, PlanName

GB = 10**9

IN_FLIGHT_GB = 3.0
"""Two transformer blocks, the largest layer of the text encoder, and the prompt's embeddings while streaming."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One layout. ``card_gb`` and ``host_gb`` are what it needs, in GB of 10^9 bytes.

    resident: all weights on the card. offload: one component at a time on the card. stream: the blocks of
    transformers and text encoder pass through the card. stream_int8: the same, transformer weights in 8 bits.
    """

    name: PlanName
    card_gb: float
    host_gb: float

    @property
    def keeps_vae(self) -> bool:
        """Whether the VAE stays on the card while denoising, so that a preview costs no transfer."""
        return self.name != "offload"

    @property
    def tiles_vae(self) -> bool:
        """Whether the VAE works in tiles, for cards on which a whole frame would not fit."""
        return self.name == "stream_int8"


def plans(model: Model) -> tuple[Plan, ...]:
    """All layouts of ``model``, from the fastest to the smallest; pure."""
    memory = model.memory
    if memory is None:
        return ()
    streamed = memory.other_gb + IN_FLIGHT_GB
    experts, text = sum(memory.experts_gb), memory.text_gb
    return (
        Plan("resident", memory.total_gb + memory.work_gb, 0.0),
        Plan("offload", max(*memory.experts_gb, text) + memory.work_gb, memory.total_gb),
        Plan("stream", streamed + memory.work_gb, memory.total_gb),
        Plan("stream_int8", streamed + _tiled_work_gb(memory), experts / 2 + text + memory.other_gb),
    )


def _tiled_work_gb(memory: Memory) -> float:
    return memory.work_gb * 0.5


def choose_plan(model: Model, card_bytes: int, host_bytes: int, wanted: PlanName | None = None) -> Plan:
    """The fastest plan that fits, or the smallest if none does; ``wanted`` overrides; pure."""
    offered = plans(model)
    if wanted is not None:
        return next(plan for plan in offered if plan.name == wanted)
    for plan in offered:
        if plan.card_gb * GB <= card_bytes and plan.host_gb * GB <= host_bytes:
            return plan
    return offered[-1]


def next_smaller(model: Model, plan: Plan) -> Plan | None:
    """The plan after ``plan`` that needs less of the card, or None."""
    offered = plans(model)
    later = offered[[other.name for other in offered].index(plan.name) + 1 :]
    return next((other for other in later if other.card_gb < plan.card_gb), None)


def keeps_variants(model: Model, plan: Plan, room_bytes: int) -> bool:
    """Whether the weights with and without the LoRA of ``model`` are both held, for which the host has room; pure.

    Weights in eight bits are not: a card that needs them comes with a host that has no room either.
    """
    if model.memory is None or model.lora is None or plan.name == "stream_int8":
        return False
    return (plan.host_gb + sum(model.memory.experts_gb)) * GB <= room_bytes


def host_bytes_total() -> int:
    """The machine's memory in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def host_share_bytes(settings: PipelineSettings) -> int:
    """One worker's share of the machine's memory: every worker on it plans with as much."""
    return host_bytes_total() // settings.workers


def waiting_limit_bytes(settings: PipelineSettings) -> int:
    """Most host memory of this worker for weights that wait: as it is set, or half of its share."""
    return host_share_bytes(settings) // 2 if settings.host_bytes is None else settings.host_bytes


def card_bytes_total(settings: PipelineSettings) -> int:
    """The card's memory in bytes; on the CPU this worker's share of the machine's own."""
    import torch

    if torch.device(settings.place).type != "cuda":
        return host_share_bytes(settings)
    return int(torch.cuda.get_device_properties(settings.place).total_memory)


def apply_plan(pipe: Any, plan: Plan, device: str) -> None:
    """Lay a pipeline that was just loaded on the CPU out on ``device`` as ``plan`` says."""
    if plan.name == "stream_int8":
        _quantize(pipe)
    if plan.tiles_vae:
        pipe.vae.enable_tiling()
    if plan.name == "resident":
        pipe.to(device)
    elif plan.name == "offload":
        pipe.enable_model_cpu_offload(device=device)
    else:
        _stream(pipe, device)


def weights_changed(pipe: Any, plan: Plan) -> None:
    """Tell the hooks that stream a pipeline's blocks that its weights were changed in place between two jobs."""
    if plan.name != "stream":
        return
    from diffusers.hooks.group_offloading import _maybe_remove_and_reapply_group_offloading

    for transformer in transformers_of(pipe):
        _maybe_remove_and_reapply_group_offloading(transformer)


def transformers_of(pipe: Any) -> Iterator[Any]:
    """The denoising transformers of a pipeline: one, or two experts."""
    for name in ("transformer", "transformer_2"):
        transformer = getattr(pipe, name, None)
        if transformer is not None:
            yield transformer


def _quantize(pipe: Any) -> None:
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    for transformer in transformers_of(pipe):
        quantize_(transformer, Int8WeightOnlyConfig())


def _stream(pipe: Any, device: str) -> None:
    import torch
    from diffusers.hooks import apply_group_offloading

    common = {
        "onload_device": torch.device(device),
        "offload_device": torch.device("cpu"),
        "use_stream": torch.device(device).type == "cuda",
    }
    streamed = list(transformers_of(pipe))
    for transformer in streamed:
        apply_group_offloading(transformer, offload_type="block_level", num_blocks_per_group=1, **common)
    apply_group_offloading(pipe.text_encoder, offload_type="leaf_level", **common)
    for component in pipe.components.values():
        if isinstance(component, torch.nn.Module) and component not in [*streamed, pipe.text_encoder]:
            component.to(device)
