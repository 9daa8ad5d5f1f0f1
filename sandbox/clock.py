"""The sandbox's own time: it runs with the wall clock and can be moved forward by hand."""

import asyncio
import time
from collections.abc import Callable


class Timer:
    """One callback waiting for a moment of sandbox time; `cancel()` is idempotent."""

    __slots__ = ("_callback", "_clock", "_handle", "when")

    def __init__(self, clock: "Clock", when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self._clock = clock
        self._callback = callback
        self._handle: asyncio.TimerHandle | None = None

    def schedule(self) -> None:
        """Arm, or arm again after the clock has moved."""
        if self._handle is not None:
            self._handle.cancel()
        delay_seconds = max(0.0, self.when - self._clock.now())
        self._handle = asyncio.get_running_loop().call_later(delay_seconds, self._fire)

    def cancel(self) -> None:
        """Never call back."""
        if self._handle is not None:
            self._handle.cancel()
        self._clock.forget(self)

    def _fire(self) -> None:
        if self._clock.now() < self.when:
            # The loop's timer and the wall clock drift by fractions of a millisecond.
            self.schedule()
            return
        self._clock.forget(self)
        self._callback()


class Clock:
    """Unix time plus everything that was added with `advance`; it never goes back."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0
        self._timers: set[Timer] = set()

    def now(self) -> float:
        """Unix seconds in the sandbox."""
        return time.time() + self.offset_seconds

    def advance(self, seconds: float) -> None:
        """Move time forward; everything that falls due is called back in the next turn of the event loop."""
        if seconds < 0:
            raise ValueError(seconds)
        self.offset_seconds += seconds
        for timer in sorted(self._timers, key=lambda timer: timer.when):
            timer.schedule()

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back once at or after `when` (unix seconds of sandbox time), also when `advance` jumps over it."""
        timer = Timer(self, when, callback)
        self._timers.add(timer)
        timer.schedule()
        return timer

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back after so many seconds of sandbox time."""
        return self.call_at(self.now() + seconds, callback)

    def forget(self, timer: Timer) -> None:
        """Drop a timer that has fired or was cancelled."""
        self._timers.discard(timer)
