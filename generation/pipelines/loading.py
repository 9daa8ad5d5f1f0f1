"""Loads a model's pipeline from its folder, ready to run in one memory plan."""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import structlog
import torch
import transformers
from safetensors import SafetensorError

from generation.catalog import Lora, Model, Task
from generation.errors import ModelUnusable
from generation.pipelines.headers import read_object
from generation.pipelines.lora import fuse_lora
from generation.pipelines.memory import Plan, apply_plan
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.variants import Resting
from generation.pipelines.weights import check_weights, lora_paths, weights_folder

log = structlog.get_logger(__name__)

_REFUSALS = (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, IndexError, SafetensorError)
"""What the libraries raise over a folder that they cannot read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A diffusers pipeline, and what its LoRA changed as it was before, if that was to be kept."""

    pipe: Any
    unfused: Resting | None = None


def load_pipe(
    model: Model, task: Task, lora: Lora | None, plan: Plan, settings: PipelineSettings, *, keep: bool = False
) -> Loaded:
    """The diffusers pipeline of ``model`` for ``task``, with ``lora`` fused in, laid out as ``plan``.

    Safetensors only, from a folder or the hub cache, never over the network and never with code of the repository.
    ``keep`` asks for host copies of the weights without the LoRA. Raises ModelUnusable with the reason.
    """
    check_weights(model, settings)
    pipe = _from_folder(model, task, settings)
    # On the card a LoRA is fused in a moment, and the host never holds model and copies at once. Hooks that move
    # weights, and weights in eight bits, take none: there it is fused before.
    first = plan.name == "resident"
    if first:
        apply_plan(pipe, plan, settings.place)
    unfused = None
    if lora is not None:
        unfused = fuse_lora(pipe, model, lora_paths(model, lora, settings), lora.strength, keep=keep)
    if not first:
        apply_plan(pipe, plan, settings.place)
    log.info("model loaded", model=model.id, task=task, lora=bool(lora), plan=plan.name)
    return Loaded(pipe, unfused)


def _from_folder(model: Model, task: Task, settings: PipelineSettings) -> Any:
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    folder = weights_folder(model, settings)
    pipeline_class = getattr(diffusers, model.pipelines[task])
    try:
        pipe = pipeline_class.from_pretrained(
            folder,
            dtype=_dtypes(model, settings),
            local_files_only=True,
            use_safetensors=True,
            **_encoders(model, folder, settings),
        )
    except _REFUSALS as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        raise ModelUnusable(model.id, f"it does not load ({reason})") from error
    for name, component in pipe.components.items():
        if isinstance(component, torch.nn.Module) and any(tensor.is_meta for tensor in component.parameters()):
            raise ModelUnusable(model.id, f"the weights of its {name} lack tensors")
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _encoders(model: Model, folder: Path, settings: PipelineSettings) -> dict[str, Any]:
    """The encoders of transformers, loaded on their own: inside a pipeline it makes up what a file lacks, unseen."""
    found: dict[str, Any] = {}
    for name, value in read_object(model, folder / "model_index.json").items():
        kind: Any = (
            getattr(transformers, value[1], None) if isinstance(value, list) and value[0] == "transformers" else None
        )
        if isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel):
            load: Any = kind
            found[name], told = load.from_pretrained(
                folder / name,
                dtype=getattr(torch, settings.dtype),
                local_files_only=True,
                use_safetensors=True,
                output_loading_info=True,
            )
            if told["missing_keys"] or told["mismatched_keys"]:
                raise ModelUnusable(model.id, f"the weights of its {name} lack tensors")
    return found


def _dtypes(model: Model, settings: PipelineSettings) -> dict[str, torch.dtype]:
    default: torch.dtype = getattr(torch, settings.dtype)
    if model.family == "wan":
        # The Wan VAE loses detail in bfloat16; its published recipe decodes in float32.
        return {"default": default, "vae": torch.float32}
    return {"default": default}


def for_task(pipe: Any, model: Model, task: Task, plan: Plan, settings: PipelineSettings) -> Any:
    """The same modules behind the pipeline class of another task, without loading them again.

    ``from_pipe`` would cast every module to float32, so the new pipeline is built from components and configuration.
    """
    pipeline_class = getattr(diffusers, model.pipelines[task])
    if type(pipe) is pipeline_class:
        return pipe
    if plan.name == "offload":
        pipe.remove_all_hooks()
    wanted = inspect.signature(pipeline_class.__init__).parameters
    config = {name: pipe.config[name] for name in ("boundary_ratio", "expand_timesteps") if name in pipe.config}
    parts = {name: value for name, value in {**config, **pipe.components}.items() if name in wanted}
    other = pipeline_class(**parts)
    other.set_progress_bar_config(disable=True)
    if plan.name == "offload":
        other.enable_model_cpu_offload(device=settings.place)
    return other
