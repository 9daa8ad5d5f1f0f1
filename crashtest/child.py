"""The bot as a process that kills itself at a point: ``python -m crashtest.child --sandbox URL``.

The points are wrapped around the bot's own functions from outside; the bot itself knows nothing of them. Which point
is armed comes as lines of "count<TAB>name" on standard input: die when it is passed for the count-th time from now.
The clock is moved by CRASHTEST_OFFSET_SECONDS, so that the bot lives in the sandbox's time.
"""

import functools
import importlib
import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from crashtest.points import POINTS, Point

OFFSET = "CRASHTEST_OFFSET_SECONDS"
ARMED = "CRASHTEST_ARMED"


class Trigger:
    """Knows which point is armed, and ends the process there as a power cut would."""

    def __init__(self) -> None:
        self._armed: dict[str, int] = {}
        self._lock = threading.Lock()

    def arm(self, line: str) -> None:
        """Take one line of standard input."""
        count, name = line.rstrip("\n").split("\t")
        with self._lock:
            self._armed[name] = int(count)

    def listen(self) -> None:
        """Take every line until the driver is gone."""
        for line in sys.stdin:
            self.arm(line)

    def passed(self, point: Point, arguments: tuple[Any, ...]) -> None:
        """Die if it is time to."""
        if point.only and not any(point.only in str(argument) for argument in arguments):
            return
        with self._lock:
            left = self._armed.get(point.name)
            if left is None:
                return
            self._armed[point.name] = left - 1
            if left <= 1:
                os.kill(os.getpid(), signal.SIGKILL)


def install(trigger: Trigger) -> None:
    """Wrap every point around the bot's functions."""
    for point in POINTS:
        module, _, name = point.owner.partition(":")
        owner: Any = importlib.import_module(module)
        if name:
            owner = getattr(owner, name)
        setattr(owner, point.function, _wrapped(getattr(owner, point.function), point, trigger))


def _wrapped(function: Callable[..., Any], point: Point, trigger: Trigger) -> Callable[..., Any]:
    def pass_at(when: str, arguments: tuple[Any, ...]) -> None:
        if point.when == when:
            trigger.passed(point, arguments)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        pass_at("before", args)
        result = function(*args, **kwargs)
        pass_at("after", args)
        return result

    @functools.wraps(function)
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        pass_at("before", args)
        result = await function(*args, **kwargs)
        pass_at("after", args)
        return result

    return run_async if inspect.iscoroutinefunction(function) else run


def main() -> None:
    """Wrap, then be the bot."""
    import bot.__main__
    import bot.house

    trigger = Trigger()
    for line in filter(None, os.environ.get(ARMED, "").split("\n")):
        trigger.arm(line)
    install(trigger)
    threading.Thread(target=trigger.listen, name="trigger", daemon=True).start()
    offset_seconds = float(os.environ.get(OFFSET, "0"))
    bot.house.open_house = functools.partial(bot.house.open_house, clock=lambda: time.time() + offset_seconds)
    bot.__main__.main()


if __name__ == "__main__":
    main()
