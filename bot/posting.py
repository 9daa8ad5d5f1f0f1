"""Posts a clip, or the words about one, into a channel: made smaller where Discord refuses its size."""

import asyncio
from pathlib import Path

import discord
import structlog

from bot.challenges.buttons import vote_view
from bot.challenges.masks import Masks
from bot.rendering import JobTexts
from generation.accounts import Accounts
from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from storage.blobs import BlobStore
from storage.jobs import Job

log = structlog.get_logger(__name__)

REFIT_SHARE = 0.5
"""On 413 the clip is made this much smaller than what was refused: Discord does not say what it would take."""

POST_LIMIT = 8


class ClipPost:
    """The final message of a job; used by the delivery, and again by ``/show``."""

    def __init__(
        self, accounts: Accounts, *, blobs: BlobStore, darkroom: Darkroom, texts: JobTexts, masks: Masks
    ) -> None:
        self._accounts = accounts
        self._blobs = blobs
        self._darkroom = darkroom
        self._texts = texts
        self._masks = masks

    async def is_kept(self, job: Job) -> bool:
        """Whether the clip's file is still there."""
        return job.clip is not None and await asyncio.to_thread(self._blobs.holds, job.clip)

    async def post(
        self, job: Job, channel: discord.abc.Messageable, *, nonce: str | None, was_away: bool = False
    ) -> discord.Message:
        """Post the clip. Raises RenderFailed("too_big") if no size is small enough, and what ``send`` raises."""
        assert job.clip is not None
        original = path = self._blobs.path(job.clip)
        limit_bytes = job.size_limit_bytes
        left = await self._accounts.left_after(job)
        try:
            for _ in range(POST_LIMIT):
                text = self._texts.finished(job, left, made_smaller=path != original)
                clip = discord.File(path, filename=f"stillmotion-{job.id}.mp4", description=self._texts.alt(job))
                try:
                    return await self.say(job, channel, text, nonce=nonce, was_away=was_away, clip=clip)
                except discord.HTTPException as error:
                    if error.status != 413:
                        raise
                limit_bytes = int(min(limit_bytes, path.stat().st_size) * REFIT_SHARE)
                path = await self._refit(job, original, limit_bytes)
            raise RenderFailed("too_big", f"still refused at {limit_bytes} bytes")
        finally:
            await asyncio.to_thread(self._blobs.discard, self._refit_path(job))

    async def say(
        self,
        job: Job,
        channel: discord.abc.Messageable,
        text: str,
        *,
        nonce: str | None,
        was_away: bool = False,
        clip: discord.File | None = None,
    ) -> discord.Message:
        """Post ``text`` about the job, mentioning its owner, with the line that says that the bot was away."""
        mention = discord.AllowedMentions(users=[discord.Object(job.user_id)])
        content = f"{self._texts.was_away(job)}\n{text}" if was_away else text
        mask = self._masks.of(job.id)
        view = vote_view(mask.entry_id, job.locale) if clip and mask and mask.takes_votes else discord.utils.MISSING
        files = [] if clip is None else [clip]
        if nonce is None:
            return await channel.send(content, files=files, allowed_mentions=mention, view=view)
        # Within Discord's nonce window a repeated post returns the first one instead of a second.
        return await channel.send(content, files=files, allowed_mentions=mention, view=view, nonce=nonce)

    def _refit_path(self, job: Job) -> Path:
        return self._blobs.incoming(f"{job.id}-refit.mp4")

    async def _refit(self, job: Job, original: Path, limit_bytes: int) -> Path:
        path = self._refit_path(job)
        size_bytes = await self._darkroom.fit(original, path, limit_bytes)
        log.info("clip made smaller", job=job.id, bytes=size_bytes, limit=limit_bytes)
        return path
