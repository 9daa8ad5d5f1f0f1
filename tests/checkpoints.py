"""Tiny random checkpoints of every model on the menu, in the published folder layouts, made in seconds."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from generation.catalog import Lora, Model
from generation.pipelines.random_weights import random_pipe

WAN_LAYERS = 3
WAN_WIDTH = 24


def build_checkpoint(model: Model, root: Path) -> Path:
    """Write ``model``'s repository, and those of its LoRAs, as folders under ``root``; idempotent."""
    assert model.repository
    folder = root / model.repository
    if not folder.exists():
        torch.manual_seed(0)
        random_pipe(model, tiny=True).save_pretrained(folder)
    for preset in model.presets.values():
        if preset.lora and not (root / preset.lora.repository / preset.lora.files[0]).exists():
            build_lora(preset.lora, root)
    return folder


def build_lora(lora: Lora, root: Path, *, width: int = WAN_WIDTH, rank: int = 2, layers: int = WAN_LAYERS) -> None:
    """LoRA files with the original Wan key names, and the bias differences that the published ones carry."""
    for number, file in enumerate(lora.files):
        generator = torch.Generator().manual_seed(100 + number)
        tensors: dict[str, torch.Tensor] = {}
        for layer in range(layers):
            for name in ("self_attn.q", "self_attn.k", "self_attn.v", "self_attn.o", "cross_attn.q", "cross_attn.o"):
                key = f"diffusion_model.blocks.{layer}.{name}"
                tensors[f"{key}.lora_down.weight"] = torch.randn(rank, width, generator=generator)
                tensors[f"{key}.lora_up.weight"] = torch.randn(width, rank, generator=generator)
                tensors[f"{key}.diff_b"] = torch.randn(width, generator=generator) * 0.1
        path = root / lora.repository / file
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, path)
