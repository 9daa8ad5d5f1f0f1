"""Keeps a least time between two events of a kind, such as two previews of one clip."""

import time
from collections.abc import Callable


class Pace:
    """Due once ``least_seconds`` have passed since it was restarted; ``clock`` counts seconds and never goes back."""

    def __init__(self, least_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._least_seconds = least_seconds
        self._clock = clock
        self._restarted_at = clock()

    def restart(self) -> None:
        """Count from now."""
        self._restarted_at = self._clock()

    @property
    def is_due(self) -> bool:
        """Whether the time is over."""
        return self._clock() - self._restarted_at >= self._least_seconds
