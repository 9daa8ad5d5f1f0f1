"""One edit at a time in a channel: Discord allows about five in five seconds to all of its messages together."""

import asyncio
from collections import defaultdict


class Turns:
    """Whoever edits a channel's messages takes a turn, in the order of asking, and composes only when it has come.

    So what was overtaken while it waited is never sent.
    """

    def __init__(self) -> None:
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def in_channel(self, channel_id: int) -> asyncio.Lock:
        """To be held from composing to the end of the edit."""
        return self._locks[channel_id]
