"""Who sends to a channel next: Discord allows about five requests of a kind in five seconds to all its messages."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LAST_WORDS, FIRST_WORDS, PROGRESS = 0.0, 1.0, 2.0
"""What goes first: clips and last words, then new status messages, then whatever can wait."""


class Turns:
    """At most ``at_once`` requests in a channel; the lowest rank is next, and within a rank whoever asked first.

    What is composed when its turn has come, and not before, is never out of date when it is sent.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._taken: dict[int, int] = {}
        self._waiting: dict[int, list[tuple[tuple[float, ...], int, asyncio.Future[None]]]] = {}
        self._numbers = itertools.count()

    @asynccontextmanager
    async def take(self, channel_id: int, *rank: float) -> AsyncIterator[None]:
        """To be held from composing to the end of the request."""
        if self._taken.get(channel_id, 0) < self._at_once:
            self._taken[channel_id] = self._taken.get(channel_id, 0) + 1
        else:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting.setdefault(channel_id, []), (rank, next(self._numbers), turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._pass_on(channel_id)
                raise
        try:
            yield
        finally:
            self._pass_on(channel_id)

    def _pass_on(self, channel_id: int) -> None:
        waiting = self._waiting.get(channel_id, [])
        while waiting:
            *_, turn = heapq.heappop(waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._waiting.pop(channel_id, None)
        self._taken[channel_id] -= 1
        if not self._taken[channel_id]:
            del self._taken[channel_id]
