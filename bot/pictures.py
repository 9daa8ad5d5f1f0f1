"""From an attachment to a prepared still: fetched, decoded apart from the event loop, kept."""

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord

from bot.downloads import download
from bot.words import Words
from generation.custody import Custody
from generation.darkroom import Darkroom, Look, Prepared
from storage.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class Picture:
    """A prepared still in a temporary file."""

    path: Path
    prepared: Prepared


class Pictures:
    """Takes attachments in; nothing of them stays unless it is kept."""

    def __init__(
        self,
        *,
        blobs: BlobStore,
        custody: Custody,
        darkroom: Darkroom,
        http: aiohttp.ClientSession,
        still_limit_bytes: int,
    ) -> None:
        self._blobs = blobs
        self._custody = custody
        self._darkroom = darkroom
        self._http = http
        self._still_limit_bytes = still_limit_bytes

    async def fetch(
        self, attachment: discord.Attachment, temporary: contextlib.AsyncExitStack, look: Look | None = None
    ) -> Picture:
        """The attachment as a prepared still, which ``temporary`` removes unless it is kept. Raises StillError.

        Until ``temporary`` is closed nobody else's withdrawal removes it. A ``look`` shows it as the model gets it.
        """
        name = f"{attachment.id}-{secrets.token_hex(4)}"
        source, target = self._blobs.incoming(f"{name}.upload"), self._blobs.incoming(f"{name}.png")
        for path in (source, target):
            temporary.callback(path.unlink, missing_ok=True)
        await download(self._http, attachment, source, self._still_limit_bytes)
        prepared = await self._darkroom.prepare(source, target, look)
        self._custody.hold(prepared.name)
        temporary.callback(self._custody.let_go, prepared.name)
        return Picture(target, prepared)

    async def keep(self, picture: Picture) -> None:
        """Into the store, under the name that a request gives: ``picture.prepared.name``."""
        await self._custody.keep(picture.path)


def advice_lines(words: Words, locale: str, advice: Sequence[str]) -> list[str]:
    """What would make a better still, one line each."""
    return [words(locale, "advice", advice=words(locale, f"advice-{key}")) for key in advice]
