"""Where people enter and vote: from a form or a button to a use case, and back to a private answer."""

import contextlib

import discord
import structlog

from bot.challenges.buttons import kept_entry_id, own_credits_view
from bot.challenges.entry_posts import EntryPosts
from bot.challenges.forms import EnterForm, Given
from bot.challenges.masks import Masks
from bot.challenges.texts import ChallengeTexts
from bot.consent import Keep
from bot.errors import DISCORD_AWAY, ORDER_KEY, Refused
from bot.intake import Intake
from bot.pictures import Picture, Pictures
from generation.catalog import Catalog, Task
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges, Entered
from generation.dispatch import Dispatcher
from generation.errors import ChallengeRefused
from generation.orders import Orders, Placed
from generation.pricing import price_credits
from generation.request import ClipRequest, compose
from storage.challenges import Challenge
from storage.entries import Entry
from storage.errors import CapReached, PoolClosed, PoolExhausted

log = structlog.get_logger(__name__)

CLIPS_OFFERED = 25


class ChallengeDesk:
    """Entering and voting. Nothing is held before every rule has been checked, in the transaction that holds."""

    def __init__(
        self,
        challenges: Challenges,
        orders: Orders,
        dispatcher: Dispatcher,
        posts: ChallengePosts,
        *,
        intake: Intake,
        pictures: Pictures,
        catalog: Catalog,
        masks: Masks,
        entry_posts: EntryPosts,
        texts: ChallengeTexts,
    ) -> None:
        self._challenges = challenges
        self._orders = orders
        self._dispatcher = dispatcher
        self._posts = posts
        self._intake = intake
        self._pictures = pictures
        self._catalog = catalog
        self._masks = masks
        self._entry_posts = entry_posts
        self._texts = texts

    async def form(self, interaction: discord.Interaction, challenge_id: int) -> EnterForm:
        """The form to enter with. Raises ChallengeRefused for whom it would be no use to fill in."""
        guild_id, user_id = _who(interaction)
        challenge = await self._challenges.check_room(guild_id, challenge_id, user_id, None)
        if challenge.thread_id is None:
            raise ChallengeRefused("not_posted")
        clips = await self._orders.finished_clips(guild_id, user_id, CLIPS_OFFERED)

        async def enter(submitted: discord.Interaction, given: Given) -> None:
            await self._enter(submitted, challenge_id, given)

        shown = [clip for clip in clips if clip.visibility == "shown"]
        return EnterForm(challenge, shown, str(interaction.locale), enter)

    async def _enter(self, interaction: discord.Interaction, challenge_id: int, given: Given) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = _who(interaction)
        if given.clip_id is not None:
            entered = await self._challenges.enter_clip(guild_id, challenge_id, user_id, given.clip_id)
            challenge = await self._challenges.get(guild_id, challenge_id)
            self._masks.put_on(challenge, entered.entry)
            self._entry_posts.wake()
            await self._answer(interaction, challenge, entered)
            return
        challenge = await self._challenges.check_room(guild_id, challenge_id, user_id, given.prompt)
        async with contextlib.AsyncExitStack() as temporary:
            request, picture = await self._request(interaction, challenge, given, temporary)
            if picture is not None:
                await self._pictures.keep(picture)
            await self._place_or_offer(interaction, challenge, request)

    async def _place_or_offer(
        self, interaction: discord.Interaction, challenge: Challenge, request: ClipRequest, key: str | None = None
    ) -> None:
        """Enter at the pool's cost; a refusal of the pool carries a button with which its person may pay instead."""

        async def keep() -> str:
            return kept_entry_id(await self._keep(interaction, challenge, request))

        try:
            await self._place(interaction, challenge, request, pool_id=challenge.pool_id, keep=keep, key=key)
        except Refused as refusal:
            if isinstance(refusal.__cause__, CapReached | PoolExhausted | PoolClosed):
                offer_id = await self._keep(interaction, challenge, request)
                refusal.view = own_credits_view(offer_id, price_credits(request), str(interaction.locale))
            raise

    async def _keep(self, interaction: discord.Interaction, challenge: Challenge, request: ClipRequest) -> int:
        key, user_id = str(interaction.id), interaction.user.id
        return (await self._posts.keep_offer(key, challenge.id, user_id, request.recipe())).id

    async def enter_kept(self, interaction: discord.Interaction, offer_id: int, *, at_own_cost: bool) -> None:
        """Enter what was kept, and let its person pay or else the pool.

        Raises ChallengeRefused, Refused; idempotent on the offer.
        """
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = _who(interaction)
        offer = await self._posts.offer(offer_id)
        if offer.user_id != user_id:
            raise ChallengeRefused("not_yours")
        challenge = await self._challenges.get(guild_id, offer.challenge_id)
        request, key = ClipRequest.from_recipe(offer.recipe, self._catalog), f"challenge-offer:{offer_id}"
        if at_own_cost:
            await self._place(interaction, challenge, request, pool_id=None, key=key, at_own_cost=True)
        else:
            await self._place_or_offer(interaction, challenge, request, key=key)

    async def vote(self, interaction: discord.Interaction, entry_id: int) -> None:
        """Give, move or take back a vote, and say so privately. Raises ChallengeRefused."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = _who(interaction)
        challenge, entry, is_given = await self._challenges.vote(guild_id, entry_id, user_id=user_id)
        text = self._texts.voted(str(interaction.locale), challenge, entry, is_given=is_given)
        await interaction.followup.send(text, ephemeral=True)

    async def own_entries(self, guild_id: int, user_id: int) -> list[tuple[Challenge, Entry]]:
        """What the person may take back."""
        standing = await self._posts.standing()
        return [(one, entry) for one, entry in standing if (one.guild_id, entry.user_id) == (guild_id, user_id)]

    async def withdraw(self, interaction: discord.Interaction, entry_id: int) -> None:
        """Take an entry back, stop its render, and remove its message. Raises ChallengeRefused."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, user_id = _who(interaction)
        entry, job = await self._challenges.withdraw(guild_id, entry_id, user_id=user_id)
        challenge = await self._challenges.get(guild_id, entry.challenge_id)
        if job.state == "cancelled":
            await self._dispatcher.cancel(job.id, actor=user_id)
        if entry.message_id is not None and challenge.thread_id is not None and job.state == "succeeded":
            thread = interaction.client.get_partial_messageable(challenge.thread_id, guild_id=guild_id)
            try:
                await thread.get_partial_message(entry.message_id).delete()
            except DISCORD_AWAY as error:
                # The entry is out of the contest either way, and its button says so.
                log.info("entry's message not removed", entry=entry_id, why=str(error))
        text = self._texts.withdrawn(str(interaction.locale), challenge, entry, job)
        await interaction.followup.send(text, ephemeral=True)

    async def _request(
        self,
        interaction: discord.Interaction,
        challenge: Challenge,
        given: Given,
        temporary: contextlib.AsyncExitStack,
    ) -> tuple[ClipRequest, Picture | None]:
        task: Task = "animate" if given.picture is not None or challenge.still is not None else "imagine"
        offered = await self._intake.menu.offered(interaction.guild_id, task)
        model = self._intake.menu.choose(challenge.model_id, task, offered)
        if given.picture is None:
            sides = None
            if challenge.still_width is not None and challenge.still_height is not None:
                sides = challenge.still_width, challenge.still_height
            return compose(model, prompt=given.prompt, still=challenge.still, still_size=sides), None
        picture = await self._pictures.fetch(given.picture, temporary)
        sides = picture.prepared.width, picture.prepared.height
        return compose(model, prompt=given.prompt, still=picture.prepared.name, still_size=sides), picture

    async def _place(
        self,
        interaction: discord.Interaction,
        challenge: Challenge,
        request: ClipRequest,
        *,
        pool_id: int | None,
        key: str | None = None,
        keep: Keep | None = None,
        at_own_cost: bool = False,
    ) -> None:
        """Hold, enter and queue; the clip and its status go into the challenge's thread.

        ``at_own_cost`` is for an offer that its person has said they pay for themselves.
        """
        if challenge.thread_id is None:
            raise ChallengeRefused("not_posted")
        if key is not None:
            interaction.extras[ORDER_KEY] = key
        order = await self._intake.new_order(
            interaction,
            request,
            key=key,
            channel_id=challenge.thread_id,
            pool_id=pool_id,
            at_own_cost=at_own_cost,
        )
        entered: list[Entered] = []

        async def enter() -> list[Placed]:
            entered.append(await self._challenges.enter(challenge.id, order))
            # Before the status message is posted, which would name its person otherwise.
            self._masks.put_on(challenge, entered[0].entry)
            assert entered[0].placed is not None
            return [entered[0].placed]

        await self._intake.admit(interaction, enter, keep)
        await self._answer(interaction, challenge, entered[0])

    async def _answer(self, interaction: discord.Interaction, challenge: Challenge, entered: Entered) -> None:
        text = self._texts.entered(str(interaction.locale), challenge, entered)
        await interaction.followup.send(text, ephemeral=True)


def _who(interaction: discord.Interaction) -> tuple[int, int]:
    if interaction.guild_id is None:
        raise Refused("server-only")
    return interaction.guild_id, interaction.user.id
