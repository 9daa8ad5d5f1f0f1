"""Orders: money and job change together, once, however an attempt ends."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import OUTSTANDING_LIMIT, Admission
from generation.catalog import load_catalog
from generation.charges import Charge
from generation.deliveries import Deliveries
from generation.errors import RequestError
from generation.orders import NewOrder, Orders
from generation.request import compose
from generation.workers.protocol import Failed, Rendered
from storage import guilds, jobs
from storage.blobs import BlobStore
from storage.database import Database
from storage.errors import InsufficientCredits
from storage.jobs import Job

GUILD, CHANNEL, ADA = 100, 200, 300
CLIP = "a" * 64 + ".mp4"
RENDERED = Rendered(size_bytes=1000, render_seconds=2.5)
NOVEMBER_20 = 1795219200.0
BERLIN = ZoneInfo("Europe/Berlin")


class Clock:
    def __init__(self) -> None:
        self.now = NOVEMBER_20

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, allowance=Allowance(credits=400, timezone=BERLIN), clock=clock)


@pytest.fixture
def deliveries(database: Database, clock: Clock) -> Deliveries:
    return Deliveries(database, clock=clock)


@pytest.fixture
def orders(database: Database, accounts: Accounts, tmp_path: Path, clock: Clock) -> Orders:
    return Orders(database, BlobStore(tmp_path / "files"), accounts, Admission(accounts, clock=clock), clock=clock)


def order(key: str = "1", *, seconds: float | None = None, user_id: int = ADA) -> NewOrder:
    request = compose(
        load_catalog()["draft"],
        prompt="pan left",
        still="0" * 64 + ".png",
        shape_id="landscape",
        seconds=seconds,
        seed=1,
    )
    return NewOrder(
        key=key,
        guild_id=GUILD,
        channel_id=CHANNEL,
        user_id=user_id,
        locale="en-US",
        size_limit_bytes=10_000_000,
        request=request,
    )


async def set_allowance(database: Database, credits_: int) -> None:
    settings = guilds.GuildSettings(allowance_credits=credits_)
    await database.write(lambda tx: guilds.set(tx, GUILD, settings, updated_by=1, now=0.0))


async def running(orders: Orders, key: str = "1") -> Job:
    placed = await orders.place(order(key))
    job = await orders.claim(placed.job.id, "worker-0")
    assert job is not None
    return job


async def balance(accounts: Accounts) -> tuple[int, int]:
    now = await accounts.balance(GUILD, ADA)
    return now.available, now.held


async def test_an_order_opens_the_account_and_holds_the_price(orders: Orders) -> None:
    placed = await orders.place(order(seconds=15))

    assert (placed.balance.available, placed.balance.held) == (397, 3)
    assert (placed.job.state, placed.job.price_credits) == ("queued", 3)


async def test_the_same_order_twice_is_one_job_and_one_hold(orders: Orders, accounts: Accounts) -> None:
    first, second = await orders.place(order()), await orders.place(order())

    assert first.job == second.job
    assert (first.is_new, second.is_new) == (True, False)
    assert await balance(accounts) == (399, 1)


async def test_an_order_beyond_the_credits_changes_nothing(
    orders: Orders, database: Database, accounts: Accounts
) -> None:
    await set_allowance(database, 2)
    with pytest.raises(InsufficientCredits) as caught:
        await orders.place(order(seconds=15))

    assert (caught.value.available, caught.value.needed) == (2, 3)
    assert await database.read(jobs.waiting) == []


async def test_a_finished_clip_is_charged_once(orders: Orders, accounts: Accounts) -> None:
    job = await running(orders)

    assert await orders.complete(job, RENDERED, CLIP)
    assert not await orders.complete(job, RENDERED, CLIP)
    assert await balance(accounts) == (399, 0)


async def test_a_failure_that_may_not_repeat_goes_back_into_the_line(orders: Orders, accounts: Accounts) -> None:
    job = await running(orders)
    again = await orders.fail(job, Failed(fault="crashed", cause="signal 9", retry=True))

    assert again.state == "queued"
    assert await balance(accounts) == (399, 1)


async def test_the_third_crash_fails_the_job_and_returns_the_credits(orders: Orders, accounts: Accounts) -> None:
    placed = await orders.place(order())
    for _ in range(3):
        job = await orders.claim(placed.job.id, "worker-0")
        assert job is not None
        last = await orders.fail(job, Failed(fault="crashed", cause="signal 9", retry=True))

    assert (last.state, last.fault, last.attempts) == ("failed", "crashed", 3)
    assert await balance(accounts) == (400, 0)


async def test_a_failure_that_would_repeat_ends_the_job_at_once(orders: Orders, accounts: Accounts) -> None:
    job = await running(orders)
    last = await orders.fail(job, Failed(fault="out_of_memory", cause="", retry=False))

    assert (last.state, last.fault) == ("failed", "out_of_memory")
    assert await balance(accounts) == (400, 0)


async def test_an_attempt_that_lost_its_job_changes_nothing(orders: Orders, accounts: Accounts) -> None:
    lost = await running(orders)
    await orders.fail(lost, Failed(fault="crashed", cause="", retry=True))
    await orders.claim(lost.id, "worker-1")

    assert not await orders.complete(lost, RENDERED, CLIP)
    assert (await orders.fail(lost, Failed(fault="encoder", cause="", retry=False))).state == "running"
    assert await balance(accounts) == (399, 1)


async def test_cancelling_returns_the_credits_once(orders: Orders, accounts: Accounts) -> None:
    job = await running(orders)
    for _ in range(2):
        assert (await orders.cancel(job.id, actor=ADA)).state == "cancelled"

    assert not await orders.complete(job, RENDERED, CLIP)
    assert await balance(accounts) == (400, 0)


async def test_cancelling_a_finished_job_leaves_it_paid(orders: Orders, accounts: Accounts) -> None:
    job = await running(orders)
    await orders.complete(job, RENDERED, CLIP)

    assert (await orders.cancel(job.id, actor=ADA)).state == "succeeded"
    assert await balance(accounts) == (399, 0)


async def test_an_interrupted_render_is_found_again_at_the_next_start(orders: Orders) -> None:
    first, second = await running(orders, "1"), (await orders.place(order("2"))).job

    assert [first.id, second.id] == [waiting.job_id for waiting in await orders.recover()]


async def test_every_outcome_waits_to_be_delivered_until_marked(orders: Orders, deliveries: Deliveries) -> None:
    done, failed, cancelled = [await running(orders, key) for key in "123"]
    await orders.complete(done, RENDERED, CLIP)
    await orders.fail(failed, Failed(fault="encoder", cause="", retry=False))
    await orders.cancel(cancelled.id, actor=ADA)

    assert [done.id, failed.id, cancelled.id] == [job.id for job in await deliveries.undelivered(10)]
    for job in (done, failed, cancelled):
        await deliveries.begin_posting(job.id)
        await deliveries.delivered(job.id, 1000 + job.id)
    assert await deliveries.undelivered(10) == []


async def test_a_new_month_fills_up_once_by_the_clock_of_the_class(
    orders: Orders, clock: Clock, accounts: Accounts
) -> None:
    job = await running(orders)
    await orders.complete(job, RENDERED, CLIP)
    top_up, allowance = await accounts.next_top_up(GUILD)
    clock.now = top_up.timestamp() - 1
    before, _ = await accounts.account(GUILD, ADA, entries=0)
    clock.now = top_up.timestamp()
    after = [(await accounts.account(GUILD, ADA, entries=0))[0].available for _ in range(2)]

    assert (top_up.isoformat(), allowance.credits) == ("2026-12-01T00:00:00+01:00", 400)
    assert (before.available, after) == (399, [400, 400])


async def test_a_server_may_have_its_own_allowance(accounts: Accounts, database: Database) -> None:
    await set_allowance(database, 50)
    opened, _ = await accounts.account(GUILD, ADA, entries=0)

    assert opened.available == 50


async def test_two_hundred_unseen_people_with_credits_for_one_clip_get_one_each(
    orders: Orders, database: Database
) -> None:
    await set_allowance(database, 1)
    people = range(1000, 1200)
    asked = [order(f"{user}-{turn}", user_id=user) for user in people for turn in range(2)]
    outcomes = await asyncio.gather(*map(orders.place, asked), return_exceptions=True)

    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 200
    assert {InsufficientCredits} == {type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)}


async def test_a_job_over_the_end_of_the_month_is_charged_once_and_its_hold_counts_in_the_top_up(
    orders: Orders, clock: Clock, accounts: Accounts
) -> None:
    clock.now = datetime(2026, 11, 30, 23, 59, tzinfo=BERLIN).timestamp()
    job = await running(orders)
    clock.now = datetime(2026, 12, 1, 0, 1, tzinfo=BERLIN).timestamp()
    await accounts.account(GUILD, ADA, entries=1)

    assert (399, 1) == await balance(accounts)
    await orders.complete(job, RENDERED, CLIP)
    await accounts.account(GUILD, ADA, entries=1)
    assert (399, 0) == await balance(accounts)


async def test_a_clock_set_back_pays_nothing_twice_and_stops_nobody(
    orders: Orders, clock: Clock, accounts: Accounts
) -> None:
    job = await running(orders)
    clock.now -= 60 * 86400
    again = await orders.place(order("2"))

    assert await orders.complete(job, RENDERED, CLIP)
    assert (398, 1) == await balance(accounts)
    assert again.is_new
    clock.now += 60 * 86400
    await accounts.account(GUILD, ADA, entries=1)
    assert (398, 1) == await balance(accounts)


async def test_the_charge_of_an_order_is_what_the_ledger_says(orders: Orders) -> None:
    assert await orders.charge("1") is None
    job = await running(orders)
    assert Charge(job.id, 1, "held") == await orders.charge("1")
    await orders.complete(job, RENDERED, CLIP)
    assert Charge(job.id, 1, "capture") == await orders.charge("1")
    other = await running(orders, "2")
    await orders.cancel(other.id, actor=ADA)
    assert Charge(other.id, 1, "release") == await orders.charge("2")


async def test_a_lost_clip_is_refunded_once_and_a_released_one_never(orders: Orders, accounts: Accounts) -> None:
    job, failed = await running(orders), await running(orders, "2")
    await orders.complete(job, RENDERED, CLIP)
    await orders.fail(failed, Failed(fault="encoder", cause="", retry=False))
    for job_id in (job.id, failed.id, job.id):
        await orders.refund(job_id, "lost")

    assert (400, 0) == await balance(accounts)
    assert Charge(job.id, 1, "refund") == await orders.charge("1")


async def test_an_attempt_handed_back_is_tried_again_under_the_same_number(orders: Orders) -> None:
    for _ in range(5):
        await orders.hand_back(await running(orders))
    job = await running(orders)
    await orders.complete(job, RENDERED, CLIP)
    await orders.hand_back(job)

    assert (1, "succeeded") == (job.attempts, (await orders.job(job.id)).state)


async def test_a_sixth_clip_in_the_making_is_refused_and_holds_nothing(orders: Orders, accounts: Accounts) -> None:
    placed = [await orders.place(order(str(number))) for number in range(OUTSTANDING_LIMIT)]
    with pytest.raises(RequestError) as caught:
        await orders.place(order("one more"))

    assert (caught.value.fault, caught.value.details) == ("outstanding", {"limit": OUTSTANDING_LIMIT})
    assert await balance(accounts) == (400 - OUTSTANDING_LIMIT, OUTSTANDING_LIMIT)
    assert not (await orders.place(order("0"))).is_new
    await orders.cancel(placed[0].job.id, actor=ADA)
    assert (await orders.place(order("one more"))).is_new


async def test_fifty_requests_at_once_of_somebody_unseen_are_five_jobs(
    orders: Orders, database: Database, accounts: Accounts
) -> None:
    outcomes = await asyncio.gather(*(orders.place(order(str(number))) for number in range(50)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, RequestError)]
    assert len(refused) == 50 - OUTSTANDING_LIMIT
    assert len(await database.read(jobs.waiting)) == OUTSTANDING_LIMIT
    assert await balance(accounts) == (400 - OUTSTANDING_LIMIT, OUTSTANDING_LIMIT)


async def test_other_people_are_not_held_up_by_somebody_at_the_limit(orders: Orders) -> None:
    for number in range(OUTSTANDING_LIMIT):
        await orders.place(order(str(number)))

    assert (await orders.place(order("theirs", user_id=ADA + 1))).is_new


async def test_history_says_what_devices_did(orders: Orders, clock: Clock) -> None:
    done, broken = await running(orders, "1"), await running(orders, "2")
    await orders.place(order("3"))
    clock.now += 30
    await orders.complete(done, replace(RENDERED, load_seconds=4.0), CLIP)
    clock.now += 1
    await orders.fail(broken, Failed(fault="encoder", cause="", retry=False))
    history = await orders.history()

    assert [(None, None), (2.5, 4.0)] == [(ran.render_seconds, ran.load_seconds) for ran in history]
    assert [31.0, 30.0] == [ran.finished_at - ran.started_at for ran in history]
    assert {"draft"} == {ran.model_id for ran in history}
    assert history[0].recipe == broken.recipe


async def test_the_lane_of_an_order_stays_with_its_job(orders: Orders, database: Database) -> None:
    await orders.place(order("1"))
    await orders.place(replace(order("2"), lane="demo"))

    assert ["class", "demo"] == [waiting.lane for waiting in await database.read(jobs.waiting)]


async def test_clips_that_wait_for_a_resting_model_leave_their_person_free_for_others(
    database: Database, accounts: Accounts, clock: Clock, tmp_path: Path
) -> None:
    resting: set[str] = set()
    blobs = BlobStore(tmp_path / "files")
    admission = Admission(accounts, clock=clock, outstanding_limit=1, resting=lambda: resting)
    orders = Orders(database, blobs, accounts, admission, clock=clock)
    first = (await orders.place(order("1"))).job
    with pytest.raises(RequestError):
        await orders.place(order("2"))
    resting.add(first.model_id)
    await orders.place(order("2"))
    running = await orders.claim(first.id, "gpu-0")
    resting.clear()

    assert running is not None
    with pytest.raises(RequestError):
        await orders.place(order("3"))
    resting.add(first.model_id)
    with pytest.raises(RequestError):  # the one that runs counts all the same
        await orders.place(order("3"))
