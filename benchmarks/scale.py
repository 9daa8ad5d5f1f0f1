"""Whether what people do stays as fast with a million jobs in the database as with a thousand."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.rows import Row
from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import Catalog, load_catalog
from generation.dispatch import Dispatcher
from generation.health import ModelHealth
from generation.line.allocation import Allocator
from generation.line.estimates import Estimates
from generation.orders import NewOrder, Orders
from generation.queue import JobQueue
from generation.request import compose
from generation.teaching.closures import Closures
from generation.teaching.staff import Staff
from storage import ledger
from storage.audit import audit
from storage.blobs import BlobStore
from storage.database import Database, connect_writer

SMALL, LARGE = 1_000, 1_000_000
PEOPLE = 300
WAITING = 30
ROUNDS = 600
BOUND = 2.0
NOW = 1_795_219_200.0
GUILD = 1

BULK = (
    """
    CREATE TEMP TABLE numbers AS
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :jobs)
    SELECT n, 1 + n % :people AS user_id, :now - 60.0 * (:jobs - n) - 3600.0 AS at FROM counted
    """,
    """
    INSERT INTO transfers (id, key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
    SELECT :first + n, 'hold:' || n, 'hold', available.id, held.id, 1, 'clip with draft', 'benchmark', numbers.at
    FROM numbers
    JOIN accounts AS available ON available.user_id = numbers.user_id AND available.kind = 'available'
    JOIN accounts AS held ON held.user_id = numbers.user_id AND held.kind = 'held' ORDER BY n
    """,
    """
    INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
    SELECT 'capture:' || n, 'capture', held.id, spent.id, 1, :first + n, 'clip delivered', 'benchmark', numbers.at
    FROM numbers
    JOIN accounts AS held ON held.user_id = numbers.user_id AND held.kind = 'held'
    JOIN accounts AS spent ON spent.kind = 'spent' ORDER BY n
    """,
    """
    INSERT INTO jobs (key, hold_id, guild_id, channel_id, user_id, locale, model_id, recipe, price_credits,
        size_limit_bytes, state, attempts, worker, created_at, started_at, finished_at, clip, clip_bytes,
        render_seconds, load_seconds, delivery, delivery_at, message_id)
    SELECT n, :first + n, :guild, 1, user_id, 'en-US', 'draft',
        '{"preset":"fast","steps":1,"width":832,"height":480,"frames":81,"prompt":"slow zoom in, gentle wind"}',
        1, 10000000, 'succeeded', 1, 'worker-0', at, at + 5, at + 8, 'clip' || n || '.mp4', 500000, 3.0, 0.0,
        'posted', at + 9, n
    FROM numbers ORDER BY n
    """,
    """
    INSERT INTO job_events (job_id, at, state, attempts, worker, delivery)
    SELECT id, created_at, 'queued', 0, NULL, NULL FROM jobs
    UNION ALL SELECT id, started_at, 'running', 1, worker, NULL FROM jobs
    UNION ALL SELECT id, delivery_at, state, attempts, worker, delivery FROM jobs
    ORDER BY 2, 4, 6
    """,
    """
    UPDATE accounts SET balance_credits =
        (SELECT coalesce(sum(amount_credits), 0) FROM transfers WHERE credit_account = accounts.id)
        - (SELECT coalesce(sum(amount_credits), 0) FROM transfers WHERE debit_account = accounts.id)
    """,
    """
    INSERT INTO person_totals (guild_id, user_id, ordered, made, spent_credits)
    SELECT :guild, user_id, count(*), count(*), count(*) FROM numbers GROUP BY user_id
    """,
    "DROP TABLE numbers",
    "ANALYZE",
)
"""Finished jobs with their credits, a minute apart. The triggers are away while they are written, the rules hold."""

Act = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class _Clock:
    """Stands still within a round, and is far enough on in the next that no forecast is told twice."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class _House:
    """What the commands use, over one database."""

    database: Database
    orders: Orders
    accounts: Accounts
    dispatcher: Dispatcher
    catalog: Catalog
    clock: _Clock


def run() -> list[Row]:
    """Ratios of the 99th percentiles, from alternating calls on both databases."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[Row]:
    async with AsyncExitStack() as stack:
        houses = [await stack.enter_async_context(_house(folder / str(jobs), jobs)) for jobs in (SMALL, LARGE)]
        seconds: dict[str, tuple[list[float], list[float]]] = {}
        for number in range(ROUNDS):
            for size, house in enumerate(houses):
                house.clock.now += 10
                for name, act in _acts(house, number).items():
                    started = time.perf_counter()
                    await act()
                    seconds.setdefault(name, ([], []))[size].append(time.perf_counter() - started)
                # Nobody comes to the limit of jobs in the making, so that every round places one.
                for job in await house.orders.outstanding(GUILD, _person(number)):
                    await house.orders.cancel(job.id, actor=1)
                # What this database folds into its file must not hold up the other one on the same disk.
                await house.database.write(lambda tx: None)
        return [_row(name, *both) for name, both in seconds.items()]


def _acts(house: _House, number: int) -> dict[str, Act]:
    orders, user_id = house.orders, _person(number)

    async def queue() -> object:
        return house.dispatcher.line(10)

    async def credits_() -> object:
        await house.accounts.next_top_up(GUILD)
        return await house.accounts.account(GUILD, user_id, entries=10)

    async def place() -> object:
        return await orders.place(_order(house, f"new-{number}", user_id))

    return {"placing a job": place, "/credits": credits_, "/queue": queue}


def _order(house: _House, key: str, user_id: int) -> NewOrder:
    return NewOrder(
        key=key,
        guild_id=GUILD,
        channel_id=1,
        user_id=user_id,
        locale="en-US",
        size_limit_bytes=10_000_000,
        request=compose(house.catalog["draft"], prompt="pan left", still="0" * 64 + ".png", seed=1),
    )


def _person(number: int) -> int:
    return WAITING + 1 + number % (PEOPLE - WAITING)


@asynccontextmanager
async def _house(folder: Path, jobs: int) -> AsyncIterator[_House]:
    build(folder / "stillmotion.sqlite3", jobs)
    catalog, clock = load_catalog(), _Clock()
    async with Database.open(folder / "stillmotion.sqlite3") as database:
        blobs = BlobStore(folder / "files")
        allowance = Allowance(credits=400, timezone=ZoneInfo("UTC"))
        accounts = Accounts(database, allowance=allowance, clock=clock)
        orders = Orders(database, blobs, accounts, Admission(accounts, clock=clock), clock=clock)
        queue = JobQueue(Allocator(Estimates(["draft"]), 1), ["worker-0"], clock=clock)
        health = ModelHealth(clock)
        closures = Closures(database, Staff(database, clock=clock))
        dispatcher = Dispatcher(
            orders, queue, [], blobs=blobs, catalog=catalog, health=health, closures=closures, describe=lambda _: ""
        )
        house = _House(database, orders, accounts, dispatcher, catalog, clock)
        await house.dispatcher.recover()
        for user_id in range(1, WAITING + 1):
            placed = await orders.place(_order(house, f"waiting-{user_id}", user_id))
            await house.dispatcher.enqueue(placed.job)
        yield house


def build(path: Path, jobs: int) -> None:
    """A database in which ``jobs`` jobs of PEOPLE people were finished and paid. Raises if the ledger is not clean."""
    connection = connect_writer(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for user_id in range(1, PEOPLE + 1):
            period = "2026-01-01"
            ledger.see(connection, guild_id=GUILD, user_id=user_id, period=period, allowance_credits=10**6, now=0.0)
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        first = connection.execute("SELECT max(id) FROM transfers").fetchone()[0]
        values = {"jobs": jobs, "people": PEOPLE, "now": NOW, "guild": GUILD, "first": first}
        for sql in BULK:
            connection.execute(sql, values)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
        assert audit(connection) == []
    finally:
        connection.close()


def _row(name: str, small: list[float], large: list[float]) -> Row:
    ours, reference = (float(np.percentile(seconds, 99)) * 1000 for seconds in (large, small))
    return Row(
        name=f"{name}, p99, {LARGE:,} jobs against {SMALL:,}",
        ours=ours,
        reference=reference,
        ratio=ours / reference,
        unit="ms",
        bound=f"at most {BOUND:.0f} times",
        ok=ours <= BOUND * reference,
    )
