"""Takes a model off the menu when a worker fails job after job with it, instead of burning the line."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from generation.workers.protocol import Failed
from storage.jobs import Job

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 3
BLAMELESS_FAULTS = frozenset({"cancelled", "too_big"})
"""Faults that say nothing about the worker."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A model that was taken off the menu, the worker that failed with it, and the last failure."""

    model_id: str
    worker: str
    failure: Failed


class ModelHealth:
    """Counts, for each worker and model, the different jobs that failed since the last one that succeeded.

    One poisonous job counts once, however often it is tried. A model rests until the next start of the bot; its jobs
    keep their place in the table meanwhile, with their credits held, and can be cancelled.
    """

    def __init__(self) -> None:
        self._failed: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._resting: set[str] = set()
        self._listeners: list[Callable[[Rest], None]] = []

    def listen(self, listener: Callable[[Rest], None]) -> None:
        """Tell ``listener``, on the event loop, about every model that is taken off the menu from now on."""
        self._listeners.append(listener)

    def is_resting(self, model_id: str) -> bool:
        """Whether the model is off the menu."""
        return model_id in self._resting

    def succeeded(self, worker: str, model_id: str) -> None:
        """The worker can do it."""
        self._failed.pop((worker, model_id), None)

    def failed(self, worker: str, job: Job, failure: Failed) -> None:
        """An attempt failed; the third job in a row lets the model rest."""
        if failure.fault in BLAMELESS_FAULTS:
            return
        failed = self._failed[worker, job.model_id]
        failed.add(job.id)
        if len(failed) < FAILURES_IN_A_ROW or job.model_id in self._resting:
            return
        self._resting.add(job.model_id)
        log.error("model off the menu", model=job.model_id, worker=worker, jobs=sorted(failed), cause=failure.cause)
        for listener in self._listeners:
            listener(Rest(job.model_id, worker, failure))
