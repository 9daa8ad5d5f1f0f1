"""Finds a model's weights on this machine and checks them without loading torch."""

import json
import struct
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generation.catalog import Catalog, Model
from generation.errors import ModelUnusable
from generation.pipelines.cards import cards_visible
from generation.pipelines.settings import PipelineSettings

Layout = Mapping[str, Any]

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
    """Raise ModelUnusable if ``model`` would run on a card and there is none; a driver is asked, torch is not."""
    if model.repository is None or settings.device != "cuda":
        return
    if cards_visible() == 0:
        raise ModelUnusable(model.id, "no GPU is found (set STILLMOTION_GPU_DEVICE=cpu to run on the processor)")


def check_weights(model: Model, settings: PipelineSettings) -> None:
    """Raise ModelUnusable if the weights or LoRAs of ``model`` are missing, truncated, or of another model."""
    if model.repository is None:
        return
    if not LIBRARIES_INSTALLED:
        raise ModelUnusable(model.id, "the models' libraries are not installed (pip install 'stillmotion[gpu]')")
    folder = weights_folder(model, settings)
    layout = _read_json(model, folder / "model_index.json")
    for name in model.pipelines.values():
        if layout.get("_class_name") not in LAYOUTS[name]:
            raise ModelUnusable(model.id, f"{folder} holds a {layout.get('_class_name')}, not a {name}")
    components = dict(_components(model, layout))
    for component in components:
        _check_files(model, folder / component)
    if model.family == "wan":
        _check_wan(model, folder, layout)
    for preset in model.presets.values():
        for path in lora_paths(model, preset.lora, settings) if preset.lora else ():
            _check_safetensors(model, path)


def weights_folder(model: Model, settings: PipelineSettings) -> Path:
    """The folder with the model's weights, from the models folder or the hub cache; ModelUnusable if there is none."""
    assert model.repository is not None
    return _find(model, model.repository, model.revision, settings, None)


def lora_paths(model: Model, lora: Any, settings: PipelineSettings) -> tuple[Path, ...]:
    """The LoRA's files, one for each expert; ModelUnusable if one is missing."""
    folder = _find(model, lora.repository, lora.revision, settings, lora.files)
    paths = tuple(folder / file for file in lora.files)
    for path in paths:
        if not path.is_file():
            raise ModelUnusable(model.id, f"the LoRA file {path} is missing")
    return paths


def _find(
    model: Model, repository: str, revision: str, settings: PipelineSettings, files: tuple[str, ...] | None
) -> Path:
    for folder in (Path(repository), settings.models_folder and settings.models_folder / repository):
        if folder and folder.is_dir():
            return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(
            repository, revision=revision, local_files_only=True, allow_patterns=list(files) if files else None
        )
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError) as error:
        hint = f"run: python -m generation fetch {model.id}"
        raise ModelUnusable(model.id, f"the weights of {repository} are not on this machine ({hint})") from error
    return Path(found)


def _components(model: Model, layout: Layout) -> Iterator[tuple[str, str]]:
    for name, value in layout.items():
        if name.startswith("_") or not isinstance(value, list) or value[0] is None:
            continue
        if len(value) != 2 or value[0] not in TRUSTED_LIBRARIES:
            raise ModelUnusable(model.id, f"its {name} is code of its own ({value[0]}), which is never run")
        yield name, value[1]


def _check_files(model: Model, folder: Path) -> None:
    if not folder.is_dir():
        raise ModelUnusable(model.id, f"the folder {folder} is missing")
    for index in _INDEX_FILES:
        if (folder / index).is_file():
            for shard in sorted(set(_read_json(model, folder / index)["weight_map"].values())):
                _check_safetensors(model, folder / shard)
            return
    shards = sorted(folder.glob("*.safetensors"))
    if not shards and any(folder.glob("*.bin")):
        raise ModelUnusable(model.id, f"{folder} has no safetensors, and no other format is read")
    if not shards and _has_weights(folder):
        raise ModelUnusable(model.id, f"the weights in {folder} are missing")
    for shard in shards:
        _check_safetensors(model, shard)


def _has_weights(folder: Path) -> bool:
    return (folder / "config.json").is_file() and not list(folder.glob("*tokenizer*"))


def _check_safetensors(model: Model, path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (header_bytes,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(header_bytes)) if 8 + header_bytes <= size else {}
    except FileNotFoundError as error:
        raise ModelUnusable(model.id, f"the file {path} is missing") from error
    except (struct.error, ValueError) as error:
        raise ModelUnusable(model.id, f"the file {path} is not a safetensors file") from error
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    if not ends or 8 + header_bytes + max(ends) != size:
        raise ModelUnusable(model.id, f"the file {path} is truncated")


def _read_json(model: Model, path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelUnusable(model.id, f"the file {path} is missing") from error
    except ValueError as error:
        raise ModelUnusable(model.id, f"the file {path} is not JSON") from error
    return content


def _check_wan(model: Model, folder: Path, layout: Layout) -> None:
    vae = _read_json(model, folder / "vae" / "config.json")
    latent, stride = vae.get("z_dim", 16), vae.get("scale_factor_spatial", 8)
    anchored = "animate" in model.pipelines and not layout.get("expand_timesteps")
    expected = 2 * latent + 4 if anchored else latent
    text = _read_json(model, folder / "text_encoder" / "config.json").get("d_model")
    for name in ("transformer", "transformer_2")[: 2 if model.boundary else 1]:
        config = _read_json(model, folder / name / "config.json")
        if config.get("in_channels") != expected:
            found = config.get("in_channels")
            raise ModelUnusable(model.id, f"its {name} is {found} channels wide, and this pipeline needs {expected}")
        if config.get("text_dim") != text:
            raise ModelUnusable(model.id, f"its {name} reads text {config.get('text_dim')} wide, its encoder is {text}")
    if layout.get("boundary_ratio") != model.boundary:
        found = layout.get("boundary_ratio")
        raise ModelUnusable(model.id, f"its experts meet at {found}, and the menu says {model.boundary}")
    if model.side_step % (2 * stride):
        raise ModelUnusable(model.id, f"its sides are multiples of {2 * stride}, and the menu says {model.side_step}")
