"""The last message of a comparison: all its clips side by side, what differed, and the vote. Posted once."""

import asyncio
from pathlib import Path

import discord
import structlog

from bot.comparisons.buttons import vote_view
from bot.comparisons.texts import CompareTexts, mark_of_comparison
from bot.courier import Courier, snowflake_at
from bot.errors import GONE
from bot.parcels import Parcel, Parcels, send
from generation.comparison_orders import Compared, ComparisonOrders
from generation.comparisons import LEAST, letter
from generation.darkroom import Darkroom
from generation.deliveries import Deliveries
from generation.errors import RenderFailed
from generation.media.metadata import Metadata
from generation.privacy.keeping import Keeping
from storage.blobs import BlobStore

log = structlog.get_logger(__name__)


class ComparisonPost(Courier):
    """Waits until the owner knows of every clip how it ended, then posts what they add up to.

    As with clips the effect comes first and the mark after it; before a second try the channel is searched.
    """

    def __init__(
        self,
        client: discord.Client,
        comparisons: ComparisonOrders,
        deliveries: Deliveries,
        keeping: Keeping,
        *,
        blobs: BlobStore,
        darkroom: Darkroom,
        parcels: Parcels,
        texts: CompareTexts,
    ) -> None:
        super().__init__(client, "comparison")
        self._comparisons = comparisons
        self._keeping = keeping
        self._blobs = blobs
        self._darkroom = darkroom
        self._parcels = parcels
        self._texts = texts
        deliveries.listen(self._work.set)
        keeping.listen(self._work.set)

    async def _due(self, limit: int) -> list[int]:
        return await self._comparisons.due(limit)

    async def _carry(self, item_id: int) -> bool:
        compared = await self._comparisons.get(item_id)
        if all(job.state == "cancelled" for job in compared.jobs):
            await self._comparisons.abandon(item_id, "every clip was cancelled")
            return True
        try:
            message_id = await self._posted_before(compared) if compared.comparison.delivery == "posting" else None
            if message_id is None:
                await self._comparisons.begin_posting(item_id)
                message_id = await self._post(compared)
        except GONE as error:
            if not self._knows_places:
                return False
            await self._comparisons.abandon(item_id, str(error))
            return True
        for position in shown_in(compared):
            await self._keeping.note_post(compared.jobs[position].id, compared.comparison.channel_id, message_id)
        await self._comparisons.posted(item_id, message_id)
        return True

    async def _posted_before(self, compared: Compared) -> int | None:
        """The message of an earlier try whose answer was never noted."""
        one = compared.comparison
        # Discord's own clock wherever possible; the last message is younger than each clip's.
        posts = [job.message_id for job in compared.jobs if job.message_id is not None]
        after = max(posts, default=snowflake_at(one.created_at))
        return await self._find(one.guild_id, one.channel_id, after, mark_of_comparison(one.id))

    async def _post(self, compared: Compared) -> int:
        one, shown = compared.comparison, shown_in(compared)
        channel = self._client.get_partial_messageable(one.channel_id, guild_id=one.guild_id)
        nonce = f"compare-{one.id}"
        clips = [(letter(at), self._blobs.path(clip)) for at in shown if (clip := compared.jobs[at].clip) is not None]
        are_there = await asyncio.to_thread(_are_there, [path for _, path in clips])
        if clips and are_there:
            try:
                return (await self._post_side_by_side(compared, shown, clips, channel, nonce)).id
            except RenderFailed as error:
                # The clips themselves are in the channel; what differed is worth saying without the picture too.
                log.warning("no side-by-side", comparison=one.id, why=str(error))
        text = self._texts.result(compared, (), made_smaller=False)
        return (await send(channel, text, mentions=one.user_id, nonce=nonce)).id

    async def _post_side_by_side(
        self,
        compared: Compared,
        shown: tuple[int, ...],
        clips: list[tuple[str, Path]],
        channel: discord.abc.Messageable,
        nonce: str,
    ) -> discord.Message:
        one = compared.comparison
        alt = self._texts.alt(compared, shown)
        # A further try posts the same file; its name says what is in it.
        path = self._blobs.incoming(f"comparison-{one.id}-{''.join(name for name, _ in clips)}.mp4")
        if not await asyncio.to_thread(path.exists):
            metadata = Metadata(title=f"compare-{one.id}", description=alt)
            await self._darkroom.side_by_side(clips, path, one.size_limit_bytes, metadata)
        parcel = Parcel(
            name=f"comparison-{one.id}",
            clip=path,
            limit_bytes=one.size_limit_bytes,
            alt=alt,
            mentions=one.user_id,
            words=lambda made_smaller: self._texts.result(compared, shown, made_smaller=made_smaller),
            nonce=nonce,
            view=vote_view(compared, shown),
        )
        message = await self._parcels.post(parcel, channel)
        await asyncio.to_thread(self._blobs.discard, path)
        return message


def _are_there(paths: list[Path]) -> bool:
    return all(path.is_file() for path in paths)


def shown_in(compared: Compared) -> tuple[int, ...]:
    """Positions of the clips in the side-by-side: those that were made and that everybody may see."""
    shown = [at for at, job in enumerate(compared.jobs) if job.state == "succeeded" and job.visibility == "shown"]
    return tuple(shown) if len(shown) >= LEAST else ()
