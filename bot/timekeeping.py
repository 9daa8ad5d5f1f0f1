"""Ends what has an end of its own when its time has come; at once what fell due while the bot was off."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from generation.clock import Clock
from generation.patience import persist

LONGEST_NAP_SECONDS = 15.0
"""Between two looks at the clock, which may be set forward or stand still while the machine sleeps."""


class Timekeeper:
    """Sleeps until the next thing is due, wakes for every change of what there is, and outlives a refusing database."""

    def __init__(
        self,
        what: str,
        end_due: Callable[[], Awaitable[None]],
        next_due_at: Callable[[], Awaitable[float | None]],
        *,
        clock: Clock,
    ) -> None:
        self._what = what
        self._end_due = end_due
        self._next_due_at = next_due_at
        self._clock = clock
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Look now: something was begun, changed or ended."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled, end everything when its time is over."""
        while True:
            self._changed.clear()
            await persist(self._end_due, f"end {self._what}")
            due_at = await persist(self._next_due_at, f"look for the next of {self._what}")
            left = None if due_at is None else min(max(0.0, due_at - self._clock()), LONGEST_NAP_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._changed.wait()
