"""What a person made: pages of their jobs, each clip with its thumbnails."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from storage import album, jobs, keeping
from storage.album import Filter
from storage.blobs import BlobStore, blob_name
from storage.database import Database, Transaction
from storage.jobs import Job

log = structlog.get_logger(__name__)

PAGE_JOBS = 5

NEWEST = 2**63 - 1
"""An edge beyond every job."""


@dataclass(frozen=True, slots=True)
class Page:
    """Up to PAGE_JOBS jobs, newest first, and whether there are newer and older ones."""

    jobs: tuple[Job, ...]
    has_newer: bool
    has_older: bool


class Album:
    """Reads histories; makes the thumbnails when somebody first looks."""

    def __init__(self, database: Database, blobs: BlobStore, darkroom: Darkroom) -> None:
        self._database = database
        self._blobs = blobs
        self._darkroom = darkroom
        self._making: dict[int, asyncio.Task[Path | None]] = {}

    async def page(self, which: Filter, *, before: int = NEWEST) -> Page:
        """The jobs older than ``before``."""

        def work(tx: Transaction) -> Page:
            found = album.older(tx, which, before, PAGE_JOBS + 1)
            first = found[0].id if found else before - 1
            return Page(tuple(found[:PAGE_JOBS]), bool(album.newer(tx, which, first, 1)), len(found) > PAGE_JOBS)

        return await self._database.read(work)

    async def page_after(self, which: Filter, after: int) -> Page:
        """The jobs that come right after ``after``, or the first page where those would not fill one."""

        def work(tx: Transaction) -> Page | None:
            found = album.newer(tx, which, after, PAGE_JOBS + 1)
            if len(found) < PAGE_JOBS:
                return None
            shown = found[-PAGE_JOBS:]
            return Page(tuple(shown), len(found) > PAGE_JOBS, bool(album.older(tx, which, shown[-1].id, 1)))

        return await self._database.read(work) or await self.page(which)

    async def strip(self, job: Job) -> Path | None:
        """The clip's first, middle and last frame as one JPEG; None where there is no clip any more."""
        if job.clip is None or job.visibility == "deleted":
            return None
        if job.strip is not None and await asyncio.to_thread(self._blobs.holds, job.strip):
            return self._blobs.path(job.strip)
        if (making := self._making.get(job.id)) is None:
            making = self._making[job.id] = asyncio.create_task(self._make(job), name=f"thumbnails of job {job.id}")
            making.add_done_callback(lambda _: self._making.pop(job.id, None))
        # Whoever stops waiting does not stop the making: the next look finds it.
        return await asyncio.shield(making)

    async def _make(self, job: Job) -> Path | None:
        assert job.clip is not None
        temporary = self._blobs.incoming(f"{job.id}-strip.jpg")
        try:
            await self._darkroom.strip(self._blobs.path(job.clip), temporary)
            data = await asyncio.to_thread(temporary.read_bytes)
        except (RenderFailed, OSError) as error:
            log.warning("no thumbnails", job=job.id, why=str(error))
            return None
        finally:
            await asyncio.to_thread(self._blobs.discard, temporary)
        return await self._keep(job.id, data)

    async def _keep(self, job_id: int, data: bytes) -> Path | None:
        """Named in the row before the file appears, so that a deletion always finds it."""
        name = blob_name(data, ".jpg")
        if not await self._database.write(lambda tx: keeping.set_strip(tx, job_id, name)):
            return None

        def put(tx: Transaction) -> bool:
            job = jobs.get(tx, job_id)
            if job is None or job.strip != name:
                return False
            self._blobs.put(data, ".jpg")
            return True

        return self._blobs.path(name) if await self._database.write(put) else None
