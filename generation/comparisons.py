"""What a comparison consists of: which clips stand side by side, what differs between them, what they cost; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from generation.catalog import Model
from generation.pricing import price_credits
from generation.request import ClipRequest
from generation.variations import recast
from storage.comparisons import Varied

__all__ = [
    "LEAST",
    "LETTERS",
    "MOST",
    "VARIED",
    "Difference",
    "Varied",
    "by_models",
    "by_prompts",
    "by_quality",
    "by_seeds",
    "by_still",
    "differences",
    "letter",
    "models_for",
    "total_credits",
    "varied_named",
]

LETTERS = "ABCD"
LEAST, MOST = 2, len(LETTERS)
VARIED: tuple[Varied, ...] = get_args(Varied)

_FACTS = ("model", "still", "preset", "steps", "prompt", "camera", "negative_prompt", "seed", "size", "seconds", "fps")
"""What a reader of the table wants to know first, first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not the same for all; ``values`` has one for each clip, A first."""

    fact: str
    values: tuple[str, ...]


def varied_named(name: str) -> Varied:
    """The kind of comparison of that name. Raises LookupError for any other word."""
    known: dict[str, Varied] = {one: one for one in VARIED}
    return known[name]


def letter(position: int) -> str:
    """A for the first clip."""
    return LETTERS[position]


def total_credits(requests: Sequence[ClipRequest]) -> int:
    """What all of them cost together."""
    return sum(map(price_credits, requests))


def differences(recipes: Sequence[dict[str, Any]]) -> list[Difference]:
    """The rows of the table: every fact of the recipes that differs, in a fixed order."""
    facts = [_facts(recipe) for recipe in recipes]
    found = [Difference(name, tuple(str(one[name]) for one in facts)) for name in _FACTS]
    return [one for one in found if len(set(one.values)) > 1]


def _facts(recipe: dict[str, Any]) -> dict[str, object]:
    return {
        **recipe,
        "still": recipe["task"],
        "size": f"{recipe['width']}×{recipe['height']}",
        "seconds": f"{recipe['frames'] / recipe['fps']:.1f}",
    }


def by_prompts(base: ClipRequest, prompts: Sequence[str]) -> list[ClipRequest]:
    """The same clip for each prompt. Raises RequestError."""
    return [replace(base, prompt=prompt, camera="") for prompt in prompts]


def by_seeds(base: ClipRequest, seeds: Sequence[int]) -> list[ClipRequest]:
    """The same clip for each seed. Raises RequestError."""
    return [replace(base, seed=seed) for seed in seeds]


def by_models(base: ClipRequest, models: Sequence[Model]) -> list[ClipRequest]:
    """The same wish to each model, on each one's own grid, as long as the shortest of them can make it."""
    seconds = min([base.duration_seconds, *(model.frames.max / model.fps for model in models)])
    return [recast(base.recipe(), model, seconds=seconds) for model in models]


def by_quality(base: ClipRequest) -> list[ClipRequest]:
    """The same clip in every quality of its model; one request only where the model has a single quality."""
    return [recast(base.recipe(), base.model, preset=preset) for preset in base.model.presets]


def by_still(base: ClipRequest) -> list[ClipRequest]:
    """The clip from its still, and the same wish from words alone. Raises RequestError if the model cannot do both."""
    return [base, recast(base.recipe(), base.model, task="imagine", still=None, end_still=None)]


def models_for(varied: Varied, models: Sequence[Model], task: str) -> list[Model]:
    """Models that can take part in such a comparison of clips of that task, in menu order."""
    able = [model for model in models if task in model.tasks]
    match varied:
        case "quality":
            return [model for model in able if len(model.presets) > 1]
        case "still":
            return [model for model in models if {"animate", "imagine"} <= set(model.tasks)]
        case _:
            return able
