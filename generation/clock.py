"""The one clock that is handed to everything that asks for the time."""

from collections.abc import Callable

Clock = Callable[[], float]
"""Unix time in seconds; the real one is ``time.time``."""
