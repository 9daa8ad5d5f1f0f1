"""Offers: says privately what would be made and what it costs, and orders it once the person says yes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
import structlog

from bot.comparisons.texts import CompareTexts
from bot.errors import DISCORD_AWAY, ORDER_KEY, Refused
from bot.intake import Intake
from bot.offer_buttons import go_id, offer_view
from bot.remarks import Remarks, remarks_on
from bot.words import Words
from generation.accounts import Accounts
from generation.coach.drafts import Coaching, opinion
from generation.comparison_orders import ComparisonOrders
from generation.comparisons import Varied
from generation.darkroom import Darkroom
from generation.dispatch import Dispatcher
from generation.errors import RenderFailed, RequestError
from generation.line.prospects import Outlook
from generation.orders import Orders, Placed
from generation.proposals import LAST_FRAME, Proposal, ProposalOutdated, Proposals
from generation.request import ClipRequest
from storage.blobs import BlobStore

log = structlog.get_logger(__name__)


class Offers:
    """From a wish out of a finished clip, or of ``/compare``, to jobs in line. Nothing is held before the yes."""

    def __init__(
        self,
        intake: Intake,
        orders: Orders,
        accounts: Accounts,
        dispatcher: Dispatcher,
        proposals: Proposals,
        comparisons: ComparisonOrders,
        *,
        coaching: Coaching,
        blobs: BlobStore,
        darkroom: Darkroom,
        texts: CompareTexts,
        words: Words,
    ) -> None:
        self._intake = intake
        self._orders = orders
        self._accounts = accounts
        self._dispatcher = dispatcher
        self._proposals = proposals
        self._comparisons = comparisons
        self._coaching = coaching
        self._blobs = blobs
        self._darkroom = darkroom
        self._texts = texts
        self._words = words

    async def offer(
        self,
        interaction: discord.Interaction,
        requests: Sequence[ClipRequest],
        *,
        title: str,
        varied: Varied | None = None,
        continues: int | None = None,
        still: str | None = None,
    ) -> None:
        """Answer the interaction with the price, the wait and a button that orders; deferred or not before.

        ``still`` names a picture that was kept for this offer alone. Raises Refused or RequestError.
        """
        self._intake.check_permissions(interaction)
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True, thinking=True)
        await self._check(requests)
        pool_id = await self._intake.check_room(interaction, *requests)
        terms = {"varied": varied, "continues": continues, "still": still, "pool_id": pool_id}
        proposal = self.proposal(interaction, requests, **terms)
        await self._proposals.keep(proposal)
        locale = str(interaction.locale)
        balance = await self._accounts.balance(proposal.guild_id, proposal.user_id)
        remarks = await self._remarks(proposal, locale)
        text = self._texts.offer(locale, proposal, title, balance.available, self._outlook(proposal), remarks)
        price = 0 if pool_id is not None else proposal.price_credits
        view = offer_view(locale, proposal.id, price, has_rewrite=remarks.rewrite is not None)
        await interaction.followup.send(text, view=view, ephemeral=True)

    async def _remarks(self, proposal: Proposal, locale: str) -> Remarks:
        """What the coach says of the offer, to people who want to hear it."""
        if not await self._coaching.shows_card(proposal.guild_id, proposal.user_id):
            return Remarks()
        return remarks_on(self._words, locale, proposal.requests)

    @staticmethod
    def proposal(interaction: discord.Interaction, requests: Sequence[ClipRequest], **terms: Any) -> Proposal:
        """The requests as an offer to this person, on these terms of a Proposal; not kept yet."""
        assert interaction.guild_id is not None
        whom: dict[str, Any] = {"id": interaction.id, "guild_id": interaction.guild_id, "user_id": interaction.user.id}
        return Proposal(**whom, requests=tuple(requests), **terms)

    async def keep(self, proposal: Proposal) -> str:
        """Keep the offer; returns the id of the button that takes it."""
        await self._proposals.keep(proposal)
        return go_id(proposal.id)

    def _outlook(self, proposal: Proposal) -> Outlook:
        """When the first one would begin, and how long all of them render."""
        each = [
            self._dispatcher.prospect(proposal.guild_id, proposal.user_id, request) for request in proposal.requests
        ]
        known = [one.render_seconds for one in each if one.render_seconds is not None]
        return replace(each[0], render_seconds=sum(known) if len(known) == len(each) else None)

    async def take(self, interaction: discord.Interaction, proposal_id: int, *, is_rewritten: bool = False) -> None:
        """Order what was offered, or the one clip of it in the coach's words. A second yes orders nothing more.

        Raises Refused or RequestError.
        """
        proposal = await self._offered(interaction, proposal_id)
        if is_rewritten:
            proposal = _rewritten(proposal)
        interaction.extras[ORDER_KEY] = proposal.keys[0]
        self._intake.check_permissions(interaction)
        await self._check(proposal.requests)
        await interaction.response.defer()
        placed = await self._place(interaction, proposal)
        jobs = ", ".join(f"#{one.job.id}" for one in placed)
        text = self._words(str(interaction.locale), "offer-taken", count=len(placed), jobs=jobs)
        try:
            await interaction.edit_original_response(content=text, view=None)
        except DISCORD_AWAY as error:
            log.info("offer not closed", offer=proposal_id, why=repr(error))

    async def _offered(self, interaction: discord.Interaction, proposal_id: int) -> Proposal:
        try:
            proposal = await self._proposals.get(proposal_id)
        except LookupError as error:
            raise Refused("offer-gone") from error
        except (ProposalOutdated, RequestError) as error:
            raise Refused("offer-outdated") from error
        if (proposal.guild_id, proposal.user_id) != (interaction.guild_id, interaction.user.id):
            raise Refused("not-yours")
        return proposal

    async def _place(self, interaction: discord.Interaction, proposal: Proposal) -> list[Placed]:
        last_frame = None
        if any(request.still == LAST_FRAME for request in proposal.requests):
            last_frame = await self._last_frame(interaction, proposal)
        orders = [
            await self._intake.new_order(
                interaction,
                request if last_frame is None else replace(request, still=last_frame),
                key=key,
                continues=proposal.continues,
                pool_id=proposal.pool_id,
                exercise=proposal.exercise,
            )
            for key, request in zip(proposal.keys, proposal.requests, strict=True)
        ]
        if proposal.varied is None:
            return await self._intake.admit(interaction, partial(self._orders.place_all, orders))
        return await self._intake.admit(interaction, partial(self._comparisons.place, orders, proposal.varied))

    async def _last_frame(self, interaction: discord.Interaction, proposal: Proposal) -> str:
        """The last frame of the clip that is continued, kept as a still."""
        assert proposal.continues is not None
        job = await self._orders.job(proposal.continues)
        if (
            job.clip is None
            or job.visibility in ("deleted", "hidden")
            or not await asyncio.to_thread(self._blobs.holds, job.clip)
        ):
            raise Refused("clip-file-gone", job=str(job.id))
        target = self._blobs.incoming(f"frame-{interaction.id}.png")
        try:
            await self._darkroom.last_frame(self._blobs.path(job.clip), target)
            return await asyncio.to_thread(self._blobs.adopt, target)
        except RenderFailed as error:
            raise Refused("clip-file-gone", job=str(job.id)) from error
        finally:
            await asyncio.to_thread(self._blobs.discard, target)

    async def _check(self, requests: Sequence[ClipRequest]) -> None:
        """Refuse models that rest, and stills that are gone."""
        for request in requests:
            if self._intake.menu.is_resting(request.model):
                raise Refused("model-resting", model=request.model.label)
            for still in (request.still, request.end_still):
                if still not in (None, LAST_FRAME) and not await asyncio.to_thread(self._blobs.holds, still):
                    raise Refused("still-gone")


def _rewritten(proposal: Proposal) -> Proposal:
    """The offer with the rewrite that it showed; the coach is deterministic."""
    [request] = proposal.requests
    better = opinion(request).rewrite
    if better is None:
        raise Refused("offer-outdated")
    return replace(proposal, requests=(replace(request, prompt=better),))
