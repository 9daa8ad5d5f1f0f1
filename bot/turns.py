"""One request at a time in a channel: Discord allows about five in five seconds to all of its messages together."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Status messages and boards take turns, in the order of asking, and are composed only when theirs has come.

    So what was overtaken while it waited is never sent. What can wait, such as progress, gives its turn up while
    anything pressing waits behind it. Clips take none: they go as soon as Discord lets them.
    """

    def __init__(self) -> None:
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pressing: Counter[int] = Counter()

    def in_channel(self, channel_id: int) -> asyncio.Lock:
        """To be held from composing to the end of the request, by what can wait."""
        return self._locks[channel_id]

    @asynccontextmanager
    async def pressing(self, channel_id: int) -> AsyncIterator[None]:
        """``in_channel`` for what people wait for: first and last words."""
        self._pressing[channel_id] += 1
        try:
            await self._locks[channel_id].acquire()
        finally:
            self._pressing[channel_id] -= 1
        try:
            yield
        finally:
            self._locks[channel_id].release()

    def is_pressed(self, channel_id: int) -> bool:
        """Whether something pressing waits for its turn."""
        return self._pressing[channel_id] > 0
