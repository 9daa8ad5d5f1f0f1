"""Feeds the workers from the queue and settles what they return; one task per worker."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from generation.catalog import Catalog
from generation.closures import Closures
from generation.errors import RenderFailed, RequestError
from generation.health import ModelHealth, News, Rest, Woken
from generation.orders import Orders
from generation.patience import persist
from generation.pricing import price_credits
from generation.queue import JobQueue, Outlook, as_waiting
from generation.request import ClipRequest
from generation.standing import ClassStanding, DeviceState
from generation.standing import Standing as Standing
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Worker, WorkerEvent
from storage.blobs import BlobStore
from storage.errors import DatabaseUnusable
from storage.jobs import Job, Waiting

log = structlog.get_logger(__name__)

PROGRESS_KEPT = 1000

LOOK_SECONDS = 5.0
"""Between two looks whether a resting model should be tried again."""

PROSPECT_ID = 2**62
"""Stands for the job that a request would become: behind every job there is."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something about a job that its owner may see: a change of state, or progress of the running attempt."""

    job: Job
    progress: Progressed | None = None


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
        health: ModelHealth,
        closures: Closures,
        describe: Callable[[Job], str],
    ) -> None:
        self._orders = orders
        self._describe = describe
        self._queue = queue
        self._workers = workers
        self._blobs = blobs
        self._catalog = catalog
        self._running: dict[int, tuple[Worker, Job]] = {}
        self._listeners: list[Listener] = []
        self._last_progress: OrderedDict[int, Progressed] = OrderedDict()
        self.health = health
        health.listen(self._on_health)
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
            group.create_task(self._try_again(), name="trials of resting models")

    async def enqueue(self, job: Job) -> None:
        """Put a placed job into the line."""
        self._queue.put(as_waiting(job))
        if job.model_id in self.health.due():
            self._try(job.model_id)
        self._tell(Update(job))

    async def cancel(self, job_id: int, *, actor: int) -> Job:
        """Cancel and release at once, then stop the render if there is one. Returns the job as it is now."""
        job = await self._orders.cancel(job_id, actor=actor)
        self._queue.remove(job_id)
        self.health.left(job_id)
        if (running := self._running.get(job_id)) is not None and job.state == "cancelled":
            worker, attempt = running
            await worker.cancel(job_id, attempt.attempts)
        self._tell(Update(job))
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
        return self._queue.outlook(asked, is_joining=True)

    def last_progress(self, job_id: int) -> Progressed | None:
        """How far the job's last attempt came, if it was one of the last thousand since the start."""
        return self._last_progress.get(job_id)

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

    async def _try_again(self) -> None:
        """Until cancelled, try each resting model when its pause is over."""
        while True:
            for model_id in self.health.due():
                self._try(model_id)
            await asyncio.sleep(LOOK_SECONDS)

    def _try(self, model_id: str) -> None:
        """Let the oldest job of a resting model through; without one the model waits on the menu for its next job."""
        probe = self._queue.let_through(model_id)
        self.health.try_with(model_id, None if probe is None else probe.job_id)

    def _on_health(self, news: News) -> None:
        if isinstance(news, Rest):
            self._queue.pause(news.model_id)
        elif isinstance(news, Woken):
            self._queue.resume(news.model_id)

    def _on_closure(self, guild_id: int) -> None:
        if not self.closures.is_paused(guild_id):
            self._queue.resume_class(guild_id)
            return
        for one in self._queue.pause_class(guild_id):
            self.health.left(one.job_id)

    def _may_begin(self, waiting: Waiting) -> bool:
        if self.closures.is_paused(waiting.guild_id):
            self.health.left(waiting.job_id)
            return False
        return self.health.may_begin(waiting.model_id, waiting.job_id)

    async def _serve(self, worker: Worker) -> None:
        while True:
            waiting = await self._queue.get(worker.name)
            if not self._may_begin(waiting):
                # Its model was taken off the menu, or its class paused, just as the job was handed out.
                self._queue.declined(waiting.job_id)
                self._queue.put(waiting)
                continue
            job = await persist(partial(self._claim, waiting.job_id, worker.name), "claim")
            if job is None:
                self._queue.declined(waiting.job_id)
                self.health.left(waiting.job_id)
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
                    self.health.left(job.id)
                    await self._failed(job, Failed(fault="internal", cause=repr(error)[:500], retry=True))
                finally:
                    self._running.pop(job.id, None)

    async def _claim(self, job_id: int, worker: str) -> Job | None:
        """``Orders.claim``; cancelled while it is written, it gives back what it may have claimed."""
        claiming = asyncio.ensure_future(self._orders.claim(job_id, worker))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with contextlib.suppress(DatabaseUnusable):
                if (job := await claiming) is not None:
                    await self._hand_back(job)
            raise

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
            self.health.succeeded(worker.name, job)
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
            description=self._describe(job),
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
