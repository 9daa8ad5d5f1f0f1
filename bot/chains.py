"""Joins a chain of clips into one and posts it; free, because nothing is rendered."""

import asyncio

import discord

from bot.chain_texts import ChainTexts
from bot.errors import Refused
from bot.parcels import Parcel, Parcels
from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from generation.lineage import Lineage
from generation.media.metadata import Metadata
from generation.privacy.keeping import Keeping
from storage.blobs import BlobStore
from storage.jobs import Job


class Chains:
    """Everything about clips that continue each other, once they are made."""

    def __init__(
        self,
        lineage: Lineage,
        keeping: Keeping,
        *,
        blobs: BlobStore,
        darkroom: Darkroom,
        parcels: Parcels,
        texts: ChainTexts,
    ) -> None:
        self._lineage = lineage
        self._keeping = keeping
        self._blobs = blobs
        self._darkroom = darkroom
        self._parcels = parcels
        self._texts = texts
        self._under_way: set[int] = set()

    async def parent(self, job: Job) -> int | None:
        """The clip that this one continues."""
        place = await self._lineage.place(job.id)
        return None if place is None else place.parent_id

    async def join(self, job: Job, channel: discord.abc.Messageable, limit_bytes: int) -> None:
        """Post everything up to this part as one clip. Raises Refused, or what posting raises.

        While it is under way, and for as long as Discord remembers the nonce, a second press posts nothing more.
        """
        if job.id in self._under_way:
            raise Refused("join-under-way")
        parts = await self._lineage.chain(job.id)
        for part in parts:
            if part.visibility != "shown" or part.clip is None or not await self._holds(part.clip):
                raise Refused("join-part-gone", job=str(part.id))
        self._under_way.add(job.id)
        try:
            message = await self._post(job, parts, channel, limit_bytes)
        except RenderFailed as error:
            raise Refused("join-failed", count=len(parts), why=error.fault) from error
        finally:
            self._under_way.discard(job.id)
        for part in parts:
            await self._keeping.note_post(part.id, message.channel.id, message.id)

    async def _post(
        self, job: Job, parts: list[Job], channel: discord.abc.Messageable, limit_bytes: int
    ) -> discord.Message:
        alt = self._texts.alt(job, parts)
        path = self._blobs.incoming(f"joined-{job.id}.mp4")
        clips = [self._blobs.path(part.clip) for part in parts if part.clip is not None]
        try:
            await self._darkroom.join(clips, path, limit_bytes, Metadata(title=f"#{job.id}", description=alt))
            parcel = Parcel(
                name=f"joined-{job.id}",
                clip=path,
                limit_bytes=limit_bytes,
                alt=alt,
                mentions=job.user_id,
                words=lambda made_smaller: self._texts.joined(job, parts, made_smaller=made_smaller),
                nonce=f"joined-{job.id}",
            )
            return await self._parcels.post(parcel, channel)
        finally:
            await asyncio.to_thread(self._blobs.discard, path)

    async def _holds(self, clip: str) -> bool:
        return await asyncio.to_thread(self._blobs.holds, clip)
