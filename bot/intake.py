"""From pictures and a wish to a job in line: the one way in, shared by all commands and the context menu."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import discord
import structlog

from bot.errors import DISCORD_AWAY, ORDER_KEY, Refused
from bot.pictures import Picture, Pictures
from bot.rendering import JobTexts, advice_lines
from bot.status import StatusBoard
from bot.wishes import Adviser
from bot.wishes import Wish as Wish
from bot.words import Words, timestamp
from generation.accounts import Accounts
from generation.catalog import Catalog, Model, Task
from generation.darkroom import Look
from generation.dispatch import Dispatcher, Update
from generation.errors import RequestError
from generation.orders import NewOrder, Orders, Placed
from generation.patience import persist
from generation.request import ClipRequest, compose
from storage.drafts import Exercise
from storage.errors import DatabaseUnusable, InsufficientCredits
from storage.jobs import Job, Lane

log = structlog.get_logger(__name__)

NEEDED = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, read_message_history=True)
NEEDED_IN_THREADS = discord.Permissions(
    view_channel=True, send_messages_in_threads=True, attach_files=True, read_message_history=True
)


PENDING = "pending"
"""Stands for a still that was attached and is not fetched yet."""


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
    ) -> None:
        """Answer at once, then check, hold, queue and post the status message; or ask first, where the coach says so.

        Without a still the clip is made from the prompt alone. Lane "demo" goes before everybody else: whoever asks
        for it has checked that the person is an instructor. Raises Refused, StillError or RequestError;
        nothing is held then.
        """
        self.check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with contextlib.AsyncExitStack() as temporary:
            compose_with = self._composer(wish, has_still=still is not None, has_end_still=end_still is not None)
            # What does not depend on the pictures is refused, and read by the coach, before they are fetched.
            sketch = compose_with(None, None)
            is_asked = lane == "class" and exercise != LIMITS_EXERCISE
            opinion = await self._adviser.opinion(interaction, sketch) if is_asked else None
            look = None if opinion is None else Look(sketch.model.shape(wish.shape_id), sketch.model.side_step)
            first = None if still is None else await self._pictures.fetch(still, temporary, look)
            last = None if end_still is None else await self._pictures.fetch(end_still, temporary)
            request, stills = compose_with(first, last), [one for one in (first, last) if one is not None]
            await self.check_room(interaction, request)
            for one in stills:
                await self._pictures.keep(one)
            if opinion is not None:
                await self._adviser.ask(interaction, request, opinion, first, exercise)
                return
            await self.submit(interaction, request, lane=lane, exercise=exercise)
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
        composers = [self._composer(wish, has_still=True, has_end_still=False) for wish in wishes]
        for compose_with in composers:
            compose_with(None, None)
        async with contextlib.AsyncExitStack() as temporary:
            first = await self._pictures.fetch(still, temporary)
            requests = [compose_with(first, None) for compose_with in composers]
            await self.check_room(interaction, *requests)
            await self._pictures.keep(first)
            keys = [str(interaction.id), *(f"{interaction.id}-{number}" for number in range(2, len(requests) + 1))]
            orders = [
                self.new_order(interaction, request, key=key, exercise=exercise)
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
    ) -> Placed:
        """Hold, queue and post the status message of a request whose stills are kept; the answer is the caller's.

        Raises Refused or RequestError; nothing is held then. Idempotent on the ``key``, which is the interaction
        itself where none is given.
        """
        if self.is_resting(request.model):
            raise Refused("model-resting", model=request.model.label)
        if key is not None:
            interaction.extras[ORDER_KEY] = key
        order = self.new_order(interaction, request, key=key, lane=lane, exercise=exercise)
        [placed] = await self.admit(interaction, partial(self._orders.place_all, [order]))
        return placed

    async def admit(
        self, interaction: discord.Interaction, place: Callable[[], Awaitable[list[Placed]]]
    ) -> list[Placed]:
        """Let ``place`` put orders of one person into the table, all or none, then queue them with their messages.

        Raises Refused or RequestError; nothing is held then, and what was placed is cancelled.
        """
        assert interaction.guild_id is not None
        try:
            placed = await place()
        except InsufficientCredits as error:
            raise await self._too_poor(interaction.guild_id, error) from error
        for one in placed:
            log.info(
                "order placed",
                job=one.job.id,
                user=one.job.user_id,
                guild=one.job.guild_id,
                model=one.job.model_id,
                credits=one.job.price_credits,
                new=one.is_new,
            )
        new = [one.job for one in placed if one.is_new]
        for job in new:
            try:
                await self._open(job)
            except Refused:
                for other in new:
                    await self._dispatcher.cancel(other.id, actor=other.user_id)
                raise
        return placed

    def _composer(
        self, wish: Wish, *, has_still: bool, has_end_still: bool
    ) -> Callable[[Picture | None, Picture | None], ClipRequest]:
        """What makes a request of the wish and its pictures, each PENDING while it is not fetched."""
        model = self._model(wish, "animate" if has_still else "imagine")

        def composed(first: Picture | None, last: Picture | None) -> ClipRequest:
            return compose(
                model,
                prompt=wish.prompt,
                still=(first.prepared.name if first else PENDING) if has_still else None,
                still_size=None if first is None else (first.prepared.width, first.prepared.height),
                end_still=(last.prepared.name if last else PENDING) if has_end_still else None,
                shape_id=wish.shape_id,
                seconds=wish.seconds,
                preset=wish.preset,
                seed=wish.seed,
                camera=wish.camera,
                negative_prompt=wish.negative_prompt,
                sound=wish.sound,
            )

        return composed

    def _model(self, wish: Wish, task: Task) -> Model:
        """The model that was asked for, or the first on the menu that can do the task; never one that rests."""
        model = self._chosen(wish, task)
        if self.is_resting(model):
            raise Refused("model-resting", model=model.label)
        return model

    def is_resting(self, model: Model) -> bool:
        """Whether the model is off the menu for now."""
        return self._dispatcher.health.is_resting(model.id)

    def _chosen(self, wish: Wish, task: Task) -> Model:
        if wish.model_id is None:
            able = [model for model in self._catalog if task in model.tasks]
            if not able:
                raise Refused(f"nobody-can-{task}")
            return able[0]
        if wish.model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=wish.model_id)
        return self._catalog[wish.model_id]

    async def check_room(self, interaction: discord.Interaction, *requests: ClipRequest) -> None:
        """Refuse what cannot be paid or is one clip too many, before any file is kept for it; ``admit`` decides."""
        assert interaction.guild_id is not None
        try:
            await self._orders.check_room(interaction.guild_id, interaction.user.id, *requests)
        except InsufficientCredits as error:
            raise await self._too_poor(interaction.guild_id, error) from error

    async def _too_poor(self, guild_id: int, error: InsufficientCredits) -> Refused:
        top_up, _ = await self._accounts.next_top_up(guild_id)
        return Refused("insufficient", needed=error.needed, available=error.available, when=timestamp(top_up))

    def new_order(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        *,
        key: str | None = None,
        lane: Lane = "class",
        exercise: Exercise | None = None,
        continues: int | None = None,
    ) -> NewOrder:
        """The request as an order of this person in this channel; ``key`` is the interaction's id unless given."""
        guild = interaction.guild
        assert guild is not None
        assert interaction.channel_id is not None
        return NewOrder(
            key=key or str(interaction.id),
            guild_id=guild.id,
            channel_id=interaction.channel_id,
            user_id=interaction.user.id,
            locale=str(interaction.guild_locale or interaction.locale),
            # The clip is posted by the bot itself, so the server's own limit counts as well as the person's.
            size_limit_bytes=min(interaction.filesize_limit, guild.filesize_limit),
            request=request,
            lane=lane,
            exercise=exercise,
            continues=continues,
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


def missing_permissions(interaction: discord.Interaction, words: Words) -> str:
    """What the bot may not do in this channel that posting a clip takes, for people to read; empty if it may."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = NEEDED_IN_THREADS if in_thread else NEEDED
    missing = [name for name, wanted in needed if wanted and not getattr(interaction.app_permissions, name)]
    return ", ".join(words(str(interaction.locale), f"permission-{name}") for name in missing)
