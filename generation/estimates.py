"""How long renders and swaps take on this machine: medians of what it finished, and None until three are known."""

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from storage.jobs import Ran

KNOWN_FROM: Final = 3
"""Finished clips of a kind before people are told a time."""

REMEMBERED: Final = 30
"""Finished clips of a kind that the median is taken over, so that a faster machine is noticed within a lesson."""

SIZE_STEP: Final = 1.5
"""From one size class to the next. The menu's 480p and 720p shapes are two classes apart at the same length."""

REFERENCE_WORK: Final = 832 * 480 * 81
"""Pixels of a usual clip; size classes are centred on it."""

LOADED_SECONDS: Final = 0.5
"""A worker that has the model on its device is past loading before this."""

UNKNOWN_SWAP_SECONDS: Final = 20.0
"""Assumed for a model that was never loaded here: between page cache (14 s) and NVMe (23 s) for 14 B weights."""

UNKNOWN_SECONDS_PER_CREDIT: Final = 1.5
"""Assumed before anything was finished here; prices follow the seconds of a fast card."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Clips whose render times may be compared: one model, preset and number of steps, and nearly one size.

    Within a size class the pixels differ by at most SIZE_STEP ** 0.5 from its middle, and time is scaled by them.
    Attention makes the true exponent lie between 1 and 2 (480p to 720p was published as 2.3 times the pixels and 3.1
    times the seconds, 1.36), which over that range is wrong by 8 % at most; between classes it would not be, so
    nothing is scaled there for people to read.
    """

    model_id: str
    preset: str
    steps: int
    size_class: int

    @classmethod
    def of(cls, model_id: str, recipe: Mapping[str, Any]) -> "Kind":
        """The kind of clip that a recipe makes."""
        size_class = round(math.log(_work(recipe) / REFERENCE_WORK, SIZE_STEP))
        return cls(model_id, str(recipe["preset"]), int(recipe["steps"]), size_class)


def _work(recipe: Mapping[str, Any]) -> float:
    return float(recipe["width"] * recipe["height"] * recipe["frames"])


class Estimates:
    """What this machine has taken, by kind of clip and by model; learned clip by clip.

    Models in ``weightless`` have nothing to load, and leave on the device whatever is there.
    """

    def __init__(self, weightless: Collection[str] = ()) -> None:
        self._weightless = frozenset(weightless)
        self._per_pixel: defaultdict[Kind, deque[float]] = defaultdict(_recent)
        self._per_credit = _recent()
        self._loads: defaultdict[str, deque[float]] = defaultdict(_recent)

    def learn(
        self,
        model_id: str,
        recipe: Mapping[str, Any],
        price_credits: int,
        *,
        render_seconds: float,
        load_seconds: float,
    ) -> None:
        """A clip was finished. A load shorter than LOADED_SECONDS found the model on the device and says nothing."""
        self._per_pixel[Kind.of(model_id, recipe)].append(render_seconds / _work(recipe))
        self._per_credit.append(render_seconds / price_credits)
        if load_seconds >= LOADED_SECONDS:
            self._loads[model_id].append(load_seconds)

    def render_seconds(self, model_id: str, recipe: Mapping[str, Any]) -> float | None:
        """The median for this kind of clip, or None while fewer than KNOWN_FROM of them are finished."""
        known = self._per_pixel.get(Kind.of(model_id, recipe), ())
        return median(known) * _work(recipe) if len(known) >= KNOWN_FROM else None

    def assumed_seconds(self, model_id: str, recipe: Mapping[str, Any], price_credits: int) -> float:
        """The same, or what its price suggests: enough to charge somebody until the true time is known."""
        known = self.render_seconds(model_id, recipe)
        if known is not None:
            return known
        per_credit = median(self._per_credit) if self._per_credit else UNKNOWN_SECONDS_PER_CREDIT
        return per_credit * price_credits

    def swap_seconds(self, model_id: str) -> float:
        """The median of loading the model; 0 if there is nothing to load."""
        if model_id in self._weightless:
            return 0.0
        loads = self._loads.get(model_id)
        return median(loads) if loads else UNKNOWN_SWAP_SECONDS

    def recall(self, history: Iterable[Ran]) -> None:
        """Learn from finished jobs, newest first, as they were written down."""
        for ran in reversed(list(history)):
            if ran.render_seconds is not None:
                self.learn(
                    ran.model_id,
                    ran.recipe,
                    ran.price_credits,
                    render_seconds=ran.render_seconds,
                    load_seconds=ran.load_seconds or 0.0,
                )


def _recent() -> deque[float]:
    return deque(maxlen=REMEMBERED)
