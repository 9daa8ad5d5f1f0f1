"""Brings every finished job to its owner, once: the clip, or why there is none. Survives restarts."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import discord
import structlog
from discord.backoff import ExponentialBackoff

from bot.errors import DISCORD_AWAY
from bot.posting import ClipPost
from bot.rendering import JobTexts
from bot.status import FINAL_STATES, StatusBoard
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher, Update
from generation.errors import RenderFailed
from generation.orders import Orders
from generation.patience import persist
from storage.errors import DatabaseUnusable
from storage.jobs import Job

log = structlog.get_logger(__name__)

AT_ONCE = 20
LONGEST_PAUSE_SECONDS = 60.0
HISTORY_SEARCHED = 2000
"""Messages after the status message among which an earlier post is looked for: twenty requests at the most."""

GONE = (discord.NotFound, discord.Forbidden)


class Delivery:
    """Posts what is finished and not yet delivered.

    The effects come first (the post, then the last words of the status message), then the mark. The effects are
    repeatable: within a few minutes Discord's nonce makes a second post the first one, and before any second try the
    channel is searched for the first.
    """

    def __init__(
        self,
        client: discord.Client,
        orders: Orders,
        deliveries: Deliveries,
        dispatcher: Dispatcher,
        *,
        posts: ClipPost,
        status: StatusBoard,
        texts: JobTexts,
    ) -> None:
        self._client = client
        self._orders = orders
        self._deliveries = deliveries
        self._posts = posts
        self._status = status
        self._texts = texts
        self._work = asyncio.Event()
        self._under_way: set[int] = set()
        self._left_over: frozenset[int] = frozenset()
        self._slots = asyncio.Semaphore(AT_ONCE)
        dispatcher.listen(self._on_update)

    def _on_update(self, update: Update) -> None:
        if update.job.state in FINAL_STATES:
            self._work.set()

    async def recall(self) -> None:
        """At start: note what finished before, so that its post says that the bot was away."""
        self._left_over = frozenset(job.id for job in await self._deliveries.undelivered(1_000_000))

    async def run(self) -> None:
        """Deliver until cancelled. Each job is tried until its owner knows, on its own: none waits for another."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._work.clear()
                read = partial(self._deliveries.undelivered, AT_ONCE + len(self._under_way))
                for job in await persist(read, "look for undelivered clips"):
                    if job.id not in self._under_way:
                        self._under_way.add(job.id)
                        group.create_task(self._see_through(job.id), name=f"delivery of job {job.id}")
                await self._work.wait()

    async def _see_through(self, job_id: int) -> None:
        backoff = ExponentialBackoff(base=1)
        while True:
            if await self._try(job_id):
                break
            await asyncio.sleep(min(backoff.delay(), LONGEST_PAUSE_SECONDS))
        self._under_way.discard(job_id)
        self._work.set()

    async def _try(self, job_id: int) -> bool:
        """Whether the delivery is over, one way or the other."""
        try:
            async with self._slots:
                job = await self._orders.job(job_id)
                try:
                    await self._deliver(job)
                except (*GONE, RenderFailed) as error:
                    return await self._give_up(job, error)
        except (*DISCORD_AWAY, DatabaseUnusable) as error:
            log.warning("delivery will be tried again", job=job_id, why=repr(error))
            return False
        except Exception:
            # One job that nobody foresaw must not keep all the others from their owners.
            log.exception("delivery broke", job=job_id)
            return False
        return True

    async def _deliver(self, job: Job) -> None:
        if job.state == "cancelled":
            await self._status.close(job, self._texts.status(Update(job)))
            if job.status_message_id is None:
                await self._deliveries.abandon_delivery(job.id, "cancelled without a status message")
            else:
                await self._deliveries.delivered(job.id, job.status_message_id)
            return
        message_id = await self._posted_before(job) if job.delivery == "posting" else None
        if message_id is None:
            await self._deliveries.begin_posting(job.id)
            message_id = (await self._send(job)).id
        await self._status.close(job, self._texts.status_delivered(job, message_id))
        await self._deliveries.delivered(job.id, message_id)

    async def _give_up(self, job: Job, error: Exception) -> bool:
        """The channel does not take it: keep the clip for ``/show``, or pay back if the whole server is gone."""
        if not self._client.is_ready():
            return False  # only then is it known which servers the bot is in
        log.warning("clip cannot be posted", job=job.id, why=str(error))
        if self._client.get_guild(job.guild_id) is None:
            await self._orders.refund(job.id, "removed")
        last_words = self._texts.status_kept(job) if job.state == "succeeded" else self._texts.status(Update(job))
        await self._status.close(job, last_words)
        await self._deliveries.abandon_delivery(job.id, str(error))
        return True

    async def _posted_before(self, job: Job) -> int | None:
        """The message of an earlier try whose answer was never noted, found by its mark in the channel."""
        assert job.finished_at is not None
        finished = datetime.fromtimestamp(job.finished_at, UTC)
        # Discord's own clock wherever possible: ours may have been wrong when the job finished.
        since = job.status_message_id or (int(job.key) if job.key.isdecimal() else None)
        after = discord.Object(since or discord.utils.time_snowflake(finished))
        mark = self._texts.mark(job)
        assert self._client.user is not None
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        async for message in channel.history(after=after, limit=HISTORY_SEARCHED):
            if message.author.id == self._client.user.id and mark in message.content:
                return message.id
        return None

    async def _send(self, job: Job) -> discord.Message:
        was_away = job.id in self._left_over
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        nonce = f"clip-{job.id}"
        if job.state != "succeeded":
            text = self._texts.failed(job)
        elif await self._posts.is_kept(job):
            return await self._posts.post(job, channel, nonce=nonce, was_away=was_away)
        else:
            await self._orders.refund(job.id, "lost")
            text = self._texts.lost(job)
        return await self._posts.say(job, channel, text, nonce=nonce, was_away=was_away)
