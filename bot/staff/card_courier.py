"""Brings the cards that are owed to a server's instructors into their channel, once: reports, and clips to approve."""

import asyncio
import contextlib
import hashlib
from functools import partial

import discord
import structlog
from discord.ext import commands

from bot.courier import Courier, snowflake_at
from bot.errors import DISCORD_AWAY, GONE
from bot.lookup import can_be_pressed
from bot.parcels import Parcel, Parcels, send
from bot.staff.approving import approval_view
from bot.staff.card_texts import CardTexts
from bot.staff.channel import StaffChannel
from bot.staff.hiding import hide_view
from bot.status import StatusBoard
from bot.telling import tell_privately
from bot.workshop import Workshop
from generation.dispatch import Dispatcher
from generation.errors import RenderFailed
from generation.orders import Orders
from generation.patience import persist
from generation.teaching.cards import Cards
from generation.teaching.staff import Staff
from storage.blobs import BlobStore
from storage.errors import DatabaseUnusable
from storage.jobs import Job
from storage.staff_acts import by_the_bot
from storage.staff_cards import Card

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 60.0
"""Until a channel that could not be written to is tried again; Discord does not say when a right comes back."""


class StaffCards(Courier):
    """Posts cards, and keeps those of clips that wait where an instructor finds them.

    A card that cannot be posted waits, and its clip with it: the clip's person, the log and whoever turned approval
    on are told, and it goes up as soon as there is a channel.
    """

    def __init__(
        self,
        client: discord.Client,
        cards: Cards,
        orders: Orders,
        staff: Staff,
        dispatcher: Dispatcher,
        *,
        staff_channel: StaffChannel,
        blobs: BlobStore,
        parcels: Parcels,
        status: StatusBoard,
        texts: CardTexts,
    ) -> None:
        super().__init__(client, "card for the instructors")
        self._cards = cards
        self._orders = orders
        self._staff = staff
        self._staff_channel = staff_channel
        self._blobs = blobs
        self._parcels = parcels
        self._status = status
        self._texts = texts
        self._unreachable: set[int] = set()
        self._told: set[int] = set()
        dispatcher.listen(lambda update: self._work.set() if update.job.approval == "waiting" else None)

    async def run(self) -> None:
        """Carry until cancelled; meanwhile owe again what went with its channel while the bot was off."""
        async with asyncio.TaskGroup() as group:
            group.create_task(super().run())
            group.create_task(self._recall(), name="cards of an earlier process")

    async def _recall(self) -> None:
        for card in await persist(self._cards.undecided, "look for undecided clips"):
            try:
                await self._look_after(card)
            except (*DISCORD_AWAY, LookupError, DatabaseUnusable) as error:
                log.info("card not looked for", card=card.id, why=repr(error))
            except Exception:
                # One card that nobody foresaw must not end the bot, nor keep it from starting.
                log.exception("card not looked for", card=card.id)

    async def _look_after(self, card: Card) -> None:
        if card.post != "posted" or card.message_id is None:
            return  # it is brought anew, with the words for its person
        if not await can_be_pressed(self._client, card.guild_id, card.channel_id, card.message_id):
            await self._cards.lost(card.id, card.message_id)
            self.wake()
            return

        async def is_decided() -> bool:
            return (await self._orders.job(card.job_id)).approval != "waiting"

        job = await self._status.recall(await self._orders.job(card.job_id))
        await self._status.close(job, self._texts.waits(job, is_heard=True), unless=is_decided)

    async def move(self, guild_id: int) -> None:
        """The instructors' channel is another one now: bring there what nobody has decided on."""
        guild = self._client.get_guild(guild_id)
        channel_id = None if guild is None else await self._staff_channel.channel_of(guild)
        for card in await self._cards.undecided():
            if card.guild_id == guild_id and card.channel_id not in (None, channel_id):
                await self._remove(card)
                await self._cards.again(card.id)
        self.wake_for(guild_id)

    async def channel_deleted(self, channel: discord.abc.GuildChannel) -> None:
        """The cards in it are gone with it: owe again what nobody has decided on."""
        for card in await self._cards.undecided():
            if card.channel_id == channel.id:
                await self._cards.again(card.id)
        self.wake_for(channel.guild.id)

    def wake_for(self, guild_id: int) -> None:
        """Look now: the server has a new card, or a channel that can be written to."""
        self._unreachable.discard(guild_id)
        self.wake()

    async def _due(self, limit: int) -> list[int]:
        return await self._cards.owed(limit, without_guilds=self._unreachable)

    async def _carry(self, item_id: int) -> bool:
        if not self._knows_places:
            return False
        with contextlib.suppress(LookupError):  # its clip was taken back meanwhile, or its person forgotten
            await self._bring(await self._cards.get(item_id))
        return True

    async def _bring(self, card: Card) -> None:
        """Raises LookupError if nothing waits for the card any more, and what Discord raises."""
        item_id, job = card.id, await self._orders.job(card.job_id)
        if card.report_id is None and job.approval != "waiting":
            # It may have been posted before; the card of a clip that was taken back goes with its other messages then.
            if (found_id := await self._found(card, job)) is not None:
                await self._cards.posted(item_id, found_id)
            else:
                await self._cards.drop(item_id)
            return
        try:
            message_id = await self._found(card, job) or await self._post(card, job)
        except GONE as error:
            log.warning("instructors cannot be reached", card=item_id, why=str(error))
            message_id = None
        if message_id is None:
            await self._cards.again(item_id)
            await self._not_heard(card, job)
        else:
            await self._cards.posted(item_id, message_id)
            self._told.discard(card.guild_id)

    async def _found(self, card: Card, job: Job) -> int | None:
        """The message of an earlier try whose answer was never noted."""
        if card.post != "posting" or card.channel_id is None:
            return None
        after = job.status_message_id or job.message_id or snowflake_at(job.created_at)
        try:
            found = await self._find(card.guild_id, card.channel_id, after, self._texts.mark(card))
        except GONE:
            found = None
        if found is None:
            await self._cards.again(card.id)
        return found

    async def _post(self, card: Card, job: Job) -> int | None:
        """The new message; None if there is no channel. Raises what Discord raises."""
        guild = self._client.get_guild(card.guild_id)
        channel_id = None if guild is None else await self._staff_channel.channel_of(guild)
        if channel_id is None:
            return None
        if card.report_id is None:
            # Before the card: whoever approves it at once has the last word in the status message.
            await self._status.close(job, self._texts.waits(job, is_heard=True), or_post=True)
        await self._cards.begin(card.id, channel_id)
        channel = self._client.get_partial_messageable(channel_id, guild_id=card.guild_id)
        return (await self._send(card, job, channel)).id

    async def _send(self, card: Card, job: Job, channel: discord.PartialMessageable) -> discord.Message:
        # Of the channel too: a card that moves must not be taken for the one that was posted where it was before.
        digest = hashlib.sha256(f"{self._texts.mark(card)} {channel.id}".encode()).hexdigest()
        nonce, text = f"card-{digest[:20]}", self._texts.card(card, job)
        if card.report_id is not None:
            return await send(channel, text, mentions=None, nonce=nonce, view=hide_view(job))
        view, plain = approval_view(job), partial(send, channel, mentions=None, nonce=nonce)
        if job.clip is None or not await asyncio.to_thread(self._blobs.holds, job.clip):
            return await plain(self._texts.without_clip(text, job), view=view)
        parcel = Parcel(
            name=f"{job.id}-to-approve",
            clip=self._blobs.path(job.clip),
            limit_bytes=job.size_limit_bytes,
            alt=self._texts.alt(job),
            mentions=None,
            words=lambda made_smaller: text,
            nonce=nonce,
            view=view,
        )
        try:
            return await self._parcels.post(parcel, channel)
        except RenderFailed:
            return await plain(self._texts.without_clip(text, job), view=view)

    async def _not_heard(self, card: Card, job: Job) -> None:
        """Nobody can decide now: say so to the clip's person, into the log, and to who turned approval on."""
        loop = asyncio.get_running_loop()
        self._unreachable.add(card.guild_id)
        loop.call_later(LOOK_AGAIN_SECONDS, self.wake_for, card.guild_id)
        if card.report_id is None:
            await self._status.close(job, self._texts.waits(job, is_heard=False), or_post=True)
        about = "approval" if card.report_id is None else "report"
        await self._staff.note(
            by_the_bot(card.guild_id, "unheard", f"unheard:{card.id}", clip=str(job.id), about=about)
        )
        if card.guild_id in self._told:
            return
        self._told.add(card.guild_id)
        text = self._texts.unreachable(job)
        self._staff_channel.tell(text)
        if (told_id := (await self._staff.settings(card.guild_id)).approval_by) is not None:
            await tell_privately(self._client, told_id, text)

    async def _remove(self, card: Card) -> None:
        if card.channel_id is None or card.message_id is None:
            return
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        try:
            await channel.get_partial_message(card.message_id).delete()
        except DISCORD_AWAY as error:
            log.info("old card not removed", card=card.id, why=str(error))


def furnish_cards(
    shop: Workshop, bot: commands.Bot, room: StaffChannel, parcels: Parcels, status: StatusBoard, texts: CardTexts
) -> StaffCards:
    """Build what brings the cards, and let it hear of channels that are deleted; nothing runs yet."""
    cards = StaffCards(
        bot,
        shop.cards,
        shop.orders,
        shop.staff,
        shop.dispatcher,
        staff_channel=room,
        blobs=shop.blobs,
        parcels=parcels,
        status=status,
        texts=texts,
    )
    bot.add_listener(cards.channel_deleted, "on_guild_channel_delete")
    return cards
