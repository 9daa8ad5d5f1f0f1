"""Clips that a pool pays for, and the log of what instructors did with it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import load_catalog
from generation.errors import NoticeNeeded
from generation.orders import NewOrder, Orders
from generation.pools import NewPool, Pools
from generation.privacy.notices import NOTICE_VERSION, Notices
from generation.request import compose
from generation.retries import Retries
from generation.teaching.house_rules import Asker, RuleRefused
from generation.teaching.staff import Staff
from generation.workers.protocol import Rendered
from storage import class_rules, staff_acts
from storage.blobs import BlobStore
from storage.database import Database
from storage.errors import CapReached, HistoryIsFixed, PoolClosed
from storage.pools import Pool, Totals
from storage.staff_acts import NewAct

GUILD, ADA, INES = 100, 300, 400
CLIP = "a" * 64 + ".mp4"


def clock() -> float:
    return 1795219200.0


@pytest.fixture
def staff(database: Database) -> Staff:
    return Staff(database, clock=clock)


@pytest.fixture
def pools(database: Database, staff: Staff) -> Pools:
    return Pools(database, staff=staff, clock=clock)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, allowance=Allowance(credits=400, timezone=ZoneInfo("UTC")), clock=clock)


@pytest.fixture
def orders(database: Database, accounts: Accounts, tmp_path: Path) -> Orders:
    return Orders(database, BlobStore(tmp_path / "files"), accounts, Admission(accounts, clock=clock), clock=clock)


def act(key: str, what: str = "pool") -> NewAct:
    return NewAct(key=key, guild_id=GUILD, actor_id=INES, what=what, why="because")


async def opened(pools: Pools) -> Pool:
    new = NewPool(key="p", guild_id=GUILD, kind="challenge", title="Tides", credits=10, cap_credits=3, created_by=INES)
    return await pools.open(act("open"), new)


def order(key: str, pool_id: int | None, seconds: float = 15) -> NewOrder:
    still = "0" * 64 + ".png"
    request = compose(load_catalog()["draft"], prompt="pan", still=still, shape_id="landscape", seconds=seconds, seed=1)
    place = {"guild_id": GUILD, "channel_id": 2, "user_id": ADA, "locale": "en-US", "size_limit_bytes": 10**7}
    return NewOrder(key=key, request=request, pool_id=pool_id, **place)


async def test_a_clip_is_paid_by_the_pool_up_to_the_cap_and_then_by_the_person(
    orders: Orders, pools: Pools, accounts: Accounts
) -> None:
    pool = await opened(pools)
    placed = await orders.place(order("1", pool.id))
    job = await orders.claim(placed.job.id, "w")
    assert job is not None
    await orders.complete(job, Rendered(size_bytes=9, render_seconds=1.0), CLIP)
    for attempt in (
        orders.check_room(GUILD, ADA, order("2", pool.id).request, pool_id=pool.id),
        orders.place(order("2", pool.id)),
    ):
        with pytest.raises(CapReached) as caught:
            await attempt
        assert (0, 3) == (caught.value.left, caught.value.needed)
    own = await orders.place(order("2", None))

    assert [(0, 3)] == [(share.left, share.used) for share in await pools.shares(GUILD, ADA)]
    assert (397, 3) == (own.balance.available, own.balance.held)
    assert Totals(7, 0, 3) == await pools.totals(pool.id)
    assert (0, 397) == (await accounts.left_after(placed.job), await accounts.left_after(own.job))


async def test_the_free_retry_of_a_pools_clip_is_paid_by_the_pool_again_and_bound_by_the_rules(
    database: Database, orders: Orders, pools: Pools, accounts: Accounts
) -> None:
    pool = await opened(pools)
    retries = Retries(database, orders, catalog=load_catalog(), clock=clock)
    placed = await orders.place(order("1", pool.id))
    job = await orders.claim(placed.job.id, "w")
    assert job is not None
    await orders.complete(job, Rendered(size_bytes=9, render_seconds=1.0, remarks=(("guard-still", {}),)), CLIP)
    blocked = Asker(role_ids=frozenset(), channel_ids=frozenset({2}))
    await database.write(lambda tx: class_rules.block(tx, GUILD, ADA, reason="cool down", now=1.0))
    with pytest.raises(RuleRefused):
        await retries.retry(job.id, actor=ADA, channel_id=2, asker=blocked)
    assert Totals(7, 0, 3) == await pools.totals(pool.id)
    await database.write(lambda tx: class_rules.unblock(tx, GUILD, ADA))
    with pytest.raises(NoticeNeeded):
        await retries.retry(job.id, actor=ADA, channel_id=2, asker=blocked)
    assert Totals(7, 0, 3) == await pools.totals(pool.id)
    await Notices(database, clock=clock).accept(GUILD, ADA, NOTICE_VERSION)
    retried = await retries.retry(job.id, actor=ADA, channel_id=2, asker=blocked)

    assert pool.id == retried.job.pool_id
    assert Totals(7, 3, 0) == await pools.totals(pool.id)
    assert (400, 0) == (retried.balance.available, retried.balance.held)


async def test_a_set_of_clips_is_judged_by_the_pool_and_the_rules_as_a_whole(orders: Orders, pools: Pools) -> None:
    pool = await opened(pools)
    with pytest.raises(CapReached) as caught:
        await orders.place_all([order("1", pool.id), order("1-2", pool.id)])

    assert (3, 6) == (caught.value.left, caught.value.needed)
    assert [] == await orders.unfinished()


async def test_a_pool_that_closes_pays_its_prize_first_and_returns_the_rest(
    orders: Orders, pools: Pools, accounts: Accounts
) -> None:
    pool = await opened(pools)
    placed = await orders.place(order("1", pool.id))
    for _ in range(2):
        await pools.prize(act("prize"), pool.id, place=1, user_id=ADA, credits_=5)
        assert await pools.close(act("close"), pool.id) in (2, 0)
    await orders.cancel(placed.job.id, actor=ADA)

    assert Totals(0, 0, 0) == await pools.totals(pool.id)
    assert 405 == (await accounts.balance(GUILD, ADA)).available
    with pytest.raises(PoolClosed):
        await orders.place(order("2", pool.id))


async def test_an_act_is_written_once_with_what_it_changed_and_never_rewritten(
    pools: Pools, staff: Staff, database: Database
) -> None:
    pool = await opened(pools)
    for _ in range(2):
        await pools.fund(act("fund"), pool.id, 5)
        await pools.close(act("close", "challenge-close"), pool.id)
    with pytest.raises(PoolClosed):
        await pools.fund(act("late"), pool.id, 5)
    acts = await staff.page(GUILD, 9)

    assert ["challenge-close", "pool", "pool"] == [one.what for one in acts]
    assert ({"rest": 15}, "because", INES) == (acts[0].details, acts[0].why, acts[0].actor_id)
    with pytest.raises(HistoryIsFixed):
        await database.write(lambda tx: tx.execute("DELETE FROM staff_acts"))


async def test_the_log_is_paged_both_ways(staff: Staff) -> None:
    for number in range(7):
        await staff.act(act(str(number), f"act {number}"), lambda tx, now: None)
    await staff.refuse(act("tried", "refused"))
    newest = await staff.page(GUILD, 3)
    older = await staff.page(GUILD, 3, before_id=newest[-1].id)

    assert ["act 6", "act 5", "act 4"] == [one.what for one in newest]
    assert ["act 3", "act 2", "act 1"] == [one.what for one in older]
    assert newest == await staff.page_after(GUILD, 3, after_id=older[0].id)
    assert ["refused"] == [one.what for one in await staff.page(GUILD, 3, was_refused=True)]
    assert isinstance(newest[0], staff_acts.Act)
