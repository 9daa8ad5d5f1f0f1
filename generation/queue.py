"""Who is next: an asyncio queue over the durable jobs table; the choice is the allocator's, the waiting is here."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from generation.line.allocation import Allocator, Device
from generation.line.estimates import Milestone
from generation.line.fairness import HALF_LIFE_SECONDS, person
from generation.line.forecast import Expected
from generation.line.people import Line
from generation.line.prospects import Outlook, Prospects
from generation.line.underway import Underway
from generation.workers.protocol import Rendered
from storage.jobs import Job, Ran, Waiting

RECALLED_SECONDS = 8 * HALF_LIFE_SECONDS
"""How far back the start looks for what people used; less than half a percent of it is left by then."""

IDLE_CHARGE_SECONDS = 0.1
"""People of whom nothing waits and less than this is left are forgotten."""


class JobQueue:
    """The line in memory. Lost with the process, and rebuilt from the jobs table at the next start.

    Jobs of a paused model or class stand aside: they are not served, and rejoin the line in their old places.
    """

    def __init__(self, allocator: Allocator, workers: Sequence[str], *, clock: Callable[[], float]) -> None:
        self._allocator = allocator
        self._clock = clock
        self._line = Line()
        self._devices = {name: Device(name) for name in workers}
        self._idle: dict[str, asyncio.Future[Waiting]] = {}
        self._running: dict[int, Underway] = {}
        self._paused: set[str] = set()
        self._paused_classes: set[int] = set()
        self._aside: dict[int, Waiting] = {}
        self._prospects = Prospects(self._line, self._running, self._devices, allocator, clock=clock)

    def recall(self, history: Iterable[Ran]) -> None:
        """At start: what clips take on this machine, and what people used in the last hours; newest first."""
        history = list(history)
        self._allocator.estimates.recall(history)
        since = self._clock() - RECALLED_SECONDS
        for ran in history:
            if ran.finished_at > since and ran.lane != "demo":
                seconds = ran.finished_at - ran.started_at if ran.render_seconds is None else ran.render_seconds
                self._line.used((ran.guild_id, ran.user_id), max(0.0, seconds), ran.finished_at, ran.started_at)

    def put(self, *jobs: Waiting) -> None:
        """Join the line; a job already in it keeps its place, and one of a paused model or class stands aside."""
        for job in jobs:
            if job.model_id in self._paused or job.guild_id in self._paused_classes:
                self._aside[job.job_id] = job
            else:
                self._line.add(job, self._allocator.estimate(job))
        self._match()
        self._prospects.promise(jobs)

    async def get(self, worker: str) -> Waiting:
        """Wait for work, then take the job that the policy gives to this worker. Cancelling loses no job."""
        handed: asyncio.Future[Waiting] = asyncio.get_running_loop().create_future()
        self._idle[worker] = handed
        self._match()
        try:
            return await handed
        except asyncio.CancelledError:
            if handed.done() and not handed.cancelled():
                self.declined(handed.result().job_id)
                self.put(handed.result())
            raise
        finally:
            if self._idle.get(worker) is handed:
                del self._idle[worker]

    def progressed(self, job_id: int, milestone: Milestone) -> None:
        """A job that a device has came this far just now."""
        if (running := self._running.get(job_id)) is not None:
            running.report(milestone, self._clock())

    def finished(self, job_id: int, rendered: Rendered | None, *, keeps_model: bool = False) -> None:
        """A device is done with the job: charge what it really took, and learn from it. Idempotent.

        Without a clip, ``keeps_model`` says whether the model is still on the device.
        """
        if (running := self._running.pop(job_id, None)) is None:
            return
        given, now, job = running.given, self._clock(), running.given.job
        used_seconds = now - running.begun_at if rendered is None else rendered.render_seconds
        if job.lane != "demo":
            self._line.used(person(job), used_seconds - given.seconds, now)
        if rendered is not None:
            self._allocator.estimates.learn(
                job.model_id,
                job.recipe,
                job.price_credits,
                render_seconds=rendered.render_seconds,
                load_seconds=rendered.load_seconds,
            )
            running.finished(self._allocator.estimates, now)
        elif not keeps_model:
            self._devices[given.device.name] = replace(given.device, resident=None)
        self._line.forget_idle(now, IDLE_CHARGE_SECONDS)
        self._prospects.changed()

    def declined(self, job_id: int) -> None:
        """The worker never began the job that it was handed: nobody is charged, and its device is as it was."""
        if (running := self._running.pop(job_id, None)) is None:
            return
        given, begun_at = running.given, running.begun_at
        self._line.undo(given.job, given.seconds, begun_at, given.served_before)
        if self._devices[given.device.name] == given.device:
            self._devices[given.device.name] = given.device_before
        self._prospects.changed()

    def pause(self, model_id: str) -> None:
        """Let every job of the model stand aside, and those that come; a job that was handed out goes on."""
        self._paused.add(model_id)
        self._step_aside(self._line.of_model(model_id))

    def pause_class(self, guild_id: int) -> list[Waiting]:
        """``pause`` for every job of a class; returns those that were in line."""
        self._paused_classes.add(guild_id)
        return self._step_aside(self._line.of_class(guild_id))

    def _step_aside(self, jobs: list[Waiting]) -> list[Waiting]:
        for job in jobs:
            self.remove(job.job_id)
            self._aside[job.job_id] = job
        return jobs

    def resume(self, model_id: str) -> list[Waiting]:
        """Take its jobs that stand aside back into the line, in their old places; returns those that came back."""
        self._paused.discard(model_id)
        return self._rejoin([job for job in self._aside.values() if job.model_id == model_id])

    def resume_class(self, guild_id: int) -> list[Waiting]:
        """``resume`` for a class."""
        self._paused_classes.discard(guild_id)
        return self._rejoin([job for job in self._aside.values() if job.guild_id == guild_id])

    def _rejoin(self, jobs: list[Waiting]) -> list[Waiting]:
        for job in jobs:
            del self._aside[job.job_id]
        self.put(*jobs)
        return [job for job in jobs if job.job_id not in self._aside]

    def let_through(self, model_id: str) -> Waiting | None:
        """Take the oldest job of a paused model into the line alone; None if none stands aside in a class that runs."""
        aside = (
            job for job in self._aside.values() if job.model_id == model_id and job.guild_id not in self._paused_classes
        )
        first = min(aside, key=lambda job: (job.created_at, job.job_id), default=None)
        if first is not None:
            del self._aside[first.job_id]
            self._line.add(first, self._allocator.estimate(first))
            self._match()
        return first

    def is_aside(self, job_id: int) -> bool:
        """Whether the job stands aside."""
        return job_id in self._aside

    @property
    def aside_count(self) -> int:
        """How many jobs stand aside; ``len`` does not count them."""
        return len(self._aside)

    def remove(self, job_id: int) -> bool:
        """Leave the line, or from aside; False if the job was in neither."""
        self._prospects.withdrawn(job_id)
        stood_aside = self._aside.pop(job_id, None) is not None
        return self._line.remove(job_id) is not None or stood_aside

    def now(self) -> float:
        """The queue's own time, in seconds since the epoch."""
        return self._clock()

    def __len__(self) -> int:
        return len(self._line)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._line

    def expected(self) -> list[Expected]:
        """The line in the order in which it would be served if nobody else came; its first LOOK_AHEAD jobs."""
        return list(self._prospects.expected().values())

    def of_class(self, guild_id: int) -> tuple[list[Waiting], list[Waiting]]:
        """The class's jobs in line, in the order of service as far as it is known, and those that stand aside."""
        order = {job_id: at for at, job_id in enumerate(self._prospects.expected())}
        waiting = sorted(self._line.of_class(guild_id), key=lambda job: (order.get(job.job_id, len(order)), job.job_id))
        return waiting, [job for job in self._aside.values() if job.guild_id == guild_id]

    def outlook(self, job: Waiting, *, is_joining: bool = False) -> Outlook:
        """See Prospects.outlook."""
        return self._prospects.outlook(job, is_joining=is_joining)

    @property
    def resident(self) -> dict[str, str | None]:
        """The model that each device has loaded, as far as the queue knows."""
        return {name: device.resident for name, device in self._devices.items()}

    def _match(self) -> None:
        """Hand jobs to idle workers for as long as there are both."""
        now = self._clock()
        self._idle = {name: handed for name, handed in self._idle.items() if not handed.done()}
        while self._idle and len(self._line):
            given = self._allocator.assign(self._line, [self._devices[name] for name in self._idle], now)
            self._devices[given.device.name] = given.device
            self._running[given.job.job_id] = Underway(given, now)
            self._prospects.begun(given.job.job_id, now)
            self._idle.pop(given.device.name).set_result(given.job)
        self._prospects.changed()


def as_waiting(job: Job) -> Waiting:
    """The job as the queue knows it."""
    return Waiting(
        job_id=job.id,
        guild_id=job.guild_id,
        user_id=job.user_id,
        model_id=job.model_id,
        created_at=job.created_at,
        price_credits=job.price_credits,
        lane=job.lane,
        recipe=job.recipe,
    )
