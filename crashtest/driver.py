"""Kills the bot by plan, restarts it, lets people go on, and asks after each kill whether every promise was kept."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crashtest.books import Books, left_open, read_books, under_way
from crashtest.bot import Child, Nursery, orphans
from crashtest.child import Act
from crashtest.errands import ERRANDS, Errands
from crashtest.misfortunes import Misfortunes
from crashtest.people import People
from crashtest.plan import Kill
from crashtest.points import BY_NAME, Deed
from crashtest.promises import broken_promises, offers_left
from sandbox.model import Channel
from sandbox.server import Sandbox

DATA, LOG = "data", "bot.log"

START_SECONDS = 120.0
DEATH_SECONDS = 120.0
REST_SECONDS = 180.0
POLL_SECONDS = 0.05
LONG_SECONDS = 4.0
"""A clip that is not finished between its first frame and the moment when its bot hears of that frame."""

ON_THE_WAY: dict[Deed, tuple[tuple[Act, str], ...]] = {
    Deed.CANCEL: ((Act.HOLD, "submitted"),),
    Deed.BREAK: ((Act.LOSE, "rendering"),),
    Deed.STOP: ((Act.HOLD, "submitted"), (Act.STOP, "submitted")),
}
"""What else happens in the bot, so that it comes to the point however slow or fast the machine is: a render that is
cancelled or stopped is held until then, and every attempt that is to be lost loses its worker at its first frame."""


class PromiseBroken(Exception):
    """What was violated, by which kill of which seed."""

    def __init__(self, seed: int, kill: Kill, violations: Sequence[str], log: Path) -> None:
        lines = "\n  ".join(violations)
        super().__init__(f"seed {seed}, {kill}:\n  {lines}\nThe bot's log: {log}")
        self.violations = tuple(violations)


@dataclass
class Tally:
    """What was done: kills that happened, points that nobody reached in time, jobs by how they ended."""

    kills: int = 0
    missed: list[str] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)


class Driver:
    """One sandbox, one data folder, many lives of the bot."""

    def __init__(self, sandbox: Sandbox, nursery: Nursery, folder: Path, seed: int) -> None:
        self._sandbox = sandbox
        self._nursery = nursery
        self._data_folder = folder / DATA
        self._log = folder / LOG
        self._seed = seed
        self._rng = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self._people = People(sandbox, self._rng)
        self._errands = Errands(sandbox, self._people)
        self._misfortunes = Misfortunes(sandbox, self._data_folder / "files")
        self._bot: Child | None = None
        self.tally = Tally()

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, seed: int) -> AsyncIterator["Driver"]:
        """A fresh sandbox with three people; the bot is not yet started. At the end it is killed."""
        async with (
            Sandbox.open() as sandbox,
            Nursery.open(sandbox.url, folder / DATA, folder / LOG) as nursery,
        ):
            # Waiting for Discord's rate limits would be most of the time, and they have tests of their own.
            sandbox.limits.enabled = False
            yield cls(sandbox, nursery, folder, seed)

    async def run(self, kills: Sequence[Kill], tell: Callable[[Kill], None]) -> Tally:
        """Carry the plan out. Raises PromiseBroken at the first violation."""
        await self._start()
        for kill in kills:
            tell(kill)
            await self._kill(kill)
            await self._check_promises(kill)
            self._misfortunes.end()
        return self.tally

    async def _start(self, die_at: str = "", *, wait: bool = True) -> Child:
        offset_seconds = self._sandbox.clock.offset_seconds
        self._bot = await self._nursery.bear(offset_seconds=offset_seconds, die_at=die_at)
        if wait:
            await self._sandbox.bot_ready(START_SECONDS)
        return self._bot

    async def _kill(self, kill: Kill) -> None:
        bot = self._bot
        assert bot is not None
        if kill.target == "point":
            await self._kill_at_point(bot, kill)
        else:
            await self._kill_at_random(bot, kill)
        self.tally.kills += 1
        if kill.target == "worker":
            return
        await self._buried(kill)
        self._sandbox.clock.advance(kill.pause_seconds)
        await self._start()
        if self._rng.random() < 0.3:
            self._people.ask(self._people.anybody())

    async def _kill_at_point(self, bot: Child, kill: Kill) -> None:
        point = kill.point
        assert point is not None
        if not point.first:
            passes = kill.passes if point.deed is Deed.CLIP else 1
            await self._bring(bot, kill, point.name, point.deed, passes)
            return
        first = BY_NAME[point.first]
        await self._bring(bot, kill, first.name, first.deed, 1, self._misfortunes.room_for(point.deed))
        await self._buried(kill)
        self._sandbox.clock.advance(kill.pause_seconds)
        self._misfortunes.strike(point.deed, self._books().untold)
        await self._dies(await self._start(point.name, wait=False), kill)

    async def _bring(
        self, bot: Child, kill: Kill, point: str, deed: Deed, passes: int, room: Channel | None = None
    ) -> None:
        """Let the bot die at ``point``, and do what it takes to come there."""
        await bot.arm(Act.DIE, point, passes)
        for act, where in ON_THE_WAY.get(deed, ()):
            await bot.arm(act, where)
        async with asyncio.TaskGroup() as group:
            busy = group.create_task(self._do(kill, deed, room))
            await self._dies(bot, kill)
            busy.cancel()

    async def _do(self, kill: Kill, deed: Deed, room: Channel | None) -> None:
        """Once is enough, unless a request met a bot too busy to answer; so it goes on until it is cancelled."""
        while deed in ERRANDS:
            await self._errands.run(deed)
            await self._all_told()
        if deed is not Deed.BREAK:  # three jobs that fail in a row would let the model rest
            self._ask(kill, room)
        while True:
            person = self._people.anybody()
            if deed is Deed.CANCEL:
                await self._people.ask(person, seconds=LONG_SECONDS)
                await self._people.cancel(person)
                continue
            if deed is Deed.BREAK:
                self._people.ask(person, seconds=LONG_SECONDS)
            await self._all_told()
            if deed is not Deed.BREAK:
                self._people.ask(person, channel=room)

    async def _all_told(self) -> None:
        await self._people.finish()
        while True:
            if not under_way(self._data_folder):
                return
            await asyncio.sleep(POLL_SECONDS)

    async def _kill_at_random(self, bot: Child, kill: Kill) -> None:
        async with asyncio.TaskGroup() as group:
            busy = group.create_task(self._do(kill, kill.deed, None))
            await asyncio.sleep(kill.moment_seconds)
            if kill.target != "bot":
                bot.kill_worker()
            if kill.target != "worker":
                await bot.kill()
            busy.cancel()

    def _ask(self, kill: Kill, channel: Channel | None = None) -> None:
        for _ in range(kill.clips):
            self._people.ask(self._people.anybody(), channel=channel)

    def _books(self) -> Books:
        return read_books(self._data_folder, self._sandbox.guild.id, self._people.ids)

    async def _dies(self, bot: Child, kill: Kill) -> None:
        if not await bot.died(DEATH_SECONDS):
            self.tally.missed.append(str(kill))
            await bot.kill()
        elif bot.returncode != -signal.SIGKILL:
            raise PromiseBroken(self._seed, kill, [f"the bot ended with {bot.returncode} before"], self._log)

    async def _buried(self, kill: Kill) -> None:
        """Nobody is left of the dead bot, and nobody waits for its answers any more."""
        await self._sandbox.bot_gone()
        await self._people.give_up()
        deadline = asyncio.get_running_loop().time() + DEATH_SECONDS
        assert self._bot is not None
        while left := orphans(self._data_folder, self._bot):
            if asyncio.get_running_loop().time() > deadline:
                raise PromiseBroken(self._seed, kill, [f"outlives its bot: {one}" for one in left], self._log)
            await asyncio.sleep(POLL_SECONDS)

    async def _check_promises(self, kill: Kill) -> None:
        await self._people.finish()
        bot = self._bot
        assert bot is not None
        deadline = asyncio.get_running_loop().time() + REST_SECONDS
        while True:
            if left := left_open(self._data_folder, self._sandbox.guild.id):
                await self._errands.end(left)
            broken = [*under_way(self._data_folder), *offers_left(self._sandbox)]
            if not broken:
                # A worker that was just killed leaves its encoder for an instant; a lasting one is an orphan.
                books = self._books()
                broken = broken_promises(books, self._sandbox, self._data_folder, self._misfortunes)
                broken += [f"orphan process {process}" for process in orphans(self._data_folder, bot)]
            if not broken:
                break
            if bot.returncode is not None:
                raise PromiseBroken(self._seed, kill, [f"the bot ended with {bot.returncode}"], self._log)
            if asyncio.get_running_loop().time() > deadline:
                raise PromiseBroken(self._seed, kill, broken, self._log)
            await asyncio.sleep(POLL_SECONDS)
        self.tally.jobs = {}
        for job in books.jobs:
            self.tally.jobs[job.state] = self.tally.jobs.get(job.state, 0) + 1
