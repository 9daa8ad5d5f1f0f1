"""The bot as the driver holds it: a child process that is armed, killed, and looked after for what it leaves behind."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from crashtest.child import Act, armed_line, life_line
from generation.catalog import SHIPPED_CATALOG
from generation.workers.forked import WORKER_TITLE

DATA_FOLDER = "STILLMOTION_DATA_FOLDER"
ALLOWANCE_CREDITS = 1_000_000

SMALL = "small"
"""The shape of every clip here: what is killed on the way to it does not depend on its size."""


class Nursery:
    """The process from which bots are forked, one at a time, because importing everything takes longest."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, data_folder: Path, log: Path) -> AsyncIterator["Nursery"]:
        """For bots against the sandbox at ``url``; the last one dies with it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STILLMOTION_")}
        environment |= {
            DATA_FOLDER: str(data_folder),
            "STILLMOTION_ALLOWANCE_CREDITS": str(ALLOWANCE_CREDITS),
            "STILLMOTION_NOTICE": "false",
            "STILLMOTION_CATALOG": str(small_menu(log.with_name("menu.toml"), 320, 192)),
        }
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "crashtest.child", url),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        try:
            yield cls(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def children(self, *, recursive: bool) -> list[psutil.Process]:
        """The bot and the server of its workers; with ``recursive`` the workers too, and what they started."""
        return psutil.Process(self.pid).children(recursive=recursive)

    async def bear(self, *, offset_seconds: float, die_at: str = "") -> "Child":
        """Start a bot; ``die_at`` is a point to die at from the start. The one before must be dead."""
        await self._tell(life_line(offset_seconds, die_at))
        return Child(await self._answer(), self)

    async def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    async def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(await self._process.stdout.readline())


class Child:
    """One life of the bot."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid = pid
        self._nursery = nursery
        self._ended = asyncio.create_task(nursery._answer(), name=f"end of the bot {pid}")

    @property
    def family(self) -> set[int]:
        """The process ids of the nursery, of what it keeps for all bots, and of all below while this one lives."""
        return {
            self._nursery.pid,
            *(process.pid for process in self._nursery.children(recursive=not self._ended.done())),
        }

    @property
    def returncode(self) -> int | None:
        """As subprocess has it; None while the bot lives."""
        return self._ended.result() if self._ended.done() else None

    async def arm(self, act: Act, point: str, count: int = 1) -> None:
        """Let ``act`` happen when it passes ``point``, from the ``count``-th time from now on."""
        await self._nursery._tell(armed_line(act, point, count))

    async def died(self, timeout_seconds: float) -> bool:
        """Whether it ended by itself in time."""
        done, _ = await asyncio.wait([self._ended], timeout=timeout_seconds)
        return bool(done)

    async def kill(self) -> None:
        """SIGKILL, now."""
        if not self._ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self._ended

    def kill_worker(self) -> bool:
        """SIGKILL to its worker process alone; False if none runs at this moment."""
        try:
            children = self._nursery.children(recursive=True)
            worker = next((one for one in children if one.name() == WORKER_TITLE), None)
            if worker is None:
                return False
            os.kill(worker.pid, signal.SIGKILL)
        except (psutil.Error, ProcessLookupError):
            return False
        return True


def small_menu(path: Path, width: int, height: int) -> Path:
    """The shipped menu, whose draft has the shape SMALL of that area in pixels besides, written to ``path``."""
    text, shapes = SHIPPED_CATALOG.read_text(encoding="utf-8"), "shapes = [\n"
    assert shapes in text
    shape = f'    {{ id = "{SMALL}", width = {width}, height = {height}, keeps_aspect = true }},\n'
    path.write_text(text.replace(shapes, shapes + shape, 1), encoding="utf-8")
    return path


def orphans(data_folder: Path, bot: Child) -> list[str]:
    """Every process on this machine that belongs to a bot on ``data_folder`` and does not descend from this one."""
    family, left = bot.family, []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            is_ours = process.environ().get(DATA_FOLDER) == str(data_folder)
            if is_ours and process.pid not in family and process.status() != psutil.STATUS_ZOMBIE:
                left.append(f"{process.pid}: {' '.join(process.cmdline())[:120]}")
    return left
