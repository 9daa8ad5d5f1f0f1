"""Feeds the workers from the queue and settles what they return; one task per worker."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from generation.attempts import Attempts
from generation.catalog import Catalog
from generation.health import ModelHealth
from generation.line.gate import Gate
from generation.line.prospects import Outlook
from generation.line.standing import ClassStanding, DeviceState, Standing
from generation.orders import Orders
from generation.patience import persist
from generation.pricing import price_credits
from generation.queue import JobQueue, as_waiting
from generation.request import ClipRequest
from generation.teaching.closures import Closures
from generation.updates import Listener, Update, Updates
from generation.workers.protocol import Failed, Progressed, Rendered, Worker
from storage.blobs import BlobStore
from storage.jobs import Job, Waiting

log = structlog.get_logger(__name__)

PROSPECT_ID = 2**62
"""Stands for the job that a request would become: behind every job there is."""


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
        health: ModelHealth,
        closures: Closures,
        describe: Callable[[Job], str],
    ) -> None:
        self._orders = orders
        self._queue = queue
        self._workers = workers
        self._running: dict[int, tuple[Worker, Job]] = {}
        self._updates = Updates()
        self._attempts = Attempts(orders, blobs=blobs, catalog=catalog, describe=describe, progressed=self._progressed)
        self.health = health
        self.closures = closures
        self._gate = Gate(queue, health, closures)

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` about every update from now on."""
        self._updates.listen(listener)

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
            group.create_task(self._gate.keep_trying(), name="trials of resting models")

    async def enqueue(self, job: Job) -> None:
        """Put a placed job into the line."""
        self._queue.put(as_waiting(job))
        self._gate.joined(job.model_id)
        self._updates.tell(Update(job))

    async def cancel(self, job_id: int, *, actor: int) -> Job:
        """Cancel and release at once, then stop the render if there is one. Returns the job as it is now."""
        job = await self._orders.cancel(job_id, actor=actor)
        self._queue.remove(job_id)
        self.health.left(job_id)
        if (running := self._running.get(job_id)) is not None and job.state == "cancelled":
            worker, attempt = running
            await worker.cancel(job_id, attempt.attempts)
        self._updates.tell(Update(job))
        return job

    def outlook(self, job: Job) -> Outlook:
        """When the job will begin or be ready, also if it is only about to join; nothing of a finished one."""
        return self._queue.outlook(as_waiting(job), is_joining=job.state == "queued")

    def is_set_aside(self, job: Job) -> bool:
        """Whether the job waits for its model to work again, or would if it joined now."""
        return self._queue.is_aside(job.id) or (
            job.state == "queued" and job.id not in self._queue and not self.health.may_begin(job.model_id, job.id)
        )

    def prospect(self, guild_id: int, user_id: int, request: ClipRequest) -> Outlook:
        """When a request would begin if its person ordered it now."""
        asked = Waiting(
            job_id=PROSPECT_ID,
            guild_id=guild_id,
            user_id=user_id,
            model_id=request.model.id,
            created_at=self._queue.now(),
            price_credits=price_credits(request),
            lane="class",
            recipe=request.recipe(),
        )
        outlook = self._queue.outlook(asked, is_joining=True)
        return replace(outlook, is_paused=self.closures.is_paused(guild_id))

    def last_progress(self, job_id: int) -> Progressed | None:
        """See Updates.last_progress."""
        return self._updates.last_progress(job_id)

    def line(self, limit: int) -> Standing:
        """Everything that runs now, and the first ``limit`` of those that wait in the order of service."""
        running = [(job, self.outlook(job)) for _, job in self._running.values()]
        first = [(one.job, self._queue.outlook(one.job)) for one in self._queue.expected()[:limit]]
        return Standing(running, first, len(self._queue), self._queue.aside_count)

    def class_line(self, guild_id: int) -> ClassStanding:
        """What one class waits for, and what every device does."""
        working = {worker.name: job for worker, job in self._running.values()}
        resident = self._queue.resident
        devices = [
            DeviceState(worker.name, resident.get(worker.name), working.get(worker.name), worker.is_up)
            for worker in self._workers
        ]
        return ClassStanding(*self._queue.of_class(guild_id), devices)

    async def _serve(self, worker: Worker) -> None:
        while True:
            waiting = await self._queue.get(worker.name)
            if not self._gate.may_begin(waiting):
                # Its model was taken off the menu, or its class paused, just as the job was handed out.
                self._queue.declined(waiting.job_id)
                self._queue.put(waiting)
                continue
            job = await self._attempts.claim(waiting.job_id, worker.name)
            if job is None:
                self._queue.declined(waiting.job_id)
                self.health.left(waiting.job_id)
                continue
            with structlog.contextvars.bound_contextvars(job=job.id, user=job.user_id, attempt=job.attempts):
                try:
                    await self._attempt(worker, job)
                except asyncio.CancelledError:
                    # The bot stops politely; an attempt that only lost its machine should not count.
                    await self._attempts.hand_back(job)
                    raise
                except Exception as error:
                    # Whatever broke here is ours; the credits must not stay held because of it.
                    log.exception("attempt broke")
                    self._queue.finished(job.id, None)
                    self.health.left(job.id)
                    await self._failed(job, Failed(fault="internal", cause=repr(error)[:500], retry=True))
                finally:
                    self._running.pop(job.id, None)

    async def _attempt(self, worker: Worker, job: Job) -> None:
        self._running[job.id] = (worker, job)
        self._updates.tell(Update(job))
        outcome = await self._attempts.render(worker, job)
        if isinstance(outcome, Rendered):
            self._queue.finished(job.id, outcome)
            owned = await self._attempts.complete(job, outcome)
            self.health.succeeded(worker.name, job)
            log.info("clip rendered", seconds=round(outcome.render_seconds, 2), bytes=outcome.size_bytes, kept=owned)
            await self._tell_again(job.id)
        else:
            self._queue.finished(job.id, None, keeps_model=outcome.fault == "cancelled")
            self.health.failed(worker.name, job, outcome)
            await self._failed(job, outcome)

    async def _failed(self, job: Job, failure: Failed) -> None:
        now = await self._attempts.fail(job, failure)
        if now.state == "queued":
            self._queue.put(as_waiting(now))
        self._updates.tell(Update(now))

    def _progressed(self, job: Job, progress: Progressed) -> None:
        self._queue.progressed(job.id, (progress.stage, progress.done, progress.total))
        self._updates.progressed(job, progress)

    async def _tell_again(self, job_id: int) -> None:
        self._updates.tell(Update(await persist(partial(self._orders.job, job_id), "read")))
