"""From pictures and a wish to a job in line: the one way in, shared by all commands and the context menu."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import discord
import structlog

from bot.asking import ask_view
from bot.errors import DISCORD_AWAY, Refused
from bot.instructors import asker_of
from bot.pictures import Picture, Pictures
from bot.rendering import JobTexts, quoted
from bot.status import StatusBoard
from bot.words import Words, timestamp
from generation.accounts import Accounts
from generation.catalog import Catalog, Model, PresetName, Task
from generation.class_rules import Rules
from generation.dispatch import Dispatcher, Update
from generation.errors import RequestError
from generation.orders import NewOrder, Orders, Placed
from generation.patience import persist
from generation.pools import Pools
from generation.request import ClipRequest, compose
from storage.errors import CapReached, DatabaseUnusable, InsufficientCredits, PoolClosed, PoolExhausted
from storage.jobs import Job, Lane

log = structlog.get_logger(__name__)

NEEDED = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, read_message_history=True)
NEEDED_IN_THREADS = discord.Permissions(
    view_channel=True, send_messages_in_threads=True, attach_files=True, read_message_history=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person typed beside the pictures; nothing is checked yet. None means: as the menu has it."""

    prompt: str
    model_id: str | None = None
    shape_id: str | None = None
    seconds: float | None = None
    preset: PresetName = "fast"
    camera: str = ""
    negative_prompt: str = ""
    sound: bool = False
    seed: int | None = None


Unpaid = InsufficientCredits | CapReached | PoolExhausted | PoolClosed
UNPAID = (InsufficientCredits, CapReached, PoolExhausted, PoolClosed)
"""Why an order is not paid for, by the person or by a pool."""

PENDING = "pending"
"""Stands for a still that was attached and is not fetched yet."""


class Intake:
    """Takes orders. Nothing is held before everything about the order has been checked."""

    def __init__(
        self,
        orders: Orders,
        accounts: Accounts,
        dispatcher: Dispatcher,
        *,
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
        pool_id: int | None = None,
    ) -> None:
        """Answer at once, then check, hold, queue and post the status message.

        Without a still the clip is made from the prompt alone. Lane "demo" goes before everybody else: whoever asks
        for it has checked that the person is an instructor. ``pool_id`` pays instead of the person. Raises Refused,
        StillError or RequestError; nothing is held then.
        """
        self._check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with contextlib.AsyncExitStack() as temporary:
            task: Task = "imagine" if still is None else "animate"
            model = self.choose_model(wish.model_id, task, await self.offered(interaction.guild_id, task))
            request, stills = await self._request(model, wish, still, end_still, temporary)
            await self._check_credits(interaction, request, pool_id)
            for one in stills:
                await self._pictures.keep(one)
            await self.submit(interaction, request, lane=lane, pool_id=pool_id)
        await self._close_answer(interaction, stills[0].prepared.advice if stills else ())

    async def submit(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        lane: Lane = "class",
        pool_id: int | None = None,
    ) -> Placed:
        """Hold, queue and post the status message of a request whose stills are kept; the answer is the caller's.

        Raises Refused or RequestError; nothing is held then. Idempotent on the interaction.
        """
        order = await self.new_order(interaction, request, lane=lane, pool_id=pool_id)
        return await self.admit(interaction, partial(self._orders.place, order))

    async def admit(self, interaction: discord.Interaction, place: Callable[[], Awaitable[Placed]]) -> Placed:
        """Let ``place`` hold, then queue and post the status. Raises Refused caused by UNPAID; nothing is held then."""
        try:
            placed = await place()
        except UNPAID as error:
            raise await self._unpaid(interaction, error) from error
        job = placed.job
        about = {"user": job.user_id, "guild": job.guild_id, "model": job.model_id, "credits": job.price_credits}
        log.info("order placed", job=job.id, new=placed.is_new, **about)
        if placed.is_new:
            await self._open(placed)
        return placed

    async def _request(
        self,
        model: Model,
        wish: Wish,
        still: discord.Attachment | None,
        end_still: discord.Attachment | None,
        temporary: contextlib.AsyncExitStack,
    ) -> tuple[ClipRequest, list[Picture]]:
        def composed(first: Picture | None, last: Picture | None) -> ClipRequest:
            return compose(
                model,
                prompt=wish.prompt,
                still=None if still is None else first.prepared.name if first else PENDING,
                still_size=None if first is None else (first.prepared.width, first.prepared.height),
                end_still=None if end_still is None else last.prepared.name if last else PENDING,
                shape_id=wish.shape_id,
                seconds=wish.seconds,
                preset=wish.preset,
                seed=wish.seed,
                camera=wish.camera,
                negative_prompt=wish.negative_prompt,
                sound=wish.sound,
            )

        # What does not depend on the pictures is refused before they are fetched.
        composed(None, None)
        first = None if still is None else await self._pictures.fetch(still, temporary)
        last = None if end_still is None else await self._pictures.fetch(end_still, temporary)
        return composed(first, last), [one for one in (first, last) if one is not None]

    async def offered(self, guild_id: int | None, task: Task) -> list[Model]:
        """The menu of this class for the task: without models that rest, and without those its instructors took off."""
        off = frozenset[str]() if guild_id is None else (await self._rules.of(guild_id)).models_off
        return [
            model
            for model in self._catalog
            if task in model.tasks and model.id not in off and not self._dispatcher.health.is_resting(model.id)
        ]

    def choose_model(self, model_id: str | None, task: Task, offered: list[Model]) -> Model:
        """The model that was asked for, or the first one offered. Raises Refused (one that rests), RequestError."""
        if model_id is not None and model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=model_id)
        able = [model for model in self._catalog if task in model.tasks]
        if model_id is not None:
            model = self._catalog[model_id]
        elif able:
            model = (offered or able)[0]
        else:
            raise Refused(f"nobody-can-{task}")
        if self._dispatcher.health.is_resting(model.id):
            raise Refused("model-resting", model=model.label)
        return model

    async def _check_credits(self, interaction: discord.Interaction, request: ClipRequest, pool_id: int | None) -> None:
        """Refuse what cannot be paid or is one clip too many, before any file is kept for it; ``place`` decides."""
        assert interaction.guild_id is not None
        try:
            asker = await asker_of(interaction)
            await self._orders.check_room(
                interaction.guild_id, interaction.user.id, request, pool_id=pool_id, asker=asker
            )
        except UNPAID as error:
            raise await self._unpaid(interaction, error) from error

    async def _unpaid(self, interaction: discord.Interaction, error: Unpaid) -> Refused:
        assert interaction.guild_id is not None
        if not isinstance(error, InsufficientCredits):
            pool = quoted((await self._pools.get(error.pool_id)).title)
            match error:
                case CapReached():
                    return Refused("pool-cap", pool=pool, needed=error.needed, left=error.left)
                case PoolExhausted():
                    return Refused("pool-exhausted", pool=pool, needed=error.needed, available=error.available)
                case _:
                    return Refused("pool-closed", pool=pool)
        top_up, _ = await self._accounts.next_top_up(interaction.guild_id)
        return Refused(
            "insufficient",
            view=ask_view(error.needed - error.available, str(interaction.locale)),
            needed=error.needed,
            available=error.available,
            when=timestamp(top_up),
        )

    async def new_order(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        key: str | None = None,
        channel_id: int | None = None,
        lane: Lane = "class",
        pool_id: int | None = None,
    ) -> NewOrder:
        """The request as an order of this person, here and under the interaction's id unless said otherwise."""
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
            pool_id=pool_id,
            asker=await asker_of(interaction),
        )

    async def _open(self, placed: Placed) -> None:
        job = placed.job
        try:
            await self._status.open(job)
        except (discord.Forbidden, discord.NotFound) as error:
            await self._dispatcher.cancel(job.id, actor=job.user_id)
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

    async def _close_answer(self, interaction: discord.Interaction, advice: tuple[str, ...]) -> None:
        """The public status message says the rest; the private answer stays only if there is advice to read."""
        try:
            if not advice:
                await interaction.delete_original_response()
                return
            locale = str(interaction.locale)
            hints = [self._words(locale, "advice", advice=self._words(locale, f"advice-{key}")) for key in advice]
            await interaction.edit_original_response(content="\n".join(hints))
        except DISCORD_AWAY as error:
            log.info("answer not closed", user=interaction.user.id, why=str(error))

    def _check_permissions(self, interaction: discord.Interaction) -> None:
        """Refuse where the clip could not be posted later, before anything is promised."""
        if interaction.guild is None:
            raise Refused("server-only")
        if missing := missing_permissions(interaction, self._words):
            raise Refused("permissions", missing=missing)


def missing_permissions(interaction: discord.Interaction, words: Words) -> str:
    """What the bot may not do in this channel that posting a clip takes, for people to read; empty if it may."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = NEEDED_IN_THREADS if in_thread else NEEDED
    missing = [name for name, wanted in needed if wanted and not getattr(interaction.app_permissions, name)]
    return ", ".join(words(str(interaction.locale), f"permission-{name}") for name in missing)
