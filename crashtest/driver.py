"""Kills the bot by plan, restarts it, lets people go on, and asks after each kill whether every promise was kept."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crashtest.bot import Child, orphans
from crashtest.people import People
from crashtest.plan import Kill
from crashtest.points import Deed
from crashtest.promises import broken_promises, read_books, unsettled
from sandbox.server import Sandbox

START_SECONDS = 60.0
DEATH_SECONDS = 30.0
REST_SECONDS = 90.0
POLL_SECONDS = 0.05
LONG_SECONDS = 4.0
"""A clip long enough to be cancelled, or to lose its worker, while it is rendered."""

WORKERS_KILLED = 6
"""Per clip: more than its attempts, because a worker that was only starting loses nothing."""

BEFORE_RETURN = {
    "about to recover": "rendering",
    "recovered": "claimed",
    "searched for an earlier post": "post under way",
    "about to post after the restart": "settled",
    "posted after the restart, not marked": "settled",
}
"""Where the bot dies first, so that its next start comes to the point."""


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

    def __init__(self, sandbox: Sandbox, folder: Path, seed: int) -> None:
        self._sandbox = sandbox
        self._data_folder = folder / "data"
        self._log = folder / "bot.log"
        self._seed = seed
        self._rng = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self._people = People(sandbox, self._rng)
        self._bot: Child | None = None
        self.tally = Tally()

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, seed: int) -> AsyncIterator["Driver"]:
        """A fresh sandbox with three people; the bot is not yet started. At the end it is stopped politely."""
        async with Sandbox.open() as sandbox:
            # Waiting for Discord's rate limits would be most of the time, and they have tests of their own.
            sandbox.limits.enabled = False
            driver = cls(sandbox, folder, seed)
            try:
                yield driver
            finally:
                if driver._bot is not None:
                    await driver._bot.kill()

    async def run(self, kills: Sequence[Kill], tell: Callable[[Kill], None]) -> Tally:
        """Carry the plan out. Raises PromiseBroken at the first violation."""
        await self._start()
        for kill in kills:
            tell(kill)
            await self._kill(kill)
            await self._check_promises(kill)
        return self.tally

    async def _start(self, armed: str = "", *, wait: bool = True) -> Child:
        offset_seconds = self._sandbox.clock.offset_seconds
        self._bot = await Child.start(
            self._sandbox.url, self._data_folder, self._log, offset_seconds=offset_seconds, armed=armed
        )
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
        if point.deed is Deed.RETURN:
            await bot.arm(BEFORE_RETURN[point.name])
            self._ask(kill)
            await self._dies(bot, kill)
            await self._buried(kill)
            self._sandbox.clock.advance(kill.pause_seconds)
            bot = await self._start(point.name, wait=False)
        else:
            await bot.arm(point.name, kill.passes if point.deed is Deed.CLIP else 1)
            self._ask(kill)
        busy = asyncio.create_task(self._do(bot, point.deed))
        try:
            await self._dies(bot, kill)
        finally:
            busy.cancel()
            await asyncio.gather(busy, return_exceptions=True)

    async def _kill_at_random(self, bot: Child, kill: Kill) -> None:
        self._ask(kill)
        await asyncio.sleep(kill.moment_seconds)
        if kill.target != "bot":
            bot.kill_worker()
        if kill.target != "worker":
            await bot.kill()

    def _ask(self, kill: Kill) -> None:
        for _ in range(kill.clips):
            self._people.ask(self._people.anybody())

    async def _do(self, bot: Child, deed: Deed) -> None:
        """What it takes to come to a point, again and again until the bot is dead."""
        while deed in (Deed.CANCEL, Deed.BREAK):
            person = self._people.anybody()
            self._people.ask(person, seconds=LONG_SECONDS)
            if deed is Deed.BREAK:
                for _ in range(WORKERS_KILLED):
                    await asyncio.sleep(self._rng.uniform(0.5, 1.5))
                    bot.kill_worker()
            else:
                await self._people.cancel(person)

    async def _dies(self, bot: Child, kill: Kill) -> None:
        if not await bot.died(DEATH_SECONDS):
            self.tally.missed.append(str(kill))
            await bot.kill()

    async def _buried(self, kill: Kill) -> None:
        """Nobody is left of the dead bot, and nobody waits for its answers any more."""
        await self._sandbox.bot_gone()
        await self._people.give_up(self._sandbox)
        deadline = asyncio.get_running_loop().time() + DEATH_SECONDS
        while left := orphans(self._data_folder, None):
            if asyncio.get_running_loop().time() > deadline:
                raise PromiseBroken(self._seed, kill, [f"outlives its bot: {one}" for one in left], self._log)
            await asyncio.sleep(POLL_SECONDS)

    async def _check_promises(self, kill: Kill) -> None:
        await self._people.finish()
        bot = self._bot
        assert bot is not None
        deadline = asyncio.get_running_loop().time() + REST_SECONDS
        while True:
            books = read_books(self._data_folder, self._sandbox.guild.id, self._people.ids)
            left = unsettled(books, self._sandbox)
            # A worker that was just killed leaves its encoder for an instant; a lasting one is an orphan.
            broken = left or broken_promises(books, self._sandbox, self._data_folder, bot)
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
