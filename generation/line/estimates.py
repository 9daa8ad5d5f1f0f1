"""How long renders and swaps take on this machine: medians of what it finished, and None until three are known."""

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from generation.workers.protocol import Stage
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


Milestone = tuple[Stage, int, int]
"""A report of progress: the stage, and how many of how many units of it are done."""


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


class _Recent:
    """The last REMEMBERED times and their median, which is asked for far more often than it changes."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=REMEMBERED)
        self._median = 0.0

    def append(self, time: float) -> None:
        self._times.append(time)
        self._median = median(self._times)

    def median(self, known_from: int) -> float | None:
        """None while fewer than that are known."""
        return self._median if len(self._times) >= known_from else None


class Estimates:
    """What this machine has taken, by kind of clip and by model; learned clip by clip.

    Models in ``weightless`` have nothing to load, and leave on the device whatever is there.
    """

    def __init__(self, weightless: Collection[str] = ()) -> None:
        self._weightless = frozenset(weightless)
        self._per_pixel: defaultdict[Kind, _Recent] = defaultdict(_Recent)
        self._per_credit = _Recent()
        self._loads: defaultdict[str, _Recent] = defaultdict(_Recent)
        self._left_per_pixel: defaultdict[tuple[Kind, Milestone], _Recent] = defaultdict(_Recent)

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

    def learn_left(self, model_id: str, recipe: Mapping[str, Any], left_seconds: Mapping[Milestone, float]) -> None:
        """A clip was finished so many seconds after each of its reports. Not written down: a restart forgets it."""
        kind, work = Kind.of(model_id, recipe), _work(recipe)
        for milestone, seconds in left_seconds.items():
            self._left_per_pixel[kind, milestone].append(seconds / work)

    def left_seconds(self, model_id: str, recipe: Mapping[str, Any], milestone: Milestone) -> float | None:
        """The median of what clips of this kind took after that report, or None while fewer than KNOWN_FROM did."""
        return _scaled(self._left_per_pixel.get((Kind.of(model_id, recipe), milestone)), recipe)

    def render_seconds(self, model_id: str, recipe: Mapping[str, Any]) -> float | None:
        """The median for this kind of clip, or None while fewer than KNOWN_FROM of them are finished."""
        return _scaled(self._per_pixel.get(Kind.of(model_id, recipe)), recipe)

    def assumed_seconds(self, model_id: str, recipe: Mapping[str, Any], price_credits: int) -> float:
        """The same, or what its price suggests: enough to charge somebody until the true time is known."""
        known = self.render_seconds(model_id, recipe)
        if known is not None:
            return known
        per_credit = self._per_credit.median(known_from=1)
        return price_credits * (UNKNOWN_SECONDS_PER_CREDIT if per_credit is None else per_credit)

    def swap_seconds(self, model_id: str) -> float:
        """The median of loading the model; 0 if there is nothing to load."""
        if model_id in self._weightless:
            return 0.0
        known = self._loads[model_id].median(known_from=1)
        return UNKNOWN_SWAP_SECONDS if known is None else known

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


def _scaled(per_pixel: _Recent | None, recipe: Mapping[str, Any]) -> float | None:
    known = None if per_pixel is None else per_pixel.median(KNOWN_FROM)
    return None if known is None else known * _work(recipe)
