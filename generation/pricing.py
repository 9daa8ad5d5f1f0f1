"""The price of a request: the catalogue's numbers, scaled; pure."""

import math
from fractions import Fraction

from generation.catalog import Model, PresetName
from generation.request import ClipRequest, compose


def price_credits(request: ClipRequest) -> int:
    """Whole credits, at least 1: the catalogue price scaled by area, frames and steps, rounded half up.

    A step counts as often as it calls the transformer, because that is what a clip's time grows with: four steps
    with guidance were published to take as long as eight without.
    """
    reference = request.model.price
    work = request.width * request.height * request.frames * request.model.presets[request.preset].calls
    unit = reference.width * reference.height * reference.frames * reference.calls
    return max(1, math.floor(reference.credits * Fraction(work, unit) + Fraction(1, 2)))


def usual_request(model: Model, preset: PresetName) -> ClipRequest:
    """The clip that most people make with this model: its first shape and its default length."""
    still = "usual" if "animate" in model.tasks else None
    return compose(model, prompt="usual", still=still, preset=preset, seed=0)
