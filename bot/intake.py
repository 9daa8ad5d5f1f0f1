"""From pictures and a wish to a job in line: the one way in, shared by all commands and the context menu."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import discord
import structlog

from bot.errors import DISCORD_AWAY, ORDER_KEY, Refused
from bot.instructors import asker_of
from bot.permissions import missing_permissions
from bot.pictures import Pictures, advice_lines
from bot.rendering import JobTexts
from bot.status import StatusBoard
from bot.unpaid import UNPAID, unpaid
from bot.wishes import Adviser, composer
from bot.wishes import Wish as Wish
from bot.words import Words
from generation.accounts import Accounts
from generation.catalog import Catalog, Model, Task
from generation.class_rules import Rules
from generation.darkroom import Look
from generation.dispatch import Dispatcher, Update
from generation.errors import RequestError
from generation.orders import NewOrder, Orders, Placed
from generation.patience import persist
from generation.pools import Pools
from generation.request import ClipRequest
from storage.drafts import Exercise
from storage.errors import DatabaseUnusable
from storage.jobs import Job, Lane

log = structlog.get_logger(__name__)

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
        adviser: Adviser,
        pools: Pools,
        rules: Rules,
        catalog: Catalog,
        pictures: Pictures,
        status: StatusBoard,
        texts: JobTexts,
        words: Words,
    ) -> None:
        self._orders = orders
        self._accounts = accounts
        self._dispatcher = dispatcher
        self._adviser = adviser
        self._pools = pools
        self._rules = rules
        self._catalog = catalog
        self._pictures = pictures
        self._status = status
        self._texts = texts
        self._words = words

    async def order(
        self,
        interaction: discord.Interaction,
        wish: Wish,
        still: discord.Attachment | None = None,
        end_still: discord.Attachment | None = None,
        lane: Lane = "class",
        exercise: Exercise | None = None,
        pool_id: int | None = None,
    ) -> None:
        """Answer at once, then check, hold, queue and post the status message; or ask first, where the coach says so.

        Without a still the clip is made from the prompt alone. Lane "demo" goes before everybody else: whoever asks
        for it has checked that the person is an instructor. ``pool_id`` pays instead of the person, who is not asked
        first then. Raises Refused, StillError, RequestError or RuleRefused; nothing is held then.
        """
        self.check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with contextlib.AsyncExitStack() as temporary:
            task: Task = "imagine" if still is None else "animate"
            model = self.choose_model(wish.model_id, task, await self.offered(interaction.guild_id, task))
            compose_with = composer(model, wish, has_still=still is not None, has_end_still=end_still is not None)
            # What does not depend on the pictures is refused, and read by the coach, before they are fetched.
            sketch = compose_with(None, None)
            # A draft does not remember who pays for it.
            is_asked = lane == "class" and pool_id is None and exercise != LIMITS_EXERCISE
            opinion = await self._adviser.opinion(interaction, sketch) if is_asked else None
            look = None if opinion is None else Look(sketch.model.shape(wish.shape_id), sketch.model.side_step)
            first = None if still is None else await self._pictures.fetch(still, temporary, look)
            last = None if end_still is None else await self._pictures.fetch(end_still, temporary)
            request, stills = compose_with(first, last), [one for one in (first, last) if one is not None]
            await self.check_room(interaction, request, pool_id=pool_id)
            for one in stills:
                await self._pictures.keep(one)
            if opinion is not None:
                await self._adviser.ask(interaction, request, opinion, first, exercise)
                return
            await self.submit(interaction, request, lane=lane, exercise=exercise, pool_id=pool_id)
        await self.close_answer(interaction, first.prepared.advice if first else ())

    async def order_together(
        self,
        interaction: discord.Interaction,
        wishes: Sequence[Wish],
        still: discord.Attachment,
        exercise: Exercise,
        place: Callable[[Sequence[NewOrder]], Awaitable[list[Placed]]],
    ) -> None:
        """Several clips from one still, all or none by ``place``; otherwise as ``order``, and never asking first."""
        self.check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        offered = await self.offered(interaction.guild_id, "animate")
        models = [self.choose_model(wish.model_id, "animate", offered) for wish in wishes]
        composers = [composer(*both, has_still=True, has_end_still=False) for both in zip(models, wishes, strict=True)]
        for compose_with in composers:
            compose_with(None, None)
        async with contextlib.AsyncExitStack() as temporary:
            first = await self._pictures.fetch(still, temporary)
            requests = [compose_with(first, None) for compose_with in composers]
            await self.check_room(interaction, *requests)
            await self._pictures.keep(first)
            keys = [str(interaction.id), *(f"{interaction.id}-{number}" for number in range(2, len(requests) + 1))]
            orders = [
                await self.new_order(interaction, request, key=key, exercise=exercise)
                for key, request in zip(keys, requests, strict=True)
            ]
            await self.admit(interaction, partial(place, orders))
        await self.close_answer(interaction, first.prepared.advice)

    async def submit(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        lane: Lane = "class",
        key: str | None = None,
        exercise: Exercise | None = None,
        pool_id: int | None = None,
    ) -> Placed:
        """Hold, queue and post the status message of a request whose stills are kept; the answer is the caller's.

        Raises Refused, RequestError or RuleRefused; nothing is held then. Idempotent on the ``key``, which is the
        interaction itself where none is given.
        """
        if self.is_resting(request.model):
            raise Refused("model-resting", model=request.model.label)
        if key is not None:
            interaction.extras[ORDER_KEY] = key
        order = await self.new_order(interaction, request, key=key, lane=lane, exercise=exercise, pool_id=pool_id)
        [placed] = await self.admit(interaction, partial(self._orders.place_all, [order]))
        return placed

    async def admit(
        self, interaction: discord.Interaction, place: Callable[[], Awaitable[list[Placed]]]
    ) -> list[Placed]:
        """Let ``place`` put orders of one person into the table, all or none, then queue them with their messages.

        Raises Refused, RequestError or RuleRefused; nothing is held then, and what was placed is cancelled.
        """
        try:
            placed = await place()
        except UNPAID as error:
            raise await unpaid(interaction, error, accounts=self._accounts, pools=self._pools) from error
        for one in placed:
            job = one.job
            about = {"user": job.user_id, "guild": job.guild_id, "model": job.model_id, "credits": job.price_credits}
            log.info("order placed", job=job.id, new=one.is_new, **about)
        new = [one.job for one in placed if one.is_new]
        for job in new:
            try:
                await self._open(job)
            except Refused:
                for other in new:
                    await self._dispatcher.cancel(other.id, actor=other.user_id)
                raise
        return placed

    async def offered(self, guild_id: int | None, task: Task) -> list[Model]:
        """The menu of this class for the task: without models that rest, and without those its instructors took off."""
        off = frozenset[str]() if guild_id is None else (await self._rules.of(guild_id)).models_off
        return [
            model
            for model in self._catalog
            if task in model.tasks and model.id not in off and not self.is_resting(model)
        ]

    def choose_model(self, model_id: str | None, task: Task, offered: Sequence[Model]) -> Model:
        """The model of that id, or the first one offered; never one that rests. Raises Refused or RequestError."""
        if model_id is not None and model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=model_id)
        able = [model for model in self._catalog if task in model.tasks]
        if model_id is None and not able:
            raise Refused(f"nobody-can-{task}")
        model = (offered or able)[0] if model_id is None else self._catalog[model_id]
        if self.is_resting(model):
            raise Refused("model-resting", model=model.label)
        return model

    def is_resting(self, model: Model) -> bool:
        """Whether the model is off the menu for now."""
        return self._dispatcher.health.is_resting(model.id)

    async def check_room(
        self, interaction: discord.Interaction, *requests: ClipRequest, pool_id: int | None = None
    ) -> None:
        """Refuse what cannot be paid or is one clip too many, before any file is kept for it; ``admit`` decides."""
        assert interaction.guild_id is not None
        try:
            asker = await asker_of(interaction)
            await self._orders.check_room(
                interaction.guild_id, interaction.user.id, *requests, pool_id=pool_id, asker=asker
            )
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
            locale=str(interaction.guild_locale or interaction.locale),
            # The clip is posted by the bot itself, so the server's own limit counts as well as the person's.
            size_limit_bytes=min(interaction.filesize_limit, guild.filesize_limit),
            request=request,
            lane=lane,
            exercise=exercise,
            continues=continues,
            pool_id=pool_id,
            asker=await asker_of(interaction),
        )

    async def _open(self, job: Job) -> None:
        try:
            await self._status.open(job)
        except (discord.Forbidden, discord.NotFound) as error:
            raise Refused("posting") from error
        except (*DISCORD_AWAY, DatabaseUnusable) as error:
            # Discord or the disk may be away for a moment; the clip will still be made and delivered.
            log.warning("no status message", job=job.id, why=repr(error))
        await self._join(job)

    async def _join(self, placed: Job) -> None:
        """Into the line, unless its person took it back while the status message was under way."""
        job = await persist(partial(self._orders.job, placed.id), "read the placed job")
        if job.state == "cancelled":
            await self._status.close(job, self._texts.status(Update(job)))
        else:
            await self._dispatcher.enqueue(job)

    async def close_answer(self, interaction: discord.Interaction, advice: Sequence[str]) -> None:
        """The public status message says the rest; the private answer stays only if there is advice to read."""
        try:
            if not advice:
                await interaction.delete_original_response()
                return
            hints = advice_lines(self._words, str(interaction.locale), advice)
            await interaction.edit_original_response(content="\n".join(hints), attachments=[], view=None)
        except DISCORD_AWAY as error:
            log.info("answer not closed", user=interaction.user.id, why=str(error))

    def check_permissions(self, interaction: discord.Interaction) -> None:
        """Refuse where the clip could not be posted later, before anything is promised."""
        if interaction.guild is None:
            raise Refused("server-only")
        if missing := missing_permissions(interaction, self._words):
            raise Refused("permissions", missing=missing)
