"""``python -m crashtest --kills N --seed S``: exit status 0 if all was reached and kept, else 1."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from crashtest.driver import Driver, PromiseBroken, Tally
from crashtest.plan import ROUND_KILLS, Kill, plan


def main() -> int:
    """Run, and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m crashtest", description=__doc__)
    parser.add_argument("--kills", type=int, default=ROUND_KILLS, help=f"how many ({ROUND_KILLS} visit every point)")
    parser.add_argument("--seed", type=int, default=1, help="which kills, in which order")
    parser.add_argument("--first", type=int, default=1, help="begin at this kill of the plan, to repeat a failure")
    parser.add_argument("--folder", type=Path, help="where the data and the bot's log go; a temporary one by default")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="crashtest-"))
    folder.mkdir(parents=True, exist_ok=True)
    kills = plan(arguments.seed, arguments.kills)[arguments.first - 1 :]
    started = time.monotonic()
    try:
        tally = asyncio.run(_run(folder, arguments.seed, kills))
    except PromiseBroken as broken:
        print(f"A promise was broken. {broken}", file=sys.stderr)
        return 1
    jobs = ", ".join(f"{count} {state}" for state, count in sorted(tally.jobs.items()))
    print(f"{tally.kills} kills in {time.monotonic() - started:.0f} s, seed {arguments.seed}: every promise kept")
    print(f"Jobs: {jobs}. Points not reached: {len(tally.missed)}")
    for missed in tally.missed:
        print(f"  {missed}", file=sys.stderr)
    return 1 if tally.missed else 0


async def _run(folder: Path, seed: int, kills: list[Kill]) -> Tally:
    async with Driver.open(folder, seed) as driver:
        return await driver.run(kills, lambda kill: print(kill, flush=True))


if __name__ == "__main__":
    sys.exit(main())
