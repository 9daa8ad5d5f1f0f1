"""The random models that are measured have the sizes of the published ones, and so do the menu's memory figures."""

from functools import cache
from typing import Any

import pytest
import torch

from generation.catalog import Model, load_catalog
from generation.pipelines.random_weights import random_pipe

TEXT = {"text_encoder"}
EXPERTS = {"transformer", "transformer_2"}


def gigabytes(pipe: Any, model: Model) -> dict[str, float]:
    """GB of 10^9 bytes by component: bfloat16, the Wan VAE in float32."""
    sizes = {}
    for name, part in pipe.components.items():
        if isinstance(part, torch.nn.Module):
            width = 4 if name == "vae" and model.family == "wan" else 2
            sizes[name] = sum(parameter.numel() for parameter in part.parameters()) * width / 1e9
    return sizes


@cache
def full(model_id: str) -> Any:
    """The pipeline at its published size, without memory for its weights."""
    with torch.device("meta"):
        return random_pipe(load_catalog()[model_id], tiny=False)


@pytest.mark.parametrize("model", [model for model in load_catalog() if model.repository], ids=lambda model: model.id)
def test_the_menus_memory_is_that_of_the_full_architecture(model: Model) -> None:
    assert model.memory
    sizes = gigabytes(full(model.id), model)

    experts = [sizes[name] for name in sorted(EXPERTS & set(sizes))]
    assert experts == pytest.approx(model.memory.experts_gb, rel=0.01)
    assert sizes["text_encoder"] == pytest.approx(model.memory.text_gb, rel=0.03)
    assert sum(sizes[name] for name in set(sizes) - EXPERTS - TEXT) == pytest.approx(model.memory.other_gb, rel=0.05)


@pytest.mark.parametrize("model", [model for model in load_catalog() if model.repository], ids=lambda model: model.id)
def test_a_tiny_model_has_the_components_of_the_full_one(model: Model) -> None:
    with torch.device("meta"):
        tiny = random_pipe(model, tiny=True)

    assert type(full(model.id)) is type(tiny)
    assert {name: type(part) for name, part in full(model.id).components.items()} == {
        name: type(part) for name, part in tiny.components.items()
    }
