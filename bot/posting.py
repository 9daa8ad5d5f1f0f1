"""The final message of a job: its clip with the buttons under it, or the words about why there is none."""

import asyncio

import discord

from bot.challenges.buttons import VoteEntryButton, vote_view
from bot.challenges.masks import Mask, Masks
from bot.clip_buttons import clip_view
from bot.parcels import Parcel, Parcels, Place, send
from bot.rendering import JobTexts
from generation.accounts import Accounts
from generation.comparison_orders import ComparisonOrders
from generation.comparisons import letter
from generation.lineage import Lineage
from storage.blobs import BlobStore
from storage.jobs import Job


class ClipPost:
    """The final message of a job; used by the delivery, and again by ``/show``."""

    def __init__(
        self,
        accounts: Accounts,
        lineage: Lineage,
        comparisons: ComparisonOrders,
        *,
        blobs: BlobStore,
        parcels: Parcels,
        texts: JobTexts,
        masks: Masks,
    ) -> None:
        self._accounts = accounts
        self._lineage = lineage
        self._comparisons = comparisons
        self._blobs = blobs
        self._parcels = parcels
        self._texts = texts
        self._masks = masks

    async def is_kept(self, job: Job) -> bool:
        """Whether the clip's file is still there."""
        return job.clip is not None and await asyncio.to_thread(self._blobs.holds, job.clip)

    def hides_maker(self, job: Job) -> bool:
        """Whether nobody may know now whose clip it is: the entry of a blind challenge."""
        mask = self._masks.of(job.id)
        return mask is not None and mask.hides_maker

    async def post(self, job: Job, channel: Place, *, nonce: str | None, was_away: bool = False) -> discord.Message:
        """Post the clip. Raises RenderFailed("too_big") if no size is small enough, and what ``send`` raises."""
        assert job.clip is not None
        left = await self._accounts.left_after(job)
        place = await self._lineage.place(job.id)
        compared = await self._comparisons.of_job(job.id)
        notes, mask = [], self._masks.of(job.id)
        # What a clip continues or is compared with names its maker.
        hides_maker = self.hides_maker(job)
        if place is not None and not hides_maker:
            notes.append(self._texts.continues(job, place.parent_id, place.part))
        if compared is not None and not hides_maker:
            notes.append(self._texts.compared(job, compared[0], letter(compared[1])))

        def words(made_smaller: bool) -> str:
            text = "\n".join([self._texts.finished(job, left, made_smaller=made_smaller), *notes])
            return self._away(job, text) if was_away else text

        parcel = Parcel(
            name=str(job.id),
            clip=self._blobs.path(job.clip),
            limit_bytes=job.size_limit_bytes,
            alt=self._texts.alt(job),
            mentions=None if hides_maker else job.user_id,
            words=words,
            nonce=nonce,
            view=_buttons(job, mask, parts=1 if place is None else place.part),
            is_anonymous=hides_maker,
        )
        return await self._parcels.post(parcel, channel)

    async def say(
        self,
        job: Job,
        channel: Place,
        text: str,
        *,
        nonce: str | None,
        was_away: bool = False,
        view: discord.ui.View | None = None,
    ) -> discord.Message:
        """Post ``text`` about the job, mentioning its owner, with the line that says that the bot was away."""
        told = self._away(job, text) if was_away else text
        return await send(channel, told, mentions=job.user_id, nonce=nonce, view=view)

    def _away(self, job: Job, text: str) -> str:
        return f"{self._texts.was_away(job)}\n{text}"


def _buttons(job: Job, mask: Mask | None, *, parts: int) -> discord.ui.View:
    """What is under a clip: an anonymous entry is only voted for, a named one is a clip like others as well."""
    if mask is not None and mask.hides_maker:
        return vote_view(mask.entry_id, job.locale)
    view = clip_view(job, parts=parts)
    if mask is not None and mask.takes_votes:
        view.add_item(VoteEntryButton(mask.entry_id, job.locale))
    return view
