"""How soon a person is answered, alone and in a rush, beside a bare bot; and the memory of the bot's process."""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

from benchmarks.rows import Row
from sandbox.files import Upload
from sandbox.server import Sandbox
from storage.database import connect_reader
from storage.settings import DATABASE_NAME

ROOT = Path(__file__).parents[1]
STILL = ROOT / "sandbox" / "stills" / "lighthouse.jpg"
WISH: dict[str, object] = {
    "still": Upload(STILL.name, STILL.read_bytes(), content_type="image/jpeg"),
    "prompt": "slow zoom in",
    "seconds": 1,
}
ALONE = 20
REST_SECONDS = 0.8
RUSH = 300
RUSH_SECONDS = 5.0
PEOPLE = 30
TAKEN_SECONDS = 120.0

# Nobody is refused for asking often: an order that is taken costs more than one that is turned away.
SETTINGS = {"STILLMOTION_LOG_LEVEL": "ERROR", "STILLMOTION_OUTSTANDING_LIMIT": str(ALONE + RUSH)}
# Nor is anybody shown the notice in place of an order.
SETTINGS |= {"STILLMOTION_NOTICE": "false"}

PONG = ["-m", "benchmarks.pong", "{url}"]
OURS = ["-m", "bot", "--sandbox", "{url}"]


def run() -> list[Row]:
    """One row a figure; times are from the interaction's dispatch to its first answer."""
    return asyncio.run(_run())


async def _run() -> list[Row]:
    """Ask both bots in turn, so that the machine is as busy or as sleepy for the one as for the other."""
    async with running_bot(PONG) as (bare, _, _), running_bot(OURS) as (sandbox, pid, folder):
        pong, animate = _Asked(bare, "ping", {}), _Asked(sandbox, "animate", WISH)
        for _ in range(ALONE):
            for asked in (pong, animate):
                asked.alone.append(await asked.answered_after())
                await _at_rest(sandbox)
        await asyncio.gather(pong.hurry(after_seconds=RUSH_SECONDS / RUSH / 2), animate.hurry())
        await _all_taken(folder)
        peak_bytes = _peak_bytes(pid)
    rush = f"first answer, {RUSH} in {RUSH_SECONDS:.0f} s"
    return [
        _compared("first answer, alone, p50", animate.alone, pong.alone, 50, 1.5),
        _compared("first answer, alone, p99", animate.alone, pong.alone, 99, None),
        _compared(f"{rush}, p50", animate.rush, pong.rush, 50, 1.5),
        _compared(f"{rush}, p99", animate.rush, pong.rush, 99, None),
        absolute(f"slowest answer of {RUSH}", max(animate.rush) * 1000, "ms", 1500),
        absolute("peak memory of the bot's process while clips render", peak_bytes / 2**20, "MiB", 150),
    ]


class _Asked:
    """One bot, what it is asked by many people, and after how many seconds it answered, ``alone`` and in a ``rush``."""

    def __init__(self, sandbox: Sandbox, command: str, options: dict[str, object]) -> None:
        self._people = cycle([sandbox.person(f"Student {number}") for number in range(PEOPLE)])
        self._command = command
        self._options = options
        self.alone: list[float] = []
        self.rush: list[float] = []

    async def answered_after(self) -> float:
        """Let the next person ask once."""
        return (await next(self._people).command(self._command, self._options)).answered_after_seconds

    async def hurry(self, after_seconds: float = 0.0) -> None:
        """Let RUSH people ask, evenly in RUSH_SECONDS, whether or not those before were answered."""
        started = asyncio.get_running_loop().time() + after_seconds

        async def one(number: int) -> float:
            due = started + number * RUSH_SECONDS / RUSH
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            return await self.answered_after()

        self.rush += await asyncio.gather(*map(one, range(RUSH)))


async def _all_taken(data_folder: Path) -> None:
    """Wait until every order is in the table; a refused one never would be. Raises TimeoutError."""
    connection = connect_reader(data_folder / DATABASE_NAME)
    with contextlib.closing(connection):
        async with asyncio.timeout(TAKEN_SECONDS):
            taken = 0
            while taken < ALONE + RUSH:
                await asyncio.sleep(REST_SECONDS)
                (taken,) = connection.execute("SELECT count(*) FROM jobs").fetchone()


async def _at_rest(sandbox: Sandbox) -> None:
    """Wait until the bot has asked nothing of the sandbox for a while."""
    seen = -1
    while seen != len(sandbox.requests):
        seen = len(sandbox.requests)
        await asyncio.sleep(REST_SECONDS)


@contextlib.asynccontextmanager
async def running_bot(command: list[str]) -> AsyncIterator[tuple[Sandbox, int, Path]]:
    """A sandbox, the id of the process that ``command`` starts against it ("{url}"), connected, and its data folder."""
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox.open() as sandbox:
            environment = {**os.environ, **SETTINGS, "STILLMOTION_DATA_FOLDER": folder}
            arguments = [part.replace("{url}", sandbox.url) for part in command]
            process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, cwd=ROOT)
            try:
                await sandbox.bot_ready(timeout_seconds=30)
                yield sandbox, process.pid, Path(folder)
            finally:
                process.terminate()
                await process.wait()


def _peak_bytes(pid: int) -> int:
    """The largest resident size of one process so far, from Linux's VmHWM."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def quantile(values: list[float], percent: int) -> float:
    """The value that ``percent`` of them do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _compared(name: str, ours: list[float], bare: list[float], percent: int, bound: float | None) -> Row:
    mine, theirs = quantile(ours, percent), quantile(bare, percent)
    ratio = mine / theirs
    return Row(
        name=name,
        ours=mine * 1000,
        reference=theirs * 1000,
        ratio=ratio,
        unit="ms",
        bound=f"at most {bound} times the bare bot" if bound else "",
        ok=None if bound is None else ratio <= bound,
    )


def absolute(name: str, ours: float, unit: str, bound: float | None) -> Row:
    """A figure of ours without a reference; ``bound`` is what it has to stay under."""
    return Row(
        name=name,
        ours=ours,
        reference=None,
        ratio=None,
        unit=unit,
        bound="" if bound is None else f"under {bound:.0f} {unit}",
        ok=None if bound is None else ours < bound,
    )
