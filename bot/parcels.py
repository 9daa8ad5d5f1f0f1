"""Posts an MP4 with its words: made smaller where Discord refuses its size, the working files removed."""

import asyncio
import errno
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import structlog

from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from storage.blobs import BlobStore

log = structlog.get_logger(__name__)

REFIT_SHARE = 0.5
"""On 413 the clip is made this much smaller than what was refused: Discord does not say what it would take."""

POST_LIMIT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is posted. ``words`` says the text, given whether the clip was made smaller; ``name`` is unique to it.

    Within Discord's window a repeated ``nonce`` returns the first message instead of a second. An anonymous clip is
    posted without the texts inside its file.
    """

    name: str
    clip: Path
    limit_bytes: int
    alt: str
    mentions: int | None
    words: Callable[[bool], str]
    nonce: str | None = None
    view: discord.ui.View | None = None
    is_anonymous: bool = False


class PrivateAnswer:
    """Where an interaction's private answer goes, to be posted to like a channel."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction

    async def send(self, content: str, **options: Any) -> discord.Message:
        """Send what a channel would get, seen by one person only."""
        options.pop("nonce", None)
        return await self._interaction.followup.send(content, ephemeral=True, wait=True, **options)


Place = discord.abc.Messageable | PrivateAnswer
"""Where a message can be sent."""


async def send(
    channel: Place,
    text: str,
    *,
    mentions: int | None,
    clip: discord.File | None = None,
    nonce: str | None = None,
    view: discord.ui.View | None = None,
) -> discord.Message:
    """Post ``text`` so that it rings for one person or for nobody, with a file and buttons if there are any."""
    mention = discord.AllowedMentions(users=[] if mentions is None else [discord.Object(mentions)])
    options: dict[str, object] = {"file": clip, "nonce": nonce, "view": view}
    given = {name: value for name, value in options.items() if value is not None}
    return await channel.send(text, allowed_mentions=mention, **given)  # type: ignore[call-overload] # one overload for each option


class Parcels:
    """The way of every finished MP4 into a channel."""

    def __init__(self, *, blobs: BlobStore, darkroom: Darkroom) -> None:
        self._blobs = blobs
        self._darkroom = darkroom

    async def post(self, parcel: Parcel, channel: Place) -> discord.Message:
        """Post it. Raises RenderFailed("too_big") if no size is small enough, OSError, and what ``send`` raises."""
        unique = f"{parcel.name}-{secrets.token_hex(4)}"
        bare, smaller = (self._blobs.incoming(f"{unique}-{kind}.mp4") for kind in ("bare", "refit"))
        try:
            if parcel.is_anonymous:
                await self._darkroom.without_texts(parcel.clip, bare)
            return await self._post(parcel, bare if parcel.is_anonymous else parcel.clip, smaller, channel)
        except RenderFailed as error:
            if error.lacks_disk:
                # Unlike a clip that no size is small enough for, this is worth another try.
                raise OSError(errno.ENOSPC, error.cause) from error
            raise
        finally:
            for path in (bare, smaller):
                await asyncio.to_thread(self._blobs.discard, path)

    async def _post(self, parcel: Parcel, whole: Path, smaller: Path, channel: Place) -> discord.Message:
        path, limit_bytes = whole, parcel.limit_bytes
        for _ in range(POST_LIMIT):
            clip = discord.File(path, filename=f"stillmotion-{parcel.name}.mp4", description=parcel.alt)
            text = parcel.words(path != whole)
            try:
                return await send(
                    channel, text, mentions=parcel.mentions, clip=clip, nonce=parcel.nonce, view=parcel.view
                )
            except discord.HTTPException as error:
                if error.status != 413:
                    raise
            limit_bytes = int(min(limit_bytes, path.stat().st_size) * REFIT_SHARE)
            size_bytes = await self._darkroom.fit(whole, smaller, limit_bytes)
            log.info("clip made smaller", clip=parcel.name, bytes=size_bytes, limit=limit_bytes)
            path = smaller
        raise RenderFailed("too_big", f"still refused at {limit_bytes} bytes")
