"""Takes a model off the menu when a worker fails job after job with it, and tries it again after growing pauses."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from generation.clock import Clock
from generation.sizes import SizeLimits, TooLarge
from generation.workers.protocol import Failed
from storage.jobs import Job

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 3
BLAMELESS_FAULTS = frozenset({"cancelled", "too_big", "out_of_memory"})
"""Faults that say nothing about the worker; what runs out of memory says something about its own size alone."""

FIRST_PAUSE_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 3600.0
"""Each trial that fails doubles the pause up to this: a broken model costs one attempt an hour."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A model that was taken off the menu, the worker that failed with it, the last failure, the next trial."""

    model_id: str
    worker: str
    failure: Failed
    next_try_at: float


@dataclass(frozen=True, slots=True)
class Woken:
    """A model that is on the menu again, because a trial went well or because somebody said so."""

    model_id: str
    by_trial: bool


News = Rest | Woken | TooLarge
Listener = Callable[[News], None]


@dataclass(slots=True)
class _Resting:
    """``probe`` is the one job with which the model is being tried; on trial without one, the next job becomes it."""

    pause_seconds: float
    next_try_at: float
    on_trial: bool = False
    probe: int | None = None


class ModelHealth:
    """Counts, for each worker and model, the different jobs that failed since the last one that succeeded.

    One poisonous job counts once, however often it is tried. A model that rests is tried again with one job at a
    time; the attempt counts as any other, so that a poisonous job ends there too. Its other jobs wait with their
    credits held, and can be cancelled. A restart forgets all of it. ``sizes`` has what is too large for the card.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._resting: dict[str, _Resting] = {}
        self._listeners: list[Listener] = []
        self.sizes = SizeLimits(clock)

    def listen(self, listener: Listener) -> None:
        """Tell ``listener``, on the event loop, about every model or size that is taken off or put on the menu."""
        self._listeners.append(listener)

    def is_resting(self, model_id: str) -> bool:
        """Whether the model is off the menu: it rests, or one job finds out whether it works again."""
        rest = self._resting.get(model_id)
        return rest is not None and not (rest.on_trial and rest.probe is None)

    def resting(self) -> frozenset[str]:
        """The models that are off the menu."""
        return frozenset(filter(self.is_resting, self._resting))

    def next_try_at(self, model_id: str) -> float | None:
        """When a resting model is tried next, in seconds since the epoch; None while it is tried, or does not rest."""
        rest = self._resting.get(model_id)
        return None if rest is None or rest.on_trial else rest.next_try_at

    def may_begin(self, model_id: str, job_id: int) -> bool:
        """Whether a worker may begin the job: not while its model rests, unless it is the trial."""
        rest = self._resting.get(model_id)
        return rest is None or rest.probe == job_id

    def due(self) -> list[str]:
        """Models that should be tried now and have no job on trial."""
        now = self._clock()
        return [
            model_id
            for model_id, rest in self._resting.items()
            if rest.probe is None and (rest.on_trial or now >= rest.next_try_at)
        ]

    def try_with(self, model_id: str, job_id: int | None) -> None:
        """Try a resting model with that job, or with the next one: until it comes the model is on the menu."""
        rest = self._resting[model_id]
        rest.on_trial, rest.probe = True, job_id
        log.info("model on trial", model=model_id, job=job_id)

    def left(self, job_id: int) -> None:
        """The job was cancelled or broke for a reason of ours; if it was a trial, another job has to do."""
        for rest in self._resting.values():
            if rest.probe == job_id:
                rest.probe = None

    def succeeded(self, worker: str, job: Job) -> None:
        """The worker can do it; a trial that went well puts the model on the menu again."""
        self._failed.pop((worker, job.model_id), None)
        self.sizes.succeeded(job)
        rest = self._resting.get(job.model_id)
        if rest is not None and rest.probe == job.id:
            self._wake(job.model_id, by_trial=True)

    def wake(self, model_id: str) -> bool:
        """Put the model on the menu because somebody says so; False if it did not rest.

        Either way every size of it is allowed again; of a model that rested the counts begin again.
        """
        self.sizes.forget(model_id)
        if model_id not in self._resting:
            return False
        self._wake(model_id, by_trial=False)
        return True

    def failed(self, worker: str, job: Job, failure: Failed) -> None:
        """An attempt failed; the third job in a row lets the model rest, a failed trial lets it rest for longer."""
        rest = self._resting.get(job.model_id)
        if failure.fault in BLAMELESS_FAULTS:
            self.left(job.id)
            if failure.fault == "out_of_memory" and (news := self.sizes.failed(job, failure.cause)) is not None:
                log.error("size off the menu", model=job.model_id, quality=news.preset, cause=failure.cause)
                self._tell(news)
        elif rest is None:
            self._count(worker, job, failure)
        elif rest.probe == job.id:
            pause_seconds = min(rest.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
            self._resting[job.model_id] = _Resting(pause_seconds, self._clock() + pause_seconds)
            log.warning("trial failed", model=job.model_id, job=job.id, pause_seconds=pause_seconds)

    def _count(self, worker: str, job: Job, failure: Failed) -> None:
        failed = self._failed[worker, job.model_id]
        failed.add(job.id)
        if len(failed) < FAILURES_IN_A_ROW:
            return
        log.error("model off the menu", model=job.model_id, worker=worker, jobs=sorted(failed), cause=failure.cause)
        next_try_at = self._clock() + FIRST_PAUSE_SECONDS
        self._resting[job.model_id] = _Resting(FIRST_PAUSE_SECONDS, next_try_at)
        self._tell(Rest(job.model_id, worker, failure, next_try_at))

    def _wake(self, model_id: str, *, by_trial: bool) -> None:
        del self._resting[model_id]
        for key in [key for key in self._failed if key[1] == model_id]:
            del self._failed[key]
        log.info("model on the menu again", model=model_id, by_trial=by_trial)
        self._tell(Woken(model_id, by_trial))

    def _tell(self, news: News) -> None:
        for listener in self._listeners:
            listener(news)
