"""Puts step-distillation LoRAs into a model for good, and proves that they went in."""

from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from generation.catalog import Model
from generation.errors import ModelUnusable
from generation.pipelines.memory import transformers_of
from generation.pipelines.variants import Resting, changed, host_copies

ADAPTER = "distillation"


def fuse_lora(
    pipe: Any, model: Model, paths: tuple[Path, ...], strength: float, *, keep: bool = False
) -> Resting | None:
    """Load one LoRA file into each expert, add it to the weights and drop the adapters.

    Afterwards the pipeline costs what it cost before. Returns host copies of the weights as they were before, where
    they changed, if they are to be kept. Raises ModelUnusable if a file does not fit the model, matches none of its
    layers, or leaves weights without values; the pipeline is then not to be used.
    """
    before = host_copies(pipe) if keep else None
    load_lora(pipe, model, paths, strength)
    components = ["transformer", "transformer_2"][: len(paths)]
    pipe.fuse_lora(components=components)
    pipe.unload_lora_weights()
    return None if before is None else changed(pipe, before)


def load_lora(pipe: Any, model: Model, paths: tuple[Path, ...], strength: float) -> None:
    """Load the files as active adapters, one for each expert. Raises ModelUnusable as ``fuse_lora`` does."""
    for number, path in enumerate(paths):
        try:
            pipe.load_lora_weights(str(path), adapter_name=ADAPTER, load_into_transformer_2=number == 1)
        except (RuntimeError, ValueError, KeyError, OSError, SafetensorError) as error:
            raise ModelUnusable(model.id, f"the LoRA {path.name} does not fit it ({_first_line(error)})") from error
    loaded = pipe.get_list_adapters()
    for name, path in zip(("transformer", "transformer_2"), paths, strict=False):
        if ADAPTER not in loaded.get(name, []):
            raise ModelUnusable(model.id, f"the LoRA {path.name} matches none of its layers")
    for transformer in transformers_of(pipe):
        if any(parameter.is_meta for parameter in transformer.parameters()):
            raise ModelUnusable(model.id, "its LoRA gives values for only some of the biases that it brings")
    pipe.set_adapters([ADAPTER], [strength])


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
