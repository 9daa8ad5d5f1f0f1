"""Whether the parts of a model's folder are of the kind and the widths that its pipeline connects; loads no tensors."""

from collections.abc import Mapping
from pathlib import Path

from generation.catalog import Model
from generation.errors import ModelUnusable
from generation.pipelines.agreements import (
    KINDS,
    USUAL,
    Layout,
    Quantity,
    agreements,
    grid,
    prefix_of,
    transformer_names,
)
from generation.pipelines.headers import read_object

Shapes = Mapping[str, tuple[int, ...]]
"""The tensors of one component, by name."""

_ENTRANCES = {"wan": "patch_embedding.weight", "ltx": "proj_in.weight"}
"""The layer of a transformer that latents enter by: its second side is their channels."""

_BLOCKS = ("blocks.", "transformer_blocks.")

_FLOW = {"prediction_type": "flow_prediction", "use_flow_sigmas": True}
"""What Wan's scheduler must be told: its class also serves models that predict noise, and assumes one of those."""


def check_widths(model: Model, folder: Path, layout: Layout, shapes: Mapping[str, Shapes]) -> None:
    """Raise ModelUnusable at the first two parts that do not belong together; ``shapes`` is by component."""
    for pipeline in model.pipelines.values():
        prefix = prefix_of(pipeline)
        settings = {part: _settings(model, folder, layout, part) for part in KINDS[prefix].keys() & shapes.keys()}
        _check_kinds(model, pipeline, KINDS[prefix], layout, settings)
        if model.family == "wan":
            _check_wan(model, layout, settings, shapes)
        for one, other in agreements(prefix, model, layout, settings):
            _check_agreement(model, settings, one, other)
        _check_grid(model, prefix, settings)
    for name in transformer_names(model):
        _check_transformer(model, name, read_object(model, folder / name / "config.json"), shapes[name])


def _settings(model: Model, folder: Path, layout: Layout, part: str) -> Layout:
    """What the configuration of a part says, over what its class assumes."""
    path = folder / part / ("scheduler_config.json" if part == "scheduler" else "config.json")
    return {**USUAL.get(str(layout[part][1]), {}), **read_object(model, path)}


def _check_kinds(
    model: Model,
    pipeline: str,
    kinds: Mapping[str, frozenset[str]],
    layout: Layout,
    settings: Mapping[str, Layout],
) -> None:
    for part in sorted(settings):
        found, written = str(layout[part][1]), settings[part].get("_class_name")
        if found not in kinds[part]:
            wanted = " or a ".join(sorted(kinds[part]))
            raise ModelUnusable(model.id, f"its {part} is a {found}, and {pipeline} needs a {wanted}")
        if written not in (None, found):
            raise ModelUnusable(model.id, f"its {part} is listed as a {found}, and its configuration is a {written}'s")


def _check_agreement(model: Model, settings: Mapping[str, Layout], one: Quantity, other: Quantity) -> None:
    mine, theirs = (_number(model, settings[quantity.part], quantity) for quantity in (one, other))
    if None not in (mine, theirs) and mine != theirs:
        said = f"its {one.part} {one.says.format(mine)}, and its {other.part} {other.says.format(theirs)}"
        raise ModelUnusable(model.id, said)


def _number(model: Model, settings: Layout, quantity: Quantity) -> int | None:
    try:
        number = quantity.of(settings)
    except (AttributeError, KeyError, TypeError):
        number = ""
    if number is not None and not isinstance(number, int):
        raise ModelUnusable(model.id, f"the sizes in the configuration of its {quantity.part} are damaged")
    return number


def _check_grid(model: Model, prefix: str, settings: Mapping[str, Layout]) -> None:
    """The menu against the latents, of which each stands for so many pixels and frames."""
    steps = (("sides are", model.side_step), ("frames after the first are", model.frames.step))
    for (what, step), quantity in zip(steps, grid(prefix), strict=True):
        unit = _number(model, settings["vae"], quantity)
        if unit is not None and (unit < 1 or step % unit):
            raise ModelUnusable(model.id, f"its {what} multiples of {unit}, and the menu says {step}")


def _check_wan(model: Model, layout: Layout, settings: Mapping[str, Layout], shapes: Mapping[str, Shapes]) -> None:
    for name in transformer_names(model):
        if settings[name].get("image_dim") and not {"image_encoder", "image_processor"} <= shapes.keys():
            raise ModelUnusable(model.id, f"its {name} looks at the still through an image encoder that is missing")
    for key, needed in _FLOW.items():
        if (found := settings["scheduler"].get(key)) != needed:
            raise ModelUnusable(model.id, f"the {key} of its scheduler is {found}, and Wan needs {needed}")
    if len(model.tasks) > 1 and not layout.get("expand_timesteps"):
        raise ModelUnusable(model.id, "it cannot both animate and imagine: its transformer always expects a still")
    if (boundary := layout.get("boundary_ratio")) != model.boundary:
        raise ModelUnusable(model.id, f"its experts meet at {boundary}, and the menu says {model.boundary}")


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
