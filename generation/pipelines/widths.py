"""Whether the parts of a model's folder are of the kind and the widths that its pipeline connects; loads no tensors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.catalog import Model
from generation.errors import ModelUnusable
from generation.pipelines.headers import read_object

Layout = Mapping[str, Any]

Shapes = Mapping[str, tuple[int, ...]]
"""The tensors of one component, by name."""

_CLASSES = {
    "Wan": {"transformer": "WanTransformer3DModel", "vae": "AutoencoderKLWan"},
    "LTX2": {"transformer": "LTX2VideoTransformer3DModel", "vae": "AutoencoderKLLTX2Video"},
    "LTX": {"transformer": "LTXVideoTransformer3DModel", "vae": "AutoencoderKLLTXVideo"},
}
"""What a pipeline class connects, by the start of its name; the longest start counts."""

_ENTRANCES = {"wan": "patch_embedding.weight", "ltx": "proj_in.weight"}
"""The layer of a transformer that latents enter by: its second side is their channels."""

_BLOCKS = ("blocks.", "transformer_blocks.")


def check_widths(model: Model, folder: Path, layout: Layout, shapes: Mapping[str, Shapes]) -> None:
    """Raise ModelUnusable at the first two parts that do not belong together; ``shapes`` is by component."""
    for pipeline in model.pipelines.values():
        start = max((start for start in _CLASSES if pipeline.startswith(start)), key=len)
        kinds = _CLASSES[start] | ({"transformer_2": _CLASSES[start]["transformer"]} if model.boundary else {})
        for component, wanted in kinds.items():
            if (found := layout[component][1]) != wanted:
                raise ModelUnusable(model.id, f"its {component} is a {found}, and {pipeline} needs a {wanted}")
    if model.family == "wan":
        _check_wan(model, folder, layout, shapes)
    else:
        _check_ltx(model, folder, layout)
    for name in ("transformer", "transformer_2")[: 2 if model.boundary else 1]:
        _check_transformer(model, name, read_object(model, folder / name / "config.json"), shapes[name])


def _check_transformer(model: Model, name: str, config: Layout, shapes: Shapes) -> None:
    """The weights of a transformer against its own configuration, which may leave out what is usual."""
    entrance = shapes.get(_ENTRANCES[model.family])
    if entrance is None or len(entrance) < 2:
        raise ModelUnusable(model.id, f"the weights of its {name} lack tensors, such as {_ENTRANCES[model.family]}")
    channels, layers = config.get("in_channels"), config.get("num_layers")
    if channels not in (None, entrance[1]):
        raise ModelUnusable(
            model.id, f"the weights of its {name} are {entrance[1]} channels wide, and it says {channels}"
        )
    blocks = len({key.split(".")[1] for key in shapes if key.startswith(_BLOCKS)})
    if layers not in (None, blocks):
        raise ModelUnusable(model.id, f"the weights of its {name} have {blocks} blocks, and it says {layers}")


def _check_ltx(model: Model, folder: Path, layout: Layout) -> None:
    config = read_object(model, folder / "transformer" / "config.json")
    latent = read_object(model, folder / "vae" / "config.json").get("latent_channels")
    if config.get("in_channels") != latent:
        found = config.get("in_channels")
        raise ModelUnusable(model.id, f"its transformer is {found} channels wide, and this pipeline needs {latent}")
    if layout["text_encoder"][1] != "T5EncoderModel":
        return  # LTX-2 reads its texts through connectors
    text = read_object(model, folder / "text_encoder" / "config.json").get("d_model")
    if config.get("caption_channels") != text:
        found = config.get("caption_channels")
        raise ModelUnusable(model.id, f"its transformer reads text {found} wide, its encoder is {text}")


def _check_wan(model: Model, folder: Path, layout: Layout, shapes: Mapping[str, Shapes]) -> None:
    vae = read_object(model, folder / "vae" / "config.json")
    latent, stride = vae.get("z_dim", 16), vae.get("scale_factor_spatial", 8)
    if not isinstance(latent, int) or not isinstance(stride, int) or stride < 1:
        raise ModelUnusable(model.id, "the sizes in its vae's configuration are damaged")
    anchored = "animate" in model.pipelines and not layout.get("expand_timesteps")
    expected = 2 * latent + 4 if anchored else latent
    text = read_object(model, folder / "text_encoder" / "config.json").get("d_model")
    for name in ("transformer", "transformer_2")[: 2 if model.boundary else 1]:
        config = read_object(model, folder / name / "config.json")
        if config.get("in_channels") != expected:
            found = config.get("in_channels")
            raise ModelUnusable(model.id, f"its {name} is {found} channels wide, and this pipeline needs {expected}")
        if config.get("image_dim") and not {"image_encoder", "image_processor"} <= shapes.keys():
            raise ModelUnusable(model.id, f"its {name} looks at the still through an image encoder that is missing")
        if config.get("text_dim") != text:
            raise ModelUnusable(model.id, f"its {name} reads text {config.get('text_dim')} wide, its encoder is {text}")
    if len(model.tasks) > 1 and not layout.get("expand_timesteps"):
        raise ModelUnusable(model.id, "it cannot both animate and imagine: its transformer always expects a still")
    if layout.get("boundary_ratio") != model.boundary:
        found = layout.get("boundary_ratio")
        raise ModelUnusable(model.id, f"its experts meet at {found}, and the menu says {model.boundary}")
    if model.side_step % (2 * stride):
        raise ModelUnusable(model.id, f"its sides are multiples of {2 * stride}, and the menu says {model.side_step}")
