"""Goes on trying while the disk or the database refuses, so that what runs for ever does not die of a bad minute."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from storage.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

T = TypeVar("T")


async def persist(step: Callable[[], Awaitable[T]], doing: str) -> T:
    """The result of ``step``, tried again while the database cannot be used: busy, full, or unreadable for now.

    ``step`` must be idempotent. Each refusal is logged with ``doing``; the pauses double up to half a minute. Any
    other exception passes at once.
    """
    pause_seconds = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await step()
        except DatabaseUnusable as error:
            log.error("database refuses; trying again", doing=doing, why=str(error), pause_seconds=pause_seconds)
        await asyncio.sleep(pause_seconds)
        pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
