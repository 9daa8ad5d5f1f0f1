"""Bots that kill themselves at a point, one after another: ``python -m crashtest.child URL``.

This process imports everything once. Each line ``life_line`` on standard input forks a bot, whose process id and, in
the end, exit status are answered in a line each. While it lives, standard input is the bot's own: what is to happen
where comes as lines ``armed_line``. The points are wrapped around the bot's functions from outside; the bot itself
knows nothing of them. Its clock is moved, so that it lives in the sandbox's time. The server from which a bot
forks its workers is started here, for all of them, because its imports take as long as everything else of a start.
"""

import asyncio
import contextlib
import functools
import importlib
import inspect
import multiprocessing.forkserver
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from crashtest.points import POINTS, Point

LIFE = "life"


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


def life_line(offset_seconds: float, die_at: str) -> str:
    """The instruction to fork a bot whose clock is so far ahead; ``die_at`` is the point where it dies, or empty."""
    return f"{LIFE}\t{offset_seconds}\t{die_at}"


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
    """Fork bots until the driver is gone."""
    import bot.__main__
    import bot.living  # noqa: F401 - so that no bot has to

    # Nothing that a bot leaves behind holds the line on which its driver waits for our end.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Its first line is read once the bot before is dead, so nothing that is meant for a bot is swallowed here.
    for line in iter(sys.stdin.readline, ""):
        kind, _, rest = line.rstrip("\n").partition("\t")
        if kind != LIFE:
            continue  # came too late for the bot that it was meant for
        offset_seconds, _, die_at = rest.partition("\t")
        _provide_fork_server()
        if (pid := os.fork()) == 0:
            _live(float(offset_seconds), die_at)
            return
        print(pid, file=answers, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)


def _provide_fork_server() -> None:
    """Return once it runs, has imported everything, and has nothing left to do for the bot before.

    It ends if a bot is killed half way through a request; on its own that bot would have had no more use for it.
    """
    from generation.forks import fork_context

    # Requests are taken in turn: if this one is fulfilled, none is left that could end the server.
    probe = fork_context().Process(target=os.getpid)
    try:
        probe.start()
    except (OSError, EOFError):
        # It is ending, and until it has ended it looks as if it ran.
        multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined] # what its own tests call
        probe = fork_context().Process(target=os.getpid)
        probe.start()
    probe.join()


def _live(offset_seconds: float, die_at: str) -> None:
    """Wrap, then be the bot."""
    import bot.__main__
    import bot.house
    import bot.living
    import bot.sessions.board
    import generation.darkroom
    from generation.privacy.keeping import Keeping

    # It would ask whether the server still runs, which only the process that started it can.
    multiprocessing.forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    trigger = Trigger()
    if die_at:
        trigger.arm(armed_line(Act.DIE, die_at))
    install(trigger)
    threading.Thread(target=trigger.listen, name="trigger", daemon=True).start()
    opened = functools.partial(bot.house.open_house, clock=lambda: time.time() + offset_seconds)
    bot.living.open_house = opened  # type: ignore[attr-defined] # what ``serve`` opens
    # Nothing here depends on a second decoder, nor on a file's age, which is measured in the machine's own time.
    generation.darkroom.STILL_PROCESSES = 1
    # A board that is looked at by nobody need not be slow; a session is summed up at its next look.
    bot.sessions.board.EDIT_PAUSE_SECONDS = 0.2
    Keeping.__init__ = functools.partialmethod(Keeping.__init__, fresh_seconds=0.0)  # type: ignore[assignment, method-assign] # as the bot builds it
    sys.argv = ["stillmotion", "--sandbox", sys.argv[1]]
    bot.__main__.main()


if __name__ == "__main__":
    main()
