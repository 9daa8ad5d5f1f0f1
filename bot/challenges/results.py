"""Tells how a challenge ended, in its thread: winners by name, a contact sheet and a reel of every entry."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import discord
import structlog

from bot.challenges.texts import ChallengeTexts, shown_in
from generation.challenges import contests
from generation.challenges.use_cases import Challenges, Gallery
from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from generation.media.metadata import Metadata
from storage.blobs import BlobStore
from storage.challenges import Challenge
from storage.entries import Entry

log = structlog.get_logger(__name__)

REFIT_SHARE = 0.5
"""On 413 both files are made this much smaller than what was refused: Discord does not say what it would take."""

POST_LIMIT = 6

MENTIONS_LIMIT = 100
"""People whom Discord lets one message notify by name."""


class Results:
    """Posts the results of challenges."""

    def __init__(
        self,
        client: discord.Client,
        challenges: Challenges,
        *,
        blobs: BlobStore,
        darkroom: Darkroom,
        texts: ChallengeTexts,
    ) -> None:
        self._client = client
        self._challenges = challenges
        self._blobs = blobs
        self._darkroom = darkroom
        self._texts = texts

    def mark(self, challenge: Challenge) -> str:
        """Stands in the message of the results and in no other."""
        return self._texts.mark(challenge, "results")

    async def post(self, challenge: Challenge) -> int:
        """Post them and return the message's id; without its files where no size is small enough.

        Raises discord.HTTPException.
        """
        return await self._told(await self._gallery(challenge), self._send)

    async def retell(self, challenge: Challenge) -> Sequence[Entry]:
        """Put what stands now in place of what was posted: clips that are gone or hidden are in neither file any more.

        Returns the entries as they were told. Raises discord.HTTPException.
        """
        assert challenge.thread_id is not None
        thread = await self._client.fetch_channel(challenge.thread_id)
        if isinstance(thread, discord.Thread) and thread.archived:
            # Nothing can be edited in a thread that rests.
            await thread.edit(archived=False)
        gallery = await self._gallery(challenge)
        await self._told(gallery, self._edit)
        return gallery.entries

    async def _gallery(self, challenge: Challenge) -> Gallery:
        return await self._challenges.gallery(challenge.guild_id, challenge.id)

    async def _told(self, gallery: Gallery, tell: Callable[[Gallery, list[discord.File]], Awaitable[int]]) -> int:
        challenge = gallery.challenge
        guild = self._client.get_guild(challenge.guild_id)
        limit_bytes = min(challenge.size_limit_bytes, guild.filesize_limit if guild else challenge.size_limit_bytes)
        clips = await self._clips(gallery) if challenge.state == "closed" else []
        for _ in range(POST_LIMIT if clips else 0):
            async with self._made(gallery, clips, limit_bytes) as files:
                try:
                    return await tell(gallery, files)
                except discord.HTTPException as error:
                    if error.status != 413 or not files:
                        raise
                largest_bytes = max(path.stat().st_size for path in self._paths(challenge) if path.exists())
            limit_bytes = int(min(limit_bytes, largest_bytes) * REFIT_SHARE)
        return await tell(gallery, [])

    async def _send(self, gallery: Gallery, files: list[discord.File]) -> int:
        challenge = gallery.challenge
        place = contests.decided(gallery.entries)
        # Who was forgotten has a negative number, which Discord does not take.
        names = [] if place is None else dict.fromkeys(one.user_id for one in place.entries if one.user_id > 0)
        winners = [discord.Object(user_id) for user_id in list(names)[:MENTIONS_LIMIT]]
        assert challenge.thread_id is not None
        thread = self._client.get_partial_messageable(challenge.thread_id, guild_id=challenge.guild_id)
        message = await thread.send(
            self._texts.results(gallery),
            embeds=self._embeds(gallery),
            files=files,
            allowed_mentions=discord.AllowedMentions(users=winners),
            nonce=f"results-{challenge.id}",
        )
        return message.id

    async def _edit(self, gallery: Gallery, files: list[discord.File]) -> int:
        challenge = gallery.challenge
        assert challenge.thread_id is not None
        assert challenge.results_message_id is not None
        thread = self._client.get_partial_messageable(challenge.thread_id, guild_id=challenge.guild_id)
        message = thread.get_partial_message(challenge.results_message_id)
        await message.edit(content=self._texts.results(gallery), embeds=self._embeds(gallery), attachments=files)
        return message.id

    def _embeds(self, gallery: Gallery) -> list[discord.Embed]:
        makers = self._texts.everybody(gallery) if gallery.challenge.state == "closed" else ""
        return [discord.Embed(description=makers)] if makers else []

    async def _clips(self, gallery: Gallery) -> list[tuple[str, Path]]:
        """Number and file of every entry whose clip is kept and may be seen."""
        found = []
        for entry in shown_in(gallery):
            clip = gallery.jobs[entry.job_id].clip
            if clip is not None and await asyncio.to_thread(self._blobs.holds, clip):
                found.append((str(entry.number), self._blobs.path(clip)))
        return found

    def _paths(self, challenge: Challenge) -> list[Path]:
        return [self._blobs.incoming(f"challenge-{challenge.id}{suffix}") for suffix in (".png", ".mp4")]

    @contextlib.asynccontextmanager
    async def _made(
        self, gallery: Gallery, clips: list[tuple[str, Path]], limit_bytes: int
    ) -> AsyncIterator[list[discord.File]]:
        """Contact sheet and reel, or what could be made of them; gone afterwards."""
        challenge, place = gallery.challenge, contests.decided(gallery.entries)
        winners = [] if place is None else [str(entry.number) for entry in place.entries]
        sheet, reel = self._paths(challenge)
        alt = self._texts.files_alt(gallery)
        files = []
        try:
            about = Metadata(challenge.title, alt)
            for path, make in (
                (sheet, partial(self._darkroom.contact_sheet, clips, winners, sheet, limit_bytes)),
                (reel, partial(self._darkroom.reel, clips, reel, limit_bytes, about)),
            ):
                try:
                    await make()
                    files.append(discord.File(path, description=alt))
                except RenderFailed as error:
                    log.warning("results lack a file", challenge=challenge.id, file=path.name, why=str(error))
            yield files
        finally:
            for path in (sheet, reel):
                await asyncio.to_thread(self._blobs.discard, path)
