"""Feeds the workers from the queue and settles what they return; one task per worker."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from generation.catalog import Catalog
from generation.closures import Closures
from generation.errors import RenderFailed, RequestError
from generation.health import ModelHealth
from generation.orders import Orders
from generation.patience import persist
from generation.queue import JobQueue, Outlook
from generation.request import ClipRequest
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Worker, WorkerEvent
from storage.blobs import BlobStore
from storage.errors import DatabaseUnusable
from storage.jobs import Job, Waiting

log = structlog.get_logger(__name__)

PROGRESS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Update:
    """Something about a job that its owner may see: a change of state, or progress of the running attempt."""

    job: Job
    progress: Progressed | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The line as everybody may see it; ``waiting_count`` counts those beyond ``waiting`` too.

    ``set_aside_count`` are those whose model rests or whose class is paused: they wait for the instructors and not
    for their turn.
    """

    running: list[tuple[Job, Outlook]]
    waiting: list[tuple[Waiting, Outlook]]
    waiting_count: int
    set_aside_count: int


Listener = Callable[[Update], None]
"""Called on the event loop for every update; must return at once."""


class Dispatcher:
    """The line from a placed order to a settled one."""

    def __init__(
        self,
        orders: Orders,
        queue: JobQueue,
        workers: Sequence[Worker],
        *,
        blobs: BlobStore,
        catalog: Catalog,
        closures: Closures,
    ) -> None:
        self._orders = orders
        self._queue = queue
        self._workers = workers
        self._blobs = blobs
        self._catalog = catalog
        self._running: dict[int, tuple[Worker, Job]] = {}
        self._set_aside: dict[int, Waiting] = {}
        self._listeners: list[Listener] = []
        self._last_progress: OrderedDict[int, Progressed] = OrderedDict()
        self.health = ModelHealth()
        self.closures = closures
        closures.listen(self._on_closure)

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` about every update from now on."""
        self._listeners.append(listener)

    async def recover(self) -> None:
        """Take up what an earlier process left; before anything new comes in, because it clears ``incoming``."""
        await self.closures.load()
        waiting = await self._orders.recover()
        self._queue.recall(await self._orders.history())
        self._queue.put(*waiting)

    async def run(self) -> None:
        """Serve until cancelled; never dies of a refusing database."""
        async with asyncio.TaskGroup() as group:
            for worker in self._workers:
                group.create_task(self._serve(worker), name=f"dispatch to {worker.name}")

    def _must_wait(self, waiting: Waiting) -> bool:
        return self.health.is_resting(waiting.model_id) or self.closures.is_paused(waiting.guild_id)

    def _on_closure(self, guild_id: int) -> None:
        """Back into the line with what a pause kept out of it."""
        back = [one for one in self._set_aside.values() if one.guild_id == guild_id and not self._must_wait(one)]
        for one in back:
            del self._set_aside[one.job_id]
        self._queue.put(*back)

    async def enqueue(self, job: Job) -> None:
        """Put a placed job into the line."""
        self._queue.put(as_waiting(job))
        self._tell(Update(job))

    async def cancel(self, job_id: int, *, actor: int) -> Job:
        """Cancel and release at once, then stop the render if there is one. Returns the job as it is now."""
        job = await self._orders.cancel(job_id, actor=actor)
        self._queue.remove(job_id)
        self._set_aside.pop(job_id, None)
        if (running := self._running.get(job_id)) is not None and job.state == "cancelled":
            worker, attempt = running
            await worker.cancel(job_id, attempt.attempts)
        self._tell(Update(job))
        return job

    def outlook(self, job: Job) -> Outlook:
        """When the job will begin or be ready, also if it is only about to join; nothing of a finished one."""
        return self._queue.outlook(as_waiting(job), is_joining=job.state == "queued")

    def last_progress(self, job_id: int) -> Progressed | None:
        """How far the job's last attempt came, if it was one of the last thousand since the start."""
        return self._last_progress.get(job_id)

    def line(self, limit: int) -> Standing:
        """Everything that runs now, and the first ``limit`` of those that wait in the order of service."""
        running = [(job, self.outlook(job)) for _, job in self._running.values()]
        first = [(one.job, self._queue.outlook(one.job)) for one in self._queue.expected()[:limit]]
        return Standing(running, first, len(self._queue), len(self._set_aside))

    async def _serve(self, worker: Worker) -> None:
        while True:
            waiting = await self._queue.get(worker.name)
            if self._must_wait(waiting):
                # It stays queued in the table; the class's resuming or the next start takes it up again.
                self._set_aside[waiting.job_id] = waiting
                self._queue.finished(waiting.job_id, None, keeps_model=True)
                continue
            job = await persist(partial(self._orders.claim, waiting.job_id, worker.name), "claim")
            if job is None:
                self._queue.finished(waiting.job_id, None, keeps_model=True)
                continue
            with structlog.contextvars.bound_contextvars(job=job.id, user=job.user_id, attempt=job.attempts):
                try:
                    await self._attempt(worker, job)
                except asyncio.CancelledError:
                    # The bot stops politely; an attempt that only lost its machine should not count.
                    await self._hand_back(job)
                    raise
                except Exception as error:
                    # Whatever broke here is ours; the credits must not stay held because of it.
                    log.exception("attempt broke")
                    self._queue.finished(job.id, None)
                    await self._failed(job, Failed(fault="internal", cause=repr(error)[:500], retry=True))
                finally:
                    self._running.pop(job.id, None)

    async def _attempt(self, worker: Worker, job: Job) -> None:
        self._running[job.id] = (worker, job)
        self._tell(Update(job))
        outcome = await self._render(worker, job)
        rendered = outcome if isinstance(outcome, Rendered) else None
        is_cancelled = isinstance(outcome, Failed) and outcome.fault == "cancelled"
        self._queue.finished(job.id, rendered, keeps_model=is_cancelled)
        if isinstance(outcome, Rendered):
            clip = await asyncio.to_thread(self._blobs.adopt, self._orders.clip_path(job))
            owned = await persist(partial(self._orders.complete, job, outcome, clip), "complete")
            self.health.succeeded(worker.name, job.model_id)
            log.info("clip rendered", seconds=round(outcome.render_seconds, 2), bytes=outcome.size_bytes, kept=owned)
            await self._tell_again(job.id)
        elif isinstance(outcome, Failed):
            self.health.failed(worker.name, job, outcome)
            await self._failed(job, outcome)

    async def _render(self, worker: Worker, job: Job) -> WorkerEvent:
        try:
            task = self._task(job)
            await worker.submit(task)
        except RequestError as error:
            return Failed(fault="internal", cause=f"recipe no longer valid: {error}", retry=False)
        except RenderFailed as error:
            return Failed(fault=error.fault, cause=error.cause, retry=True)
        outcome: WorkerEvent | None = None
        async for event in worker.events(job.id, job.attempts):
            if isinstance(event, Progressed):
                self._note(job.id, event)
                self._tell(Update(job, event))
            outcome = event
        assert outcome is not None
        return outcome

    def _note(self, job_id: int, progress: Progressed) -> None:
        self._last_progress[job_id] = replace(progress, preview_jpeg=None)
        self._last_progress.move_to_end(job_id)
        if len(self._last_progress) > PROGRESS_KEPT:
            self._last_progress.popitem(last=False)

    def _task(self, job: Job) -> RenderTask:
        request = ClipRequest.from_recipe(job.recipe, self._catalog)
        return RenderTask(
            job_id=job.id,
            attempt=job.attempts,
            request=request,
            still_path=None if request.still is None else self._blobs.path(request.still),
            end_still_path=None if request.end_still is None else self._blobs.path(request.end_still),
            clip_path=self._orders.clip_path(job),
            size_limit_bytes=job.size_limit_bytes,
        )

    async def _failed(self, job: Job, failure: Failed) -> None:
        await self._discard(job)
        now = await persist(partial(self._orders.fail, job, failure), "fail")
        log.warning("attempt failed", fault=failure.fault, cause=failure.cause, state=now.state)
        if now.state == "queued":
            self._queue.put(as_waiting(now))
        self._tell(Update(now))

    async def _discard(self, job: Job) -> None:
        try:
            await asyncio.to_thread(self._blobs.discard, self._orders.clip_path(job))
        except OSError as error:
            # The next start clears it; a disk that refuses must not end the bot.
            log.warning("unfinished clip not removed", why=str(error))

    async def _hand_back(self, job: Job) -> None:
        try:
            await self._orders.hand_back(job)
        except DatabaseUnusable as error:
            log.warning("attempt not handed back; the next start counts it as lost", why=str(error))

    async def _tell_again(self, job_id: int) -> None:
        self._tell(Update(await persist(partial(self._orders.job, job_id), "read")))

    def _tell(self, update: Update) -> None:
        for listener in self._listeners:
            listener(update)


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
