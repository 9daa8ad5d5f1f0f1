"""Whatever many callers do to the same holds at once: nothing falls below zero, is settled twice, or is rewritten."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from storage_samples import GUILD, USER, WHO, new_job, seen

from storage import jobs, ledger
from storage.database import Database, Transaction
from storage.errors import RuleBroken
from tests.databases import copy_empty

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "place",
                "claim",
                "succeed",
                "retry",
                "fail",
                "hand back",
                "cancel",
                "refund",
                "capture",
                "release",
                "grant",
                "top up",
            ]
        ),
        st.integers(min_value=0, max_value=3),
    ),
    min_size=5,
    max_size=40,
)
CREDITS = 100
PRICE = 30
CLIP = {"clip": "a.mp4", "clip_bytes": 1, "render_seconds": 1.0, "remarks": []}


def work_of(step: Step) -> Callable[[Transaction], object]:
    """One transaction, as ``generation.orders`` makes them."""
    name, which = step
    key = f"order-{which}"

    def place(tx: Transaction) -> object:
        hold_id = ledger.hold(tx, key=key, guild_id=GUILD, user_id=USER, amount_credits=PRICE, **WHO)
        return jobs.add(tx, new_job(key, USER, PRICE), hold_id=hold_id, now=1.0)

    def grant(tx: Transaction) -> object:
        return ledger.grant(tx, key=key, guild_id=GUILD, user_id=USER, amount_credits=7, **WHO)

    def top_up(tx: Transaction) -> object:
        period = f"2027-{which + 1:02}-01"
        return ledger.see(tx, guild_id=GUILD, user_id=USER, period=period, allowance_credits=CREDITS, now=1.0)

    def on_job(tx: Transaction) -> object:
        job = jobs.by_key(tx, key)
        return None if job is None else _change(tx, name, job)

    return {"place": place, "grant": grant, "top up": top_up}.get(name, on_job)


def _change(tx: Transaction, name: str, job: jobs.Job) -> object:
    if name == "claim":
        return jobs.claim(tx, job.id, worker="w", now=2.0)
    if name == "retry":
        return jobs.requeue(tx, job.id, job.attempts, cause="lost")
    if name == "hand back":
        return jobs.hand_back(tx, job.id, job.attempts)
    if name == "succeed":
        ended = jobs.succeed(tx, job.id, job.attempts, **CLIP, now=3.0)
        return ended and ledger.capture(tx, job.hold_id, **WHO)
    if name == "fail":
        ended = jobs.fail(tx, job.id, job.attempts, fault="crashed", cause="", now=3.0)
        return ended and ledger.release(tx, job.hold_id, **WHO)
    if name == "cancel":
        return jobs.cancel(tx, job.id, now=3.0) and ledger.release(tx, job.hold_id, **WHO)
    if name == "refund":
        return ledger.refund(tx, job.hold_id, **WHO)
    # A replay of a settlement that was made, or a contradiction of it; never the first one.
    return ledger.settlement(tx, job.hold_id) and getattr(ledger, name)(tx, job.hold_id, **WHO)


async def attempt(database: Database, step: Step) -> None:
    with contextlib.suppress(RuleBroken):
        await database.write(work_of(step))


async def broken_promises(steps: list[Step]) -> list[str]:
    """What is wrong after all ``steps`` were taken at once, and all of them again at once."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Database.open(copy_empty(Path(folder) / "x.db")) as database:
            await database.write(lambda tx: seen(tx, allowance_credits=CREDITS))
            for _ in range(2):
                before = await database.read(transfers)
                await asyncio.gather(*(attempt(database, step) for step in steps))
                after = await database.read(transfers)
                now = await database.read(lambda tx: ledger.balance(tx, GUILD, USER))
                found += [] if before == after[: len(before)] else ["a transfer was rewritten"]
                found += [] if min(now.available, now.held) >= 0 else [f"{now} is below zero"]
                found += await database.read(ledger.audit)
    return found


def transfers(tx: Transaction) -> list[tuple[object, ...]]:
    return tx.execute("SELECT * FROM transfers ORDER BY id").fetchall()


@given(steps=STEPS)
@settings(max_examples=60)
def test_any_steps_by_callers_at_once_keep_every_promise(steps: list[Step]) -> None:
    assert [] == asyncio.run(broken_promises(steps))
