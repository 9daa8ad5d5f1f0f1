"""The bot as the driver holds it: a child process that is armed, killed, and looked after for what it leaves behind."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

from crashtest.child import ARMED, OFFSET, Act, armed_line

DATA_FOLDER = "STILLMOTION_DATA_FOLDER"
ALLOWANCE_CREDITS = 1_000_000


class Child:
    """One life of the bot."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, url: str, data_folder: Path, log: Path, *, offset_seconds: float, armed: str = "") -> "Child":
        """Start the bot against the sandbox at ``url``; ``armed`` is a point to die at from the start."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STILLMOTION_")}
        environment |= {
            DATA_FOLDER: str(data_folder),
            "STILLMOTION_ALLOWANCE_CREDITS": str(ALLOWANCE_CREDITS),
            "STILLMOTION_NOTICE": "false",
            OFFSET: str(offset_seconds),
            ARMED: armed_line(Act.DIE, armed) if armed else "",
        }
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "crashtest.child", "--sandbox", url),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return cls(process)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As subprocess has it; None while the bot lives."""
        return self._process.returncode

    async def arm(self, act: Act, point: str, count: int = 1) -> None:
        """Let ``act`` happen when it passes ``point``, from the ``count``-th time from now on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{armed_line(act, point, count)}\n".encode())
        await self._process.stdin.drain()

    async def died(self, timeout_seconds: float) -> bool:
        """Whether it ended by itself in time."""
        try:
            await asyncio.wait_for(self._process.wait(), timeout_seconds)
        except TimeoutError:
            return False
        return True

    async def kill(self) -> None:
        """SIGKILL, now."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit status."""
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()

    def kill_worker(self) -> bool:
        """SIGKILL to its worker process alone; False if none runs at this moment."""
        try:
            children = psutil.Process(self.pid).children()
            worker = next((one for one in children if "generation.workers.child" in one.cmdline()), None)
            if worker is None:
                return False
            os.kill(worker.pid, signal.SIGKILL)
        except (psutil.Error, ProcessLookupError):
            return False
        return True


def processes(data_folder: Path) -> Iterator[psutil.Process]:
    """Every process on this machine that belongs to a bot on ``data_folder``, dead ones' children included."""
    for process in psutil.process_iter():
        try:
            if process.environ().get(DATA_FOLDER) == str(data_folder) and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (psutil.Error, OSError):
            continue


def orphans(data_folder: Path, bot: Child | None) -> list[str]:
    """Those of them that do not descend from the living bot."""
    family: set[int] = set()
    if bot is not None and bot.returncode is None:
        family = {bot.pid, *(child.pid for child in psutil.Process(bot.pid).children(recursive=True))}
    left = []
    for process in processes(data_folder):
        if process.pid not in family:
            try:
                left.append(f"{process.pid}: {' '.join(process.cmdline())[:120]}")
            except psutil.Error:
                continue
    return left
