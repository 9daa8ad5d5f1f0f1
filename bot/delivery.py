"""Brings every finished job to its owner, once: the clip, or why there is none. Survives restarts."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import discord
import structlog
from discord.backoff import ExponentialBackoff

from bot.rendering import JobTexts
from bot.status import FINAL_STATES, StatusBoard
from generation.darkroom import Darkroom
from generation.dispatch import Dispatcher, Update
from generation.errors import RenderFailed
from generation.orders import Orders
from storage.blobs import BlobStore
from storage.jobs import Job

log = structlog.get_logger(__name__)

BATCH = 20
REFIT_SHARE = 0.5
"""On 413 the clip is made this much smaller than what was refused: Discord does not say what it would take."""

POST_LIMIT = 8
HISTORY_SEARCHED = 200
GONE = (discord.NotFound, discord.Forbidden)


class Delivery:
    """Posts what is finished and not yet delivered. The effect comes first, then the mark; the effect is repeatable."""

    def __init__(
        self,
        client: discord.Client,
        orders: Orders,
        dispatcher: Dispatcher,
        *,
        blobs: BlobStore,
        darkroom: Darkroom,
        status: StatusBoard,
        texts: JobTexts,
    ) -> None:
        self._client = client
        self._orders = orders
        self._blobs = blobs
        self._darkroom = darkroom
        self._status = status
        self._texts = texts
        self._work = asyncio.Event()
        dispatcher.listen(self._on_update)

    def _on_update(self, update: Update) -> None:
        if update.job.state in FINAL_STATES:
            self._work.set()

    async def run(self) -> None:
        """Deliver until cancelled; whatever could not be delivered now is tried again, later and later."""
        backoff = ExponentialBackoff(base=1)
        while True:
            self._work.clear()
            jobs = await self._orders.undelivered(BATCH)
            outcomes = await asyncio.gather(*(self._deliver_safely(job) for job in jobs))
            if all(outcomes):
                backoff = ExponentialBackoff(base=1)
                if len(jobs) < BATCH:
                    await self._work.wait()
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(backoff.delay()):
                        await self._work.wait()

    async def _deliver_safely(self, job: Job) -> bool:
        try:
            await self._deliver(job)
        except (*GONE, RenderFailed) as error:
            log.warning("clip cannot be posted", job=job.id, why=str(error))
            await self._orders.abandon_delivery(job.id, str(error))
            await self._status.close(job, self._texts.status_kept(job))
        except (discord.HTTPException, OSError) as error:
            log.warning("delivery will be tried again", job=job.id, why=repr(error))
            return False
        except Exception:
            # One job that nobody foresaw must not keep all the others from their owners.
            log.exception("delivery broke", job=job.id)
            return False
        return True

    async def _deliver(self, job: Job) -> None:
        if job.state == "cancelled":
            await self._orders.delivered(job.id, job.status_message_id or 0)
            await self._status.close(job, self._texts.status(Update(job)))
            return
        message_id = await self._posted_before(job) if job.delivery == "posting" else None
        if message_id is None:
            await self._orders.begin_posting(job.id)
            message = await (self._post_clip(job) if job.state == "succeeded" else self._post_failure(job))
            message_id = message.id
        await self._orders.delivered(job.id, message_id)
        await self._status.close(job, self._texts.status_delivered(job, message_id))

    async def _posted_before(self, job: Job) -> int | None:
        """The message of an earlier try whose answer was never noted, found by its mark in the channel."""
        assert job.finished_at is not None
        finished = datetime.fromtimestamp(job.finished_at, UTC)
        after = discord.Object(job.status_message_id or discord.utils.time_snowflake(finished))
        mark = self._texts.mark(job)
        assert self._client.user is not None
        async for message in self._channel(job).history(after=after, limit=HISTORY_SEARCHED):
            if message.author.id == self._client.user.id and mark in message.content:
                return message.id
        return None

    async def _post_failure(self, job: Job) -> discord.Message:
        return await self._send(job, self._texts.failed(job))

    async def _post_clip(self, job: Job) -> discord.Message:
        assert job.clip is not None
        original = path = self._blobs.path(job.clip)
        limit = job.size_limit_bytes
        left = (await self._orders.balance(job.guild_id, job.user_id)).available
        for _ in range(POST_LIMIT):
            text = self._texts.finished(job, left, made_smaller=path != original)
            clip = discord.File(path, filename=f"stillmotion-{job.id}.mp4", description=self._texts.alt(job))
            try:
                return await self._send(job, text, clip)
            except discord.HTTPException as error:
                if error.status != 413:
                    raise
            limit = int(min(limit, path.stat().st_size) * REFIT_SHARE)
            path = await self._refit(job, original, limit)
        raise RenderFailed("too_big", f"still refused at {limit} bytes")

    async def _refit(self, job: Job, original: Path, limit_bytes: int) -> Path:
        path = self._blobs.incoming(f"{job.id}-refit.mp4")
        size_bytes = await self._darkroom.fit(original, path, limit_bytes)
        log.info("clip made smaller", job=job.id, bytes=size_bytes, limit=limit_bytes)
        return path

    async def _send(self, job: Job, text: str, clip: discord.File | None = None) -> discord.Message:
        mention = discord.AllowedMentions(users=[discord.Object(job.user_id)])
        files = [] if clip is None else [clip]
        # Within Discord's nonce window a repeated post returns the first one instead of a second.
        return await self._channel(job).send(text, files=files, allowed_mentions=mention, nonce=f"clip-{job.id}")

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
