"""How soon the coach's card is seen when a whole class sends weak prompts at once."""

import asyncio
import os
from dataclasses import replace

from benchmarks.answers import PEOPLE, STILL, absolute, quantile, running_bot
from benchmarks.rows import Row
from sandbox.files import Upload
from sandbox.person import Person

ROUNDS = 4
CORES = 2
PAUSE_SECONDS = 1.0
WISH = {"prompt": "zoom in, then pan left, then orbit", "seconds": 1}


def run() -> list[Row]:
    """From the interaction's dispatch to the card with its still, thirty at once, a few times over; on two cores."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(everywhere)[:CORES]))
    try:
        seconds = asyncio.run(_run())
    finally:
        os.sched_setaffinity(0, everywhere)
    return [
        absolute(f"coach's card, {PEOPLE} people at once, p50", quantile(seconds, 50) * 1000, "ms", None),
        absolute(f"coach's card, {PEOPLE} people at once, p99", quantile(seconds, 99) * 1000, "ms", 1500),
    ]


async def _run() -> list[float]:
    still = Upload(STILL.name, STILL.read_bytes(), content_type="image/jpeg")
    async with running_bot(["-m", "bot", "--sandbox", "{url}"]) as (sandbox, _, _):
        people = [sandbox.person(f"Student {number}") for number in range(PEOPLE)]
        await _card(people[0], still)
        seen: list[float] = []
        for number in range(ROUNDS):
            await asyncio.sleep(PAUSE_SECONDS)
            upload = replace(still, filename=f"round-{number}.jpg")
            seen += await asyncio.gather(*(_card(person, upload) for person in people))
        return seen


async def _card(person: Person, still: Upload) -> float:
    loop = asyncio.get_running_loop()
    asked = loop.time()
    call = await person.command("animate", {"still": still, **WISH})
    card = await call.finished(timeout_seconds=60)
    assert card is not None
    assert card.attachments
    return loop.time() - asked
