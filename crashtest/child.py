"""The bot as a process that kills itself at a point: ``python -m crashtest.child --sandbox URL``.

The points are wrapped around the bot's own functions from outside; the bot itself knows nothing of them. What is to
happen where comes as lines on standard input, see ``armed_line``. The clock is moved by CRASHTEST_OFFSET_SECONDS, so
that the bot lives in the sandbox's time.
"""

import asyncio
import contextlib
import functools
import importlib
import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from crashtest.points import POINTS, Point

OFFSET = "CRASHTEST_OFFSET_SECONDS"
ARMED = "CRASHTEST_ARMED"
"""What is armed from the start."""


class Act(Enum):
    """What happens at an armed point."""

    DIE = "die"
    """The process ends as in a power cut."""
    STOP = "stop"
    """It is asked politely to end."""
    LOSE = "lose"
    """The worker that the point belongs to is killed."""
    HOLD = "hold"
    """Whoever passes is kept there until cancelled; only where the function is a coroutine."""


def armed_line(act: Act, point: str, count: int = 1) -> str:
    """The instruction to do ``act`` at every pass of ``point`` from the ``count``-th on."""
    return f"{act.value}\t{count}\t{point}"


class Trigger:
    """Knows which points are armed, and acts there."""

    def __init__(self) -> None:
        self._passes_left: dict[str, dict[Act, int]] = {}
        self._lock = threading.Lock()

    def arm(self, line: str) -> None:
        """Take one instruction."""
        act, count, name = line.rstrip("\n").split("\t")
        with self._lock:
            self._passes_left.setdefault(name, {})[Act(act)] = int(count)

    def listen(self) -> None:
        """Take instructions until the driver is gone, and end with it."""
        for line in sys.stdin:
            self.arm(line)
        os.kill(os.getpid(), signal.SIGKILL)

    def passed(self, point: Point, arguments: tuple[Any, ...]) -> bool:
        """Do what is armed here; whether whoever passes is to be held."""
        if point.only and not any(point.only in str(argument) for argument in arguments):
            return False
        acts = self._due(point.name)
        if Act.DIE in acts:
            os.kill(os.getpid(), signal.SIGKILL)
        if Act.STOP in acts:
            os.kill(os.getpid(), signal.SIGTERM)
        if Act.LOSE in acts:
            # What the worker reported before it died may still be read when it is gone.
            with contextlib.suppress(ProcessLookupError):
                arguments[0]._process.kill()
        return Act.HOLD in acts

    def _due(self, name: str) -> set[Act]:
        with self._lock:
            armed = self._passes_left.get(name, {})
            for act in armed:
                armed[act] -= 1
            return {act for act, left in armed.items() if left <= 0}


def install(trigger: Trigger) -> None:
    """Wrap every point around the bot's functions."""
    for point in POINTS:
        module, _, name = point.owner.partition(":")
        owner: Any = importlib.import_module(module)
        if name:
            owner = getattr(owner, name)
        setattr(owner, point.function, _wrapped(getattr(owner, point.function), point, trigger))


def _wrapped(function: Callable[..., Any], point: Point, trigger: Trigger) -> Callable[..., Any]:
    def is_held_at(when: str, arguments: tuple[Any, ...]) -> bool:
        return point.when == when and trigger.passed(point, arguments)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        is_held_at("before", args)
        result = function(*args, **kwargs)
        is_held_at("after", args)
        return result

    @functools.wraps(function)
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        if is_held_at("before", args):
            await asyncio.Event().wait()
        result = await function(*args, **kwargs)
        if is_held_at("after", args):
            await asyncio.Event().wait()
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
