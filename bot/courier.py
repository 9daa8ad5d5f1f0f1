"""Brings what is owed to a channel, once, however often the bot starts and however long Discord is away."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

import discord
import structlog

from bot.errors import DISCORD_AWAY
from generation.patience import pauses, persist
from storage.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

AT_ONCE = 20
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
HISTORY_SEARCHED = 2000
"""Messages among which one is looked for that may have been posted and was never noted: twenty requests at the most."""


def snowflake_at(moment: float) -> int:
    """Where a search of a channel begins: nothing there with a smaller id was sent after ``moment``."""
    return discord.utils.time_snowflake(datetime.fromtimestamp(moment, UTC))


class Courier(ABC):
    """Carries every due item on its own: none waits for another, and each is tried until it is over.

    Whoever carries makes the effect first and the mark after it; the effect is repeatable.
    """

    def __init__(self, client: discord.Client, errand: str) -> None:
        self._client = client
        self._errand = errand
        self._work = asyncio.Event()
        self._under_way: set[int] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._carried = asyncio.Condition()

    @abstractmethod
    async def _due(self, limit: int) -> Sequence[int]:
        """Ids of what is owed, oldest first."""

    @abstractmethod
    async def _carry(self, item_id: int) -> bool:
        """Whether the item is over. May raise DISCORD_AWAY or DatabaseUnusable: it is tried again then."""

    @property
    def _knows_places(self) -> bool:
        """Whether it is known which servers and channels there are: until then nothing is given up as GONE."""
        return self._client.is_ready()

    def wake(self) -> None:
        """Look for what is owed now."""
        self._work.set()

    async def _until(self, is_there: Callable[[], Awaitable[bool]], within_seconds: float) -> bool:
        """Look now, and wait until ``is_there``, asked whenever an item is over, or for so long; whether it is."""
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_seconds), self._carried:
                while not await is_there():
                    await self._carried.wait()
                return True
        return False

    async def run(self) -> None:
        """Carry until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._work.clear()
                read = partial(self._due, AT_ONCE + len(self._under_way))
                for item_id in await persist(read, f"look for {self._errand}"):
                    if item_id not in self._under_way:
                        self._under_way.add(item_id)
                        group.create_task(self._see_through(item_id), name=f"{self._errand} {item_id}")
                await self._work.wait()

    async def _see_through(self, item_id: int) -> None:
        for pause_seconds in pauses(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
            if await self._try(item_id):
                break
            await asyncio.sleep(pause_seconds)
        self._under_way.discard(item_id)
        self._work.set()
        async with self._carried:
            self._carried.notify_all()

    async def _try(self, item_id: int) -> bool:
        try:
            async with self._slots:
                return await self._carry(item_id)
        except (*DISCORD_AWAY, DatabaseUnusable) as error:
            log.warning(f"{self._errand} will be tried again", item=item_id, why=repr(error))
        except Exception:
            # One item that nobody foresaw must not keep all the others from their owners.
            log.exception(f"{self._errand} broke", item=item_id)
        return False

    async def _find(self, guild_id: int, channel_id: int, after: int, mark: str) -> int | None:
        """An own message with ``mark`` that is younger than the snowflake ``after``."""
        assert self._client.user is not None
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        async for message in channel.history(after=discord.Object(after), limit=HISTORY_SEARCHED):
            if message.author.id == self._client.user.id and mark in message.content:
                return message.id
        return None
