"""The price of a request: the catalogue's numbers, scaled; pure."""

import math
from fractions import Fraction

from generation.catalog import Model, PresetName
from generation.request import ClipRequest, compose


def price_credits(request: ClipRequest) -> int:
    """Whole credits, at least 1: the catalogue price scaled by area, frames and steps, rounded half up."""
    reference = request.model.price
    work = request.width * request.height * request.frames * request.steps
    unit = reference.width * reference.height * reference.frames * reference.steps
    return max(1, math.floor(reference.credits * Fraction(work, unit) + Fraction(1, 2)))


def usual_request(model: Model, preset: PresetName) -> ClipRequest:
    """The clip that most people make with this model: its first shape and its default length."""
    still = "usual" if "animate" in model.tasks else None
    return compose(model, prompt="usual", still=still, preset=preset, seed=0)
