"""From pictures and a wish to a job in line: the one way in, shared by all commands and the context menu."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import discord
import structlog

from bot.coaching import CoachCard
from bot.consent import Consent, Keep
from bot.errors import DISCORD_AWAY, GONE, ORDER_KEY, Refused, answer_error
from bot.menu import Menu
from bot.permissions import missing_permissions
from bot.pictures import Pictures, advice_lines
from bot.rendering import JobTexts
from bot.staff.instructors import asker_of
from bot.status import StatusBoard
from bot.unpaid import UNPAID, unpaid
from bot.wishes import Wish, composer
from bot.words import Words, server_locale
from generation.accounts import Accounts
from generation.catalog import Task
from generation.darkroom import Look
from generation.dispatch import Dispatcher
from generation.orders import NewOrder, Orders, Placed
from generation.patience import persist
from generation.pools import Pools
from generation.request import ClipRequest
from storage.drafts import Exercise
from storage.errors import DatabaseUnusable
from storage.jobs import Job, Lane

log = structlog.get_logger(__name__)

ANNOUNCE_SECONDS = 1.5
"""How long an order's answer waits for its status message, which makes it unnecessary; a busy channel takes longer."""

LIMITS_EXERCISE: Exercise = "c"
"""In it prompts are meant to go too far, so nobody is asked whether they mean it."""


class Intake:
    """Takes orders. Nothing is held before everything about the order has been checked."""

    def __init__(
        self,
        orders: Orders,
        accounts: Accounts,
        dispatcher: Dispatcher,
        *,
        card: CoachCard,
        consent: Consent,
        pools: Pools,
        menu: Menu,
        pictures: Pictures,
        status: StatusBoard,
        texts: JobTexts,
        words: Words,
    ) -> None:
        self._orders = orders
        self._accounts = accounts
        self._dispatcher = dispatcher
        self._card = card
        self._consent = consent
        self._pools = pools
        self.menu = menu
        self._pictures = pictures
        self._status = status
        self._texts = texts
        self._words = words
        self._announcing: set[asyncio.Task[None]] = set()

    async def order(
        self,
        interaction: discord.Interaction,
        wish: Wish,
        still: discord.Attachment | None = None,
        end_still: discord.Attachment | None = None,
        lane: Lane = "class",
        exercise: Exercise | None = None,
    ) -> None:
        """Answer at once, then check, hold, queue and post the status message; or ask first, where the coach says so.

        Without a still the clip is made from the prompt alone. Lane "demo" goes before everybody else: whoever asks
        for it has checked that the person is an instructor. Raises Refused, StillError, RequestError or RuleRefused;
        nothing is held then.
        """
        self.check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with contextlib.AsyncExitStack() as temporary:
            task: Task = "imagine" if still is None else "animate"
            model = self.menu.choose(wish.model_id, task, await self.menu.offered(interaction.guild_id, task))
            compose_with = composer(model, wish, has_still=still is not None, has_end_still=end_still is not None)
            # What does not depend on the pictures is refused, and read by the coach, before they are fetched.
            sketch = compose_with(None, None)
            is_asked = lane == "class" and exercise != LIMITS_EXERCISE
            opinion = await self._card.opinion(interaction, sketch) if is_asked else None
            look = None if opinion is None else Look(sketch.model.shape(wish.shape_id), sketch.model.side_step)
            first = None if still is None else await self._pictures.fetch(still, temporary, look)
            last = None if end_still is None else await self._pictures.fetch(end_still, temporary)
            request, stills = compose_with(first, last), [one for one in (first, last) if one is not None]
            pool_id = await self.check_room(interaction, request)
            for one in stills:
                await self._pictures.keep(one)
            if opinion is not None:
                await self._card.ask(interaction, request, opinion, first, exercise, pool_id)
                return
            terms: dict[str, Any] = {"exercise": exercise, "lane": lane, "pool_id": pool_id}
            keep = partial(self._card.keep, interaction, request, first, **terms)
            placed = await self.submit(interaction, request, keep=keep, **terms)
        await self.close_answer(interaction, first.prepared.advice if first else (), placed.job)

    async def submit(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        lane: Lane = "class",
        key: str | None = None,
        exercise: Exercise | None = None,
        pool_id: int | None = None,
        keep: Keep | None = None,
    ) -> Placed:
        """Hold, queue and post the status message of a request whose stills are kept; the answer is the caller's.

        Raises Refused, RequestError or RuleRefused; nothing is held then. Idempotent on the ``key``, which is the
        interaction itself where none is given. ``keep`` is as in ``admit``.
        """
        if self.menu.is_resting(request.model):
            raise Refused("model-resting", model=request.model.label)
        if key is not None:
            interaction.extras[ORDER_KEY] = key
        order = await self.new_order(interaction, request, key=key, lane=lane, exercise=exercise, pool_id=pool_id)
        [placed] = await self.admit(interaction, partial(self._orders.place_all, [order]), keep)
        return placed

    async def admit(
        self,
        interaction: discord.Interaction,
        place: Callable[[], Awaitable[list[Placed]]],
        keep: Keep | None = None,
    ) -> list[Placed]:
        """Let ``place`` put orders of one person into the table, all or none, then queue them with their messages.

        Raises Refused, RequestError or RuleRefused; what was placed is cancelled then, but for clips that are made
        already. Whoever has not accepted the notice is shown it first, and ``keep`` keeps the orders meanwhile; a
        pressed button needs none, as it is pressed again.
        """
        try:
            placed = await self._consent.guarded(interaction, place, keep)
        except UNPAID as error:
            raise await unpaid(interaction, error, accounts=self._accounts, pools=self._pools) from error
        for one in placed:
            job = one.job
            about = {"user": job.user_id, "guild": job.guild_id, "model": job.model_id, "credits": job.price_credits}
            log.info("order placed", job=job.id, new=one.is_new, **about)
        # Into the line at once: the messages wait for what Discord allows to a channel, and no device for them.
        joined = [one.job for one in placed if one.is_new and await self._join(one.job)]
        announcing = asyncio.create_task(self._announce(joined), name="status messages of an order")
        self._announcing.add(announcing)
        done, _ = await asyncio.wait({announcing}, timeout=ANNOUNCE_SECONDS)
        if done:
            self._announcing.discard(announcing)
            announcing.result()
        else:
            announcing.add_done_callback(partial(self._announced, interaction))
        return placed

    async def _announce(self, joined: Sequence[Job]) -> None:
        for job in joined:
            try:
                await self._open(job)
            except GONE as error:
                ended = [await self._dispatcher.cancel(other.id, actor=other.user_id) for other in joined]
                faster = [f"#{other.id}" for other in ended if other.state != "cancelled"]
                if not faster:
                    raise Refused("posting") from error
                raise Refused("posting-late", finished=", ".join(faster), others=len(ended) - len(faster)) from error

    def _announced(self, interaction: discord.Interaction, announcing: asyncio.Task[None]) -> None:
        """What was not announced in time went wrong after all: its person has had their answer, and gets another."""
        self._announcing.discard(announcing)
        if not announcing.cancelled() and (error := announcing.exception()) is not None:
            telling = asyncio.create_task(answer_error(interaction, self._words, error), name="late refusal")
            self._announcing.add(telling)
            telling.add_done_callback(self._announcing.discard)

    async def close(self) -> None:
        """Leave the messages that are not posted yet to the next start."""
        while tasks := tuple(self._announcing):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._announcing.difference_update(tasks)

    async def check_room(self, interaction: discord.Interaction, *requests: ClipRequest) -> int | None:
        """Refuse what cannot be paid or is one clip too many, before any file is kept for it; ``admit`` decides.

        Returns the pool that would pay, None for the person: an order that was begun under it is paid by it or not
        placed.
        """
        assert interaction.guild_id is not None
        try:
            asker = await asker_of(interaction)
            return await self._orders.check_room(interaction.guild_id, interaction.user.id, *requests, asker=asker)
        except UNPAID as error:
            raise await unpaid(interaction, error, accounts=self._accounts, pools=self._pools) from error

    async def new_order(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        key: str | None = None,
        lane: Lane = "class",
        exercise: Exercise | None = None,
        continues: int | None = None,
        pool_id: int | None = None,
        at_own_cost: bool = False,
        channel_id: int | None = None,
    ) -> NewOrder:
        """The request as an order of this person, in this channel and under the interaction's id unless given.

        It carries who asks, so that the class's rules bind it wherever it is placed.
        """
        guild = interaction.guild
        assert guild is not None
        assert interaction.channel_id is not None
        return NewOrder(
            key=key or str(interaction.id),
            guild_id=guild.id,
            channel_id=channel_id or interaction.channel_id,
            user_id=interaction.user.id,
            locale=server_locale(interaction),
            # The clip is posted by the bot itself, so the server's own limit counts as well as the person's.
            size_limit_bytes=min(interaction.filesize_limit, guild.filesize_limit),
            request=request,
            lane=lane,
            exercise=exercise,
            continues=continues,
            pool_id=pool_id,
            at_own_cost=at_own_cost,
            asker=await asker_of(interaction),
        )

    async def _open(self, job: Job) -> None:
        try:
            await self._status.open(job)
        except GONE:
            raise
        except (*DISCORD_AWAY, DatabaseUnusable) as error:
            # Discord or the disk may be away for a moment; the clip will still be made and delivered.
            log.warning("no status message", job=job.id, why=repr(error))

    async def _join(self, placed: Job) -> bool:
        """Into the line, unless it was taken back in the moment since it was placed; whether it is there."""
        job = await persist(partial(self._orders.job, placed.id), "read the placed job")
        if job.state == "cancelled":
            return False
        self._status.expect(job)
        await self._dispatcher.enqueue(job)
        return True

    async def close_answer(self, interaction: discord.Interaction, advice: Sequence[str], *jobs: Job) -> None:
        """The public status message says the rest; the private answer stays for advice, or until that message comes."""
        locale = str(interaction.locale)
        lines = advice_lines(self._words, locale, advice)
        if awaited := [f"#{job.id}" for job in jobs if self._status.is_awaited(job.id)]:
            lines.insert(0, self._words(locale, "order-taken", jobs=", ".join(awaited), count=len(awaited)))
        try:
            if not lines:
                await interaction.delete_original_response()
                return
            await interaction.edit_original_response(content="\n".join(lines), attachments=[], view=None)
        except DISCORD_AWAY as error:
            log.info("answer not closed", user=interaction.user.id, why=str(error))

    def check_permissions(self, interaction: discord.Interaction) -> None:
        """Refuse where the clip could not be posted later, before anything is promised."""
        if interaction.guild is None:
            raise Refused("server-only")
        if missing := missing_permissions(interaction, self._words):
            raise Refused("permissions", missing=missing)
