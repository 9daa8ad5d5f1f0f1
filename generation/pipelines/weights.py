"""Finds a model's weights on this machine and checks them without loading torch."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generation.catalog import Catalog, Model
from generation.errors import ModelUnusable
from generation.fetch import PIPELINE_FILES
from generation.pipelines.agreements import KINDS, Layout, prefix_of, transformer_names
from generation.pipelines.cards import cards_visible
from generation.pipelines.headers import read_object, read_shards, read_tensor_shapes
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.widths import Shapes, check_widths

LAYOUTS: dict[str, frozenset[str]] = {
    "WanImageToVideoPipeline": frozenset({"WanImageToVideoPipeline", "WanPipeline"}),
    "WanPipeline": frozenset({"WanImageToVideoPipeline", "WanPipeline"}),
    "LTX2ImageToVideoPipeline": frozenset({"LTX2ImageToVideoPipeline", "LTX2Pipeline"}),
    "LTX2Pipeline": frozenset({"LTX2ImageToVideoPipeline", "LTX2Pipeline"}),
    "LTXImageToVideoPipeline": frozenset({"LTXImageToVideoPipeline", "LTXPipeline", "LTXConditionPipeline"}),
}
"""Which folders a pipeline class can be loaded from: classes that share their components."""

TRUSTED_LIBRARIES = frozenset({"diffusers", "transformers", "ltx2"})
"""Where components may come from; anything else in a folder would be its own code."""

LIBRARIES_INSTALLED = all(find_spec(name) for name in ("torch", "diffusers", "transformers"))

LIBRARIES_MISSING = "the models' libraries are not installed (README, “Wan and LTX on a GPU”)"

_SOME_HAVE = frozenset({"transformer_2", "image_encoder"})
"""Parts that only some models of a family have."""

_VOCABULARIES = ("tokenizer.json", "*.model", "vocab*")

_WHOLE_FILES = ("model.safetensors", "diffusion_pytorch_model.safetensors")

_INDEX_FILES = ("model.safetensors.index.json", "diffusion_pytorch_model.safetensors.index.json")


def usable_models(catalog: Catalog, settings: PipelineSettings) -> tuple[Catalog, tuple[ModelUnusable, ...]]:
    """The menu less what cannot be used here, and why; reads configurations and headers, no tensors."""
    problems = []
    for model in catalog:
        try:
            check_card(model, settings)
            check_weights(model, settings)
        except ModelUnusable as problem:
            problems.append(problem)
    return catalog.without(frozenset(problem.model_id for problem in problems)), tuple(problems)


def check_card(model: Model, settings: PipelineSettings) -> None:
    """Raise ModelUnusable if there is no torch, or no card for ``model``; a driver is asked, torch is not."""
    if model.repository is None:
        return
    if not LIBRARIES_INSTALLED:
        raise ModelUnusable(model.id, LIBRARIES_MISSING)
    if settings.device != "cuda":
        return
    if cards_visible() == 0:
        raise ModelUnusable(model.id, "no GPU is found (set STILLMOTION_GPU_DEVICE=cpu to run on the processor)")


def check_weights(model: Model, settings: PipelineSettings) -> None:
    """Raise ModelUnusable if the weights or LoRAs of ``model`` are missing, truncated, or of another model."""
    if model.repository is None:
        return
    folder = weights_folder(model, settings)
    layout = read_object(model, folder / "model_index.json")
    for name in model.pipelines.values():
        if str(layout.get("_class_name")) not in LAYOUTS[name]:
            raise ModelUnusable(model.id, f"{folder} holds a {layout.get('_class_name')}, not a {name}")
    components = frozenset(_components(model, layout))
    for component in sorted(_needed(model) - components):
        raise ModelUnusable(model.id, f"{folder} has no {component}")
    shapes = {component: _check_files(model, folder / component) for component in sorted(components)}
    check_widths(model, folder, layout, shapes)
    for preset in model.presets.values():
        for path in lora_paths(model, preset.lora, settings) if preset.lora else ():
            read_tensor_shapes(model, path)


def weights_folder(model: Model, settings: PipelineSettings) -> Path:
    """The folder with the model's weights, from the models folder or the hub cache; ModelUnusable if there is none."""
    assert model.repository is not None
    return _find(model, model.repository, model.revision, settings, PIPELINE_FILES)


def lora_paths(model: Model, lora: Any, settings: PipelineSettings) -> tuple[Path, ...]:
    """The LoRA's files, one for each expert; ModelUnusable if one is missing."""
    folder = _find(model, lora.repository, lora.revision, settings, lora.files)
    paths = tuple(folder / file for file in lora.files)
    for path in paths:
        if not path.is_file():
            raise ModelUnusable(model.id, f"the LoRA file {path} is missing")
    return paths


def _find(model: Model, repository: str, revision: str, settings: PipelineSettings, files: tuple[str, ...]) -> Path:
    for folder in (Path(repository), settings.models_folder and settings.models_folder / repository):
        if folder and folder.is_dir():
            return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(repository, revision=revision, local_files_only=True, allow_patterns=list(files))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError) as error:
        hint = f"run: python -m generation fetch {model.id}"
        raise ModelUnusable(model.id, f"the weights of {repository} are not on this machine ({hint})") from error
    return Path(found)


def _needed(model: Model) -> frozenset[str]:
    parts = frozenset[str]().union(*(KINDS[prefix_of(name)] for name in model.pipelines.values()))
    return (parts - _SOME_HAVE) | {"tokenizer", *transformer_names(model)}


def _components(model: Model, layout: Layout) -> Iterator[str]:
    for name, value in layout.items():
        if name.startswith("_") or not isinstance(value, list) or value[:1] == [None]:
            continue
        if len(value) != 2 or str(value[0]) not in TRUSTED_LIBRARIES:
            raise ModelUnusable(
                model.id, f"its {name} is code of its own ({value[0] if value else value}), which is never run"
            )
        yield name


def _check_files(model: Model, folder: Path) -> Shapes:
    if not folder.is_dir():
        raise ModelUnusable(model.id, f"the folder {folder} is missing")
    if folder.name.startswith("tokenizer") and not any(any(folder.glob(name)) for name in _VOCABULARIES):
        raise ModelUnusable(model.id, f"the vocabulary in {folder} is missing")
    for index in (folder / name for name in _INDEX_FILES):
        if index.is_file():
            return _check_shards(model, index)
    whole = [folder / name for name in _WHOLE_FILES if (folder / name).is_file()]
    if not whole and any(folder.glob("*.bin")):
        raise ModelUnusable(model.id, f"{folder} has no safetensors, and no other format is read")
    if not whole and _has_weights(folder):
        raise ModelUnusable(model.id, f"the weights in {folder} are missing, or their index is")
    return {name: shape for path in whole for name, shape in read_tensor_shapes(model, path).items()}


def _check_shards(model: Model, index: Path) -> Shapes:
    shards = read_shards(model, index)
    shapes: dict[str, tuple[int, ...]] = {}
    for shard in sorted(set(shards.values())):
        found = read_tensor_shapes(model, index.parent / shard)
        lost = sorted(name for name, file in shards.items() if file == shard and name not in found)
        if lost:
            raise ModelUnusable(
                model.id, f"the file {index.parent / shard} lacks {len(lost)} tensors, such as {lost[0]}"
            )
        shapes |= found
    return shapes


def _has_weights(folder: Path) -> bool:
    return (folder / "config.json").is_file() and not list(folder.glob("*tokenizer*"))
