"""Identifiers that carry their creation time, as Discord makes them."""

from sandbox.clock import Clock

EPOCH_MILLISECONDS = 1_420_070_400_000  # the first second of 2015, from Discord's reference on snowflakes
_TIME_SHIFT = 22


class Snowflakes:
    """A source of identifiers: unique, strictly increasing, stamped with the sandbox's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A new identifier, greater than every one before it."""
        stamp = int(self._clock.now() * 1000) - EPOCH_MILLISECONDS
        self._last = max(stamp << _TIME_SHIFT, self._last + 1)
        return self._last


def created_at(snowflake: int) -> float:
    """Unix seconds at which an identifier was made."""
    return ((snowflake >> _TIME_SHIFT) + EPOCH_MILLISECONDS) / 1000
