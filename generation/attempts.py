"""One attempt at a job: from its claim, through a worker, to the settled outcome."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

import structlog

from generation.catalog import Catalog
from generation.errors import RenderFailed, RequestError
from generation.orders import Orders
from generation.patience import persist
from generation.request import ClipRequest
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Worker
from storage.blobs import BlobStore
from storage.errors import DatabaseUnusable
from storage.jobs import Job

log = structlog.get_logger(__name__)


class Attempts:
    """What happens to one job while a worker has it; the line and who listens are the dispatcher's.

    ``describe`` gives a clip its alt text; ``progressed`` is called on the event loop and must return at once.
    """

    def __init__(
        self,
        orders: Orders,
        *,
        blobs: BlobStore,
        catalog: Catalog,
        describe: Callable[[Job], str],
        progressed: Callable[[Job, Progressed], None],
    ) -> None:
        self._orders = orders
        self._blobs = blobs
        self._catalog = catalog
        self._describe = describe
        self._progressed = progressed

    async def claim(self, job_id: int, worker: str) -> Job | None:
        """``Orders.claim``, tried until the database answers; cancelled meanwhile, it gives back what it claimed."""
        return await persist(partial(self._claim, job_id, worker), "claim")

    async def _claim(self, job_id: int, worker: str) -> Job | None:
        claiming = asyncio.ensure_future(self._orders.claim(job_id, worker))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with contextlib.suppress(DatabaseUnusable):
                if (job := await claiming) is not None:
                    await self.hand_back(job)
            raise

    async def render(self, worker: Worker, job: Job) -> Rendered | Failed:
        """Let the worker make the clip; its last word. What cannot even be submitted has failed, too."""
        try:
            task = self._task(job)
            await worker.submit(task)
        except RequestError as error:
            return Failed(fault="internal", cause=f"recipe no longer valid: {error}", retry=False)
        except RenderFailed as error:
            return Failed(fault=error.fault, cause=error.cause, retry=True)
        outcome: Rendered | Failed | None = None
        async for event in worker.events(job.id, job.attempts):
            if isinstance(event, Progressed):
                self._progressed(job, event)
            else:
                outcome = event
        assert outcome is not None
        return outcome

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

    async def complete(self, job: Job, rendered: Rendered) -> bool:
        """Keep the clip and settle the job, tried until the database answers; False if the attempt had lost it."""
        clip = await asyncio.to_thread(self._blobs.adopt, self._orders.clip_path(job))
        return await persist(partial(self._orders.complete, job, rendered, clip), "complete")

    async def fail(self, job: Job, failure: Failed) -> Job:
        """Discard what there is of the clip and settle the job; as it is now, queued if it is tried again."""
        await self._discard(job)
        now = await persist(partial(self._orders.fail, job, failure), "fail")
        log.warning("attempt failed", fault=failure.fault, cause=failure.cause, state=now.state)
        return now

    async def _discard(self, job: Job) -> None:
        try:
            await asyncio.to_thread(self._blobs.discard, self._orders.clip_path(job))
        except OSError as error:
            # The next start clears it; a disk that refuses must not end the bot.
            log.warning("unfinished clip not removed", why=str(error))

    async def hand_back(self, job: Job) -> None:
        """Put an attempt that was stopped politely back into the line."""
        try:
            await self._orders.hand_back(job)
        except DatabaseUnusable as error:
            log.warning("attempt not handed back; the next start counts it as lost", why=str(error))
