"""People and orders for the storage tests."""

import sqlite3
from typing import Any

from storage import jobs, ledger, pools, sessions

GUILD, USER, OTHER = 2**63 - 1, 2**63 - 2, 7
"""The largest ids that Discord can make, and a small one."""

WHO: dict[str, Any] = {"reason": "clip", "actor": "test", "now": 1.5}


def seen(tx: sqlite3.Connection, user_id: int = USER, allowance_credits: int = 400) -> ledger.Balance:
    """A person whose credits for November are given."""
    return ledger.see(
        tx, guild_id=GUILD, user_id=user_id, period="2026-11-01", allowance_credits=allowance_credits, now=1.0
    )


def held(tx: sqlite3.Connection, amount_credits: int = 11, key: str = "one", user_id: int = USER) -> int:
    """A hold on a seen person's credits."""
    return ledger.hold(tx, key=key, guild_id=GUILD, user_id=user_id, amount_credits=amount_credits, **WHO)


def new_job(key: str = "one", user_id: int = USER, price_credits: int = 11, **other: Any) -> jobs.NewJob:
    """An order with a recipe that holds every kind of JSON value."""
    values: dict[str, Any] = {
        "key": key,
        "guild_id": GUILD,
        "channel_id": 2**63 - 3,
        "user_id": user_id,
        "model_id": "draft",
        "recipe": {"prompt": "she smiles ☺ 'quoted'", "seed": 7, "fps": 16.5, "sound": False, "end_still": None},
        "price_credits": price_credits,
        "size_limit_bytes": 10_000_000,
        "locale": "en-US",
    }
    return jobs.NewJob(**{**values, **other})


def ordered(tx: sqlite3.Connection, key: str = "one", user_id: int = USER, price_credits: int = 11) -> jobs.Job:
    """A queued job with its hold, for a person who may never have been seen."""
    seen(tx, user_id)
    hold_id = held(tx, price_credits, key, user_id)
    return jobs.add(tx, new_job(key, user_id, price_credits), hold_id=hold_id, now=2.5)


def running(tx: sqlite3.Connection, key: str = "one", user_id: int = USER) -> jobs.Job:
    """A job in its first attempt."""
    claimed = jobs.claim(tx, ordered(tx, key, user_id).id, worker="gpu-0", now=3.5)
    assert claimed is not None
    return claimed


def succeeded(tx: sqlite3.Connection, key: str = "one", now: float = 4.5) -> jobs.Job:
    """A finished and charged job whose delivery is pending."""
    job = running(tx, key)
    clip: dict[str, Any] = {"clip": "a" * 64 + ".mp4", "clip_bytes": 5, "render_seconds": 1.0, "remarks": []}
    assert jobs.succeed(tx, job.id, job.attempts, **clip, now=now)
    ledger.capture(tx, job.hold_id, **WHO)
    finished = jobs.get(tx, job.id)
    assert finished is not None
    return finished


def funded(
    tx: sqlite3.Connection,
    key: str = "pool",
    credits_: int = 100,
    cap_credits: int | None = 30,
    kind: pools.PoolKind = "challenge",
) -> pools.Pool:
    """An open pool with credits in it."""
    about: dict[str, Any] = {"guild_id": GUILD, "kind": kind, "title": "Tides", "created_by": OTHER}
    pool = pools.open(tx, key=key, cap_credits=cap_credits, **about, now=1.0)
    pools.fund(tx, pool.id, key=key, amount_credits=credits_, **WHO)
    return pool


def sponsored(
    tx: sqlite3.Connection, pool_id: int, key: str = "paid", user_id: int = USER, price_credits: int = 11
) -> jobs.Job:
    """A queued job that the pool pays for."""
    hold_id = ledger.hold(
        tx, key=key, guild_id=GUILD, user_id=user_id, amount_credits=price_credits, pool_id=pool_id, **WHO
    )
    return jobs.add(tx, new_job(key, user_id, price_credits, pool_id=pool_id), hold_id=hold_id, now=2.5)


NOTHING_MADE = sessions.Tally(
    made=0,
    demonstrations=0,
    people=0,
    failed=0,
    cancelled=0,
    unfinished=0,
    spent_credits=0,
    median_wait_seconds=None,
)
"""What came of a session in which nobody ordered anything."""


def in_session(tx: sqlite3.Connection, key: str = "hour", **changed: Any) -> sessions.ClassSession:
    """A session that runs from 1 to 100 with a pool of its own."""
    pool_id = funded(tx, f"session:{key}", cap_credits=None, kind="session").id
    values: dict[str, Any] = {
        "key": key,
        "guild_id": GUILD,
        "channel_id": 2**63 - 3,
        "pool_id": pool_id,
        "model_id": None,
        "clips_per_person": 3,
        "locale": "en-US",
        "started_by": OTHER,
        "started_at": 1.0,
        "ends_at": 100.0,
    }
    return sessions.add(tx, sessions.NewSession(**{**values, **changed}))
