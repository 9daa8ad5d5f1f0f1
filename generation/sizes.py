"""Learns at which sizes a model runs out of the card's memory, and takes those off the menu for a while."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from generation.catalog import PresetName
from generation.clock import Clock
from generation.request import ClipRequest
from storage.jobs import Job

PROOFS: Final = 3
"""Jobs that must have run out of memory, none larger than what is then refused."""

PAUSE_SECONDS: Final = 3600.0
"""After it clips may find out whether there is room now, until one fails; another program may have been on the card."""

_Key = tuple[str, PresetName]


@dataclass(frozen=True, slots=True, order=True)
class _Size:
    """``work`` is width x height x frames, on which the memory for activations depends; sides in pixels.

    ``seconds`` is the clip's length.
    """

    work: int
    width: int
    height: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A size, in pixels and seconds of clip, that is refused with a model and quality from now on, and what is larger.

    ``cause`` is the last failure's; at ``next_try_at``, in seconds since the epoch, it is allowed again.
    """

    model_id: str
    preset: PresetName
    width: int
    height: int
    seconds: float
    cause: str
    next_try_at: float


class SizeLimits:
    """For each model and quality the smallest jobs that ran out of memory since a job that large succeeded.

    Smaller jobs are not affected. A restart forgets all of it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: defaultdict[_Key, dict[int, _Size]] = defaultdict(dict)
        self._refused: dict[_Key, tuple[int, float]] = {}

    def is_too_large(self, request: ClipRequest) -> bool:
        """Whether the request would run out of memory, as far as is known."""
        key, size = _of(request.model.id, request.recipe())
        return self._refuses(key, size.work)

    def failed(self, job: Job, cause: str) -> TooLarge | None:
        """The job ran out of memory, which counts once for each job; what that takes off the menu, if anything."""
        key, size = _of(job.model_id, job.recipe)
        least, until = self._refused.get(key, (size.work, 0.0))
        if size.work > least and self._clock() >= until:
            # What failed before the pause is doubted now, and this job, which is larger, does not confirm it.
            del self._failed[key], self._refused[key]
        smallest = sorted((self._failed[key] | {job.id: size}).items(), key=lambda item: item[1])[:PROOFS]
        self._failed[key] = dict(smallest)
        largest = smallest[-1][1]
        if len(smallest) < PROOFS or self._refuses(key, largest.work):
            return None
        next_try_at = self._clock() + PAUSE_SECONDS
        self._refused[key] = (largest.work, next_try_at)
        return TooLarge(*key, largest.width, largest.height, largest.seconds, cause, next_try_at)

    def succeeded(self, job: Job) -> None:
        """There is room for jobs up to this size."""
        key, size = _of(job.model_id, job.recipe)
        self._failed[key] = {failed: other for failed, other in self._failed[key].items() if other.work > size.work}
        if self._refuses(key, size.work):
            del self._refused[key]

    def forget(self, model_id: str) -> None:
        """Allow every size of the model again, because somebody says so."""
        for known in (self._failed, self._refused):
            for key in [key for key in known if key[0] == model_id]:
                del known[key]

    def _refuses(self, key: _Key, work: int) -> bool:
        least, until = self._refused.get(key, (0, 0.0))
        return self._clock() < until and work >= least


def _of(model_id: str, recipe: Mapping[str, Any]) -> tuple[_Key, _Size]:
    width, height, frames, fps = (int(recipe[name]) for name in ("width", "height", "frames", "fps"))
    return (model_id, recipe["preset"]), _Size(width * height * frames, width, height, frames / fps)
