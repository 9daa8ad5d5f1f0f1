"""How soon a person is answered, alone and in a rush, beside a bare bot; and the memory of the bot's process."""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import chain
from pathlib import Path

from benchmarks.rows import Row
from bot.workshop import DATABASE_NAME
from sandbox.calls import Call
from sandbox.files import Upload
from sandbox.person import Person
from sandbox.server import Sandbox
from storage.database import connect_reader

ROOT = Path(__file__).parents[1]
STILL = ROOT / "sandbox" / "stills" / "lighthouse.jpg"
ROUNDS = 3
"""Turns of each bot: a process that has little to do is woken slower or faster, as a whole, by what core it is on."""

ALONE = 8
REST_SECONDS = 0.8
RUSH = 300
RUSH_SECONDS = 5.0
PEOPLE = 30
TAKEN_SECONDS = 120.0

# Nobody is refused for asking often: an order that is taken costs more than one that is turned away.
SETTINGS = {"STILLMOTION_LOG_LEVEL": "ERROR", "STILLMOTION_OUTSTANDING_LIMIT": str(ALONE + RUSH)}
# Nor is anybody shown the notice in place of an order.
SETTINGS |= {"STILLMOTION_NOTICE": "false"}

Ask = Callable[[Person], Awaitable[Call]]
Round = tuple[list[float], list[float], int]
"""Seconds to each first answer, alone and in the rush; the peak memory in bytes."""


def run() -> list[Row]:
    """One row a figure over all rounds; times are from the interaction's dispatch to its first answer."""
    return asyncio.run(_run())


async def _run() -> list[Row]:
    still = Upload(STILL.name, STILL.read_bytes(), content_type="image/jpeg")

    async def ping(person: Person) -> Call:
        return await person.command("ping", {})

    async def animate(person: Person) -> Call:
        return await person.command("animate", {"still": still, "prompt": "slow zoom in", "seconds": 1})

    pongs: list[Round] = []
    rounds: list[Round] = []
    for _ in range(ROUNDS):
        pongs.append(await _measure(["-m", "benchmarks.pong", "{url}"], ping))
        rounds.append(await _measure(["-m", "bot", "--sandbox", "{url}"], animate))
    pong_alone, pong_rush, _ = _pooled(pongs)
    alone, rush, peak_bytes = _pooled(rounds)
    return [
        _compared("first answer, alone, p50", quantile(alone, 50), quantile(pong_alone, 50), 1.5),
        _compared("first answer, alone, p99", quantile(alone, 99), quantile(pong_alone, 99), None),
        _compared(
            f"first answer, {RUSH} in {RUSH_SECONDS:.0f} s, p50", quantile(rush, 50), quantile(pong_rush, 50), 1.5
        ),
        _compared(
            f"first answer, {RUSH} in {RUSH_SECONDS:.0f} s, p99", quantile(rush, 99), quantile(pong_rush, 99), None
        ),
        absolute(f"slowest answer of {RUSH} in each of {ROUNDS} rushes", max(rush) * 1000, "ms", 1500),
        absolute("peak memory of the bot's process while clips render", peak_bytes / 2**20, "MiB", 150),
    ]


def _pooled(rounds: list[Round]) -> Round:
    alone, rush, peaks = zip(*rounds, strict=True)
    return list(chain(*alone)), list(chain(*rush)), max(peaks)


async def _measure(command: list[str], ask: Ask) -> Round:
    async with running_bot(command) as (sandbox, pid, folder):
        people = [sandbox.person(f"Student {number}") for number in range(PEOPLE)]
        alone = []
        for number in range(ALONE):
            call = await ask(people[number % PEOPLE])
            alone.append(call.answered_after_seconds)
            await _at_rest(sandbox)
        started = asyncio.get_running_loop().time()

        async def one(number: int) -> float:
            due = started + number * RUSH_SECONDS / RUSH
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            return (await ask(people[number % PEOPLE])).answered_after_seconds

        rush = list(await asyncio.gather(*map(one, range(RUSH))))
        if (folder / DATABASE_NAME).exists():
            await _all_taken(folder)
        return alone, rush, _peak_bytes(pid)


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


def _compared(name: str, ours: float, reference: float, bound: float | None) -> Row:
    ratio = ours / reference
    ok = None if bound is None else ratio <= bound
    return Row(
        name=name,
        ours=ours * 1000,
        reference=reference * 1000,
        ratio=ratio,
        unit="ms",
        bound=f"at most {bound} times the bare bot" if bound else "",
        ok=ok,
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
