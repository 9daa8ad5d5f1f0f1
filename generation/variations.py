"""One request made from another: the same wish with something changed; pure."""

from collections.abc import Mapping
from typing import Any

from generation.catalog import Model, PresetName, Shape
from generation.errors import RequestError
from generation.request import ClipRequest, fit_size


def recast(
    recipe: Mapping[str, Any],
    model: Model,
    *,
    preset: PresetName | None = None,
    seconds: float | None = None,
    **changes: Any,
) -> ClipRequest:
    """What ``recipe`` describes, made by ``model``: snapped to its grid and frame rule, as near as it can come.

    ``changes`` are further fields of a ClipRequest. A quality that the model lacks becomes its first one; a longer
    clip than it makes becomes its longest; a negative prompt, sound or end still that it cannot use is left out.
    Raises RequestError where the model cannot do the task, or a given ``seconds`` or ``preset``.
    """
    facts = {**recipe, **changes}
    wanted = preset or facts["preset"]
    chosen = wanted if preset or wanted in model.presets else next(iter(model.presets))
    width, height = _sides(model, facts["width"], facts["height"])
    if seconds is not None and not 0 < seconds <= model.frames.max / model.fps:
        raise RequestError("seconds", longest=model.frames.max // model.fps)
    length_seconds = facts["frames"] / facts["fps"] if seconds is None else seconds
    reads_negative = chosen in model.presets and model.uses_negative(chosen)
    return ClipRequest(
        model=model,
        task=facts["task"],
        preset=chosen,
        prompt=facts["prompt"],
        width=width,
        height=height,
        frames=model.frames.snap(length_seconds * model.fps),
        seed=facts["seed"],
        camera=facts["camera"],
        negative_prompt=facts["negative_prompt"] if reads_negative else "",
        sound=facts["sound"] and "sound" in model.features,
        still=facts["still"],
        end_still=facts["end_still"] if "end_still" in model.features else None,
    )


def _sides(model: Model, width: int, height: int) -> tuple[int, int]:
    """The size itself where the model makes it, else the same proportions and area on its grid."""
    if width % model.side_step == 0 and height % model.side_step == 0:
        return width, height
    return fit_size(Shape(id="recast", width=width, height=height, keeps_aspect=True), (width, height), model.side_step)
