"""Brings every finished job to its owner, once: the clip, or why there is none. Survives restarts."""

import contextlib
from collections.abc import Sequence

import discord
import structlog

from bot.courier import Courier, snowflake_at
from bot.errors import DISCORD_AWAY, GONE
from bot.posting import ClipPost
from bot.rendering import JobTexts, Why
from bot.staff.approving import why_view
from bot.status import FINAL_STATES, StatusBoard
from bot.telling import tell_privately
from bot.traces import Traces
from bot.turns import LAST_WORDS, Turns
from generation.clock import Clock
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher
from generation.errors import RenderFailed
from generation.orders import Orders
from generation.privacy.keeping import Keeping
from generation.updates import Update
from storage.jobs import Job
from storage.staff_acts import THE_BOTS_ID

log = structlog.get_logger(__name__)

AWAY_SECONDS = 60.0
"""A clip that is posted later than this after it was finished says that the bot was away."""


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
        keeping: Keeping,
        posts: ClipPost,
        status: StatusBoard,
        texts: JobTexts,
        turns: Turns,
        clock: Clock,
    ) -> None:
        super().__init__(client, "delivery")
        self._orders = orders
        self._deliveries = deliveries
        self._dispatcher = dispatcher
        self._keeping = keeping
        self._posts = posts
        self._status = status
        self._texts = texts
        self._turns = turns
        self._clock = clock
        self._traces = Traces(client, texts)
        self._restored_up_to = 0
        self._left_over: frozenset[int] = frozenset()
        dispatcher.listen(self._on_update)

    def _on_update(self, update: Update) -> None:
        if update.job.state in FINAL_STATES:
            self._work.set()

    async def recall(self) -> list[Job]:
        """At start: note what finished before, so that its post says that the bot was away; returns those jobs."""
        left_over = await self._deliveries.undelivered(1_000_000)
        self._left_over = frozenset(job.id for job in left_over)
        self._restored_up_to = await self._deliveries.restored_up_to()
        return left_over

    async def end_what_had_ended(self, unfinished: Sequence[Job]) -> None:
        """At start, once Discord can be asked: cancel what was cancelled or failed after this database was copied.

        Its person has read that it is over and was not charged, so it is not made again. What had become a clip is:
        that clip is found in its channel then, and not posted a second time.
        """
        for job in unfinished:
            if job.id > self._restored_up_to:
                continue
            try:
                if await self._traces.had_last_words(job) and not await self._traces.post_of(job, with_clip=True):
                    await self._dispatcher.cancel(job.id, actor=THE_BOTS_ID)
                    log.info("job had ended after the copy was taken", job=job.id)
            except DISCORD_AWAY as error:
                log.warning("status message not found after the restore", job=job.id, why=repr(error))

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
            last_words = self._texts.status(Update(job), charge=await self._orders.charge_state(job))
            if (status_id := await self._status.close(job, last_words)) is None:
                await self._deliveries.abandon_delivery(job.id, "cancelled without a status message")
            else:
                await self._deliveries.delivered(job.id, status_id)
            return
        may_be_there = job.delivery == "posting" or job.id <= self._restored_up_to
        message_id = await self._posted_before(job) if may_be_there else None
        if message_id is None:
            await self._deliveries.begin_posting(job.id)
            async with self._turns.take(job.channel_id, LAST_WORDS, job.finished_at or 0.0):
                self._status.overtake(job.id)
                message_id = (await self._send(job)).id
        charge = await self._orders.charge_state(job)
        await self._status.close(job, self._texts.status_delivered(job, message_id, charge))
        await self._deliveries.delivered(job.id, message_id)

    async def _give_up(self, job: Job, error: Exception) -> bool:
        """The channel does not take it: keep the clip for ``/show``, or pay back if the whole server is gone."""
        if not self._knows_places:
            return False
        log.warning("clip cannot be posted", job=job.id, why=str(error))
        is_put_out = self._client.get_guild(job.guild_id) is None
        if is_put_out:
            await self._orders.refund(job.id, "removed")
        charge = await self._orders.charge_state(job)
        why: Why = "size" if isinstance(error, RenderFailed) and error.fault == "too_big" else "posting"
        await self._status.close(job, self._texts.status_undelivered(job, charge, why))
        if not is_put_out:
            await self._tell_elsewhere(job, self._texts.undelivered(job, charge, why))
        await self._deliveries.abandon_delivery(job.id, str(error))
        return True

    async def _tell_elsewhere(self, job: Job, text: str) -> None:
        """In the channel if words may be posted there and tell nobody whose entry it is, else privately."""
        if not self._posts.hides_maker(job):
            mark, channel_id = self._texts.kept_mark(job), job.channel_id
            channel = self._client.get_partial_messageable(channel_id, guild_id=job.guild_id)
            after = job.status_message_id or snowflake_at(job.created_at)
            with contextlib.suppress(*DISCORD_AWAY):
                message_id = await self._find(job.guild_id, channel_id, after, mark)
                if message_id is None:
                    message_id = (await self._posts.say(job, channel, f"{text}\n{mark}", nonce=f"kept-{job.id}")).id
                await self._keeping.note_post(job.id, channel_id, message_id)
                return
        await tell_privately(self._client, job.user_id, text)

    async def _posted_before(self, job: Job) -> int | None:
        """The message of an earlier try whose answer was never noted, or of a life that the database forgot."""
        # In that life the job may have failed before it was made again.
        with_clip = job.id <= self._restored_up_to and job.state == "succeeded"
        return await self._traces.post_of(job, with_clip=with_clip)

    async def _send(self, job: Job) -> discord.Message:
        is_late = self._clock() - await self._deliveries.due_since(job) > AWAY_SECONDS
        was_away, view = job.id in self._left_over or is_late, None
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        nonce = f"clip-{job.id}"
        if job.state != "succeeded":
            text = self._texts.failed(job, await self._orders.charge_state(job))
        elif job.approval == "declined":
            text, view = self._texts.declined(job), why_view(job)
        elif await self._posts.is_kept(job):
            return await self._posts.post(job, channel, nonce=nonce, was_away=was_away)
        else:
            await self._orders.refund(job.id, "lost")
            text = self._texts.lost(job)
        return await self._posts.say(job, channel, text, nonce=nonce, was_away=was_away, view=view)
