"""Goes on trying while the disk or the database refuses, so that what runs for ever does not die of a bad minute."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog

from storage.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

T = TypeVar("T")


def pauses(first_seconds: float, longest_seconds: float) -> Iterator[float]:
    """Seconds to wait between tries: doubling from the first to the longest, and that one for ever."""
    pause_seconds = first_seconds
    while True:
        yield min(pause_seconds, longest_seconds)
        pause_seconds = min(pause_seconds * 2, longest_seconds)


async def persist(step: Callable[[], Awaitable[T]], doing: str) -> T:
    """The result of ``step``, tried again while the database cannot be used: busy, full, or unreadable for now.

    ``step`` must be idempotent. Each refusal is logged with ``doing``; the pauses double up to half a minute. Any
    other exception passes at once.
    """
    for pause_seconds in pauses(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
        try:
            return await step()
        except DatabaseUnusable as error:
            log.error("database refuses; trying again", doing=doing, why=str(error), pause_seconds=pause_seconds)
        await asyncio.sleep(pause_seconds)
    raise AssertionError  # the pauses never end
