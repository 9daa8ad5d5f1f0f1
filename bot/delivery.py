"""Brings every finished job to its owner, once: the clip, or why there is none. Survives restarts."""

from datetime import UTC, datetime

import discord
import structlog

from bot.courier import GONE, Courier
from bot.posting import ClipPost
from bot.rendering import JobTexts
from bot.status import FINAL_STATES, StatusBoard
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher, Update
from generation.errors import RenderFailed
from generation.orders import Orders, asked_in
from storage.jobs import Job

log = structlog.get_logger(__name__)


class Delivery(Courier):
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
        super().__init__(client, "delivery")
        self._orders = orders
        self._deliveries = deliveries
        self._posts = posts
        self._status = status
        self._texts = texts
        self._left_over: frozenset[int] = frozenset()
        dispatcher.listen(self._on_update)

    def _on_update(self, update: Update) -> None:
        if update.job.state in FINAL_STATES:
            self._work.set()

    async def recall(self) -> None:
        """At start: note what finished before, so that its post says that the bot was away."""
        self._left_over = frozenset(job.id for job in await self._deliveries.undelivered(1_000_000))

    async def _due(self, limit: int) -> list[int]:
        return [job.id for job in await self._deliveries.undelivered(limit)]

    async def _carry(self, item_id: int) -> bool:
        job = await self._orders.job(item_id)
        try:
            await self._deliver(job)
        except (*GONE, RenderFailed) as error:
            return await self._give_up(job, error)
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
        since = job.status_message_id or asked_in(job.key)
        after = since or discord.utils.time_snowflake(finished)
        return await self._find(job.guild_id, job.channel_id, after, self._texts.mark(job))

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
