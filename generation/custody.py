"""Keeps stills for as long as anything needs them, and removes them without a race against a new order."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from generation.clock import Clock
from storage import files
from storage.blobs import BlobStore
from storage.database import Database


class Custody:
    """The stills of the blob store. Equal stills are one file, so only here is it known whether one may go.

    A still is needed by every job and draft that names it, and by whoever ``holds`` it between fetching a picture and
    writing down the order.
    """

    def __init__(self, database: Database, blobs: BlobStore, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._held: Counter[str] = Counter()
        self._moving = asyncio.Lock()

    def hold(self, name: str) -> None:
        """Keep the still of that name from being removed until ``let_go`` was called as often."""
        self._held[name] += 1

    def let_go(self, name: str) -> None:
        """End one ``hold``."""
        self._held[name] -= 1

    async def keep(self, path: Path) -> None:
        """Move a prepared still into the store; its name is the hash of its bytes."""
        async with self._moving:
            await asyncio.to_thread(self._blobs.adopt, path)

    async def remove_unneeded(self, names: Iterable[str]) -> None:
        """Remove the files of those stills that nothing needs. One that is gone already is fine."""
        for name in names:
            async with self._moving:
                if self._held[name] <= 0 and not await self._is_needed(name):
                    await asyncio.to_thread(self._blobs.delete, name)

    async def _is_needed(self, name: str) -> bool:
        return await self._database.read(lambda tx: files.is_needed(tx, name, now=self._clock()))
