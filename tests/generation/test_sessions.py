"""A class session below the conversation: who pays, what it lets people order, its end, and what it sums up."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import Catalog
from generation.errors import RequestError, SessionRefused
from generation.orders import NewOrder, Orders, Placed
from generation.request import ClipRequest, compose
from generation.retries import Retries
from generation.teaching.house_rules import Asker, RuleRefused
from generation.teaching.sessions import POOL_CREDITS_PER_MINUTE, Plan, Sessions
from generation.teaching.staff import Staff
from generation.teaching.tallies import tally
from generation.workers.protocol import Failed, Rendered
from storage import class_rules, ledger, pools, staff_acts
from storage.blobs import BlobStore
from storage.database import Database
from storage.errors import PoolClosed, PoolExhausted
from storage.ledger import Balance
from storage.pools import Totals
from storage.sessions import ClassSession, SessionClip, Tally
from storage.staff_acts import NewAct

GUILD, ELSEWHERE, INES, ADA, BEN, CLEO, DAN = 100, 101, 400, 300, 301, 302, 303
START = 1795219200.0
MINUTES = 50
STUDENT = Asker(role_ids=frozenset({GUILD}), channel_ids=frozenset({2}))
INSTRUCTOR = replace(STUDENT, is_instructor=True)
RENDERED = Rendered(size_bytes=1000, render_seconds=1.0, load_seconds=0.0, remarks=())
UNTOUCHED = Balance(400, 0)


class HandClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def resting() -> set[str]:
    return set()


@pytest.fixture
def orders(database: Database, clock: HandClock, resting: set[str], tmp_path: Path) -> Orders:
    accounts = Accounts(database, allowance=Allowance(credits=400, timezone=ZoneInfo("UTC")), clock=clock)
    admission = Admission(accounts, clock=clock, resting=lambda: resting, asks_notice=False)
    return Orders(database, BlobStore(tmp_path / "files"), accounts, admission, clock=clock)


@pytest.fixture
def sessions(database: Database, clock: HandClock) -> Sessions:
    return Sessions(database, staff=Staff(database, clock=clock), clock=clock)


def act(key: str, what: str = "session-start", guild_id: int = GUILD) -> NewAct:
    return NewAct(key=key, guild_id=guild_id, actor_id=INES, what=what)


async def begun(sessions: Sessions, key: str = "s", **changed: object) -> ClassSession:
    about = {"guild_id": GUILD, "channel_id": 2, "started_by": INES, "title": "Class session", "locale": "en-US"}
    plan = Plan(key=key, minutes=MINUTES, **about)  # type: ignore[arg-type] # one dict
    return await sessions.start(act(key), replace(plan, **changed))  # type: ignore[arg-type] # chosen by the test


async def stopped(sessions: Sessions, key: str = "stop") -> ClassSession:
    return await sessions.stop(act(key, "session-stop"))


def request(menu: Catalog, model_id: str = "draft", seed: int = 1) -> ClipRequest:
    still, model = "0" * 64 + ".png", menu[model_id]
    return compose(model, prompt="pan left", still=still, shape_id="square", seconds=0.5, seed=seed)


def order(menu: Catalog, key: str, user_id: int = ADA, model_id: str = "draft", **changed: object) -> NewOrder:
    place = {"guild_id": GUILD, "channel_id": 2, "user_id": user_id, "locale": "en-US", "size_limit_bytes": 10**7}
    new = NewOrder(key=key, request=request(menu, model_id), asker=STUDENT, **place)  # type: ignore[arg-type] # one dict
    return replace(new, **changed)  # type: ignore[arg-type] # chosen by the test


async def make(orders: Orders, placed: Placed) -> None:
    job = await orders.claim(placed.job.id, "w")
    assert job is not None
    assert await orders.complete(job, RENDERED, f"{placed.job.id:064x}.mp4")


async def refused(orders: Orders, new: NewOrder) -> RuleRefused:
    with pytest.raises(RuleRefused) as caught:
        await orders.place(new)
    return caught.value


async def balance(database: Database, user_id: int = ADA) -> Balance:
    return await database.read(lambda tx: ledger.balance(tx, GUILD, user_id))


async def log_of(database: Database) -> list[tuple[str, int, dict[str, object]]]:
    acts = await database.read(lambda tx: staff_acts.page(tx, GUILD, 99))
    return [(one.what, one.actor_id, one.details) for one in reversed(acts)]


async def test_the_class_pays_while_a_session_runs_and_its_people_before_after_and_elsewhere(
    orders: Orders, sessions: Sessions, database: Database, clock: HandClock, menu: Catalog
) -> None:
    await make(orders, await orders.place(order(menu, "before")))
    session = await begun(sessions)
    assert session.pool_id == await orders.check_room(GUILD, ADA, request(menu), asker=STUDENT)
    paid = await orders.place(order(menu, "within"))
    elsewhere = await orders.place(order(menu, "elsewhere", guild_id=ELSEWHERE))
    own = await orders.place(order(menu, "own", BEN, at_own_cost=True))
    assert [session.pool_id, None, None] == [placed.job.pool_id for placed in (paid, elsewhere, own)]
    assert (Balance(399, 0), Balance(399, 1)) == (await balance(database), await balance(database, BEN))
    await make(orders, paid)

    clock.now = session.ends_at
    after = await orders.place(order(menu, "after"))
    assert after.job.pool_id is None
    assert Balance(398, 1) == await balance(database)


async def test_what_was_begun_under_a_session_that_is_over_is_not_charged_to_its_person(
    orders: Orders, sessions: Sessions, database: Database, clock: HandClock, menu: Catalog
) -> None:
    session = await begun(sessions)
    clock.now = session.ends_at
    for step in ("nobody has looked at the clock", "it was ended"):
        with pytest.raises(PoolClosed):
            await orders.place(order(menu, step, pool_id=session.pool_id))
        assert (step == "it was ended") == (await sessions.end_due() == [])
    assert UNTOUCHED.available == (await orders.place(order(menu, "anew"))).balance.available + 1


async def test_everybody_has_one_order_at_a_time_and_a_comparison_is_one_order(
    orders: Orders, sessions: Sessions, menu: Catalog
) -> None:
    await begun(sessions)
    first = await orders.place(order(menu, "1"))
    assert "session_turn" == (await refused(orders, order(menu, "2"))).fault
    await orders.place(order(menu, "of Ben", BEN))
    assert not (await orders.place(order(menu, "1"))).is_new
    await make(orders, first)
    set_of_three = [order(menu, f"set-{number}") for number in range(3)]
    placed = await orders.place_all(set_of_three)
    assert 3 == len({one.job.id for one in placed})
    assert [False] * 3 == [one.is_new for one in await orders.place_all(set_of_three)]
    assert "session_turn" == (await refused(orders, order(menu, "3"))).fault
    for number in range(3):
        await orders.place(order(menu, f"instructor-{number}", INES, asker=INSTRUCTOR, lane="demo"))


async def test_clips_per_person_are_a_cap_that_failed_and_cancelled_ones_do_not_use_up(
    orders: Orders, sessions: Sessions, menu: Catalog
) -> None:
    session = await begun(sessions, clips_per_person=2)
    await orders.cancel((await orders.place(order(menu, "taken back"))).job.id, actor=ADA)
    job = await orders.claim((await orders.place(order(menu, "fails"))).job.id, "w")
    assert job is not None
    await orders.fail(job, Failed(fault="internal", cause="", retry=False))
    await make(orders, await orders.place(order(menu, "1")))
    with pytest.raises(RuleRefused) as both:
        await orders.place_all([order(menu, "2"), order(menu, "3")])
    assert {"limit": 2, "left": 1, "more": 2, "ends_at": session.ends_at} == both.value.details
    await make(orders, await orders.place(order(menu, "2")))
    assert ("session_clips", 0) == ((one := await refused(orders, order(menu, "3"))).fault, one.details["left"])
    await orders.place(order(menu, "of Ben", BEN))
    await orders.place(order(menu, "own word", at_own_cost=True))


async def test_a_session_is_held_with_one_model_as_long_as_that_can_be_used(
    orders: Orders, sessions: Sessions, database: Database, resting: set[str], menu: Catalog
) -> None:
    others = [model.id for model in menu if "animate" in model.tasks and model.id != "draft"]
    await begun(sessions, model_id="draft")
    refusal = await refused(orders, order(menu, "1", model_id=others[0]))
    assert ("session_model", menu[others[0]].label) == (refusal.fault, refusal.details["asked"])
    await orders.place(order(menu, "instructor", INES, model_id=others[0], asker=INSTRUCTOR))
    resting.add("draft")
    await orders.place(order(menu, "rests", model_id=others[0]))
    resting.clear()
    await database.write(lambda tx: class_rules.set_model(tx, GUILD, "draft", is_on=False))
    await orders.place(order(menu, "is off", BEN, model_id=others[0]))


async def test_a_pool_that_is_used_up_refuses_and_touches_nobody(
    orders: Orders, sessions: Sessions, database: Database, menu: Catalog
) -> None:
    await begun(sessions, pool_credits=1)
    await orders.place(order(menu, "1"))
    with pytest.raises(PoolExhausted):
        await orders.place(order(menu, "2", BEN))
    assert UNTOUCHED == await balance(database)


async def test_the_usual_limits_still_hold_for_people_and_instructors(
    orders: Orders, sessions: Sessions, menu: Catalog
) -> None:
    await begun(sessions)
    with pytest.raises(RequestError):
        await orders.place_all([order(menu, str(number)) for number in range(6)])


async def test_stopping_returns_the_rest_drains_and_is_summed_up_when_the_last_clip_is_over(
    orders: Orders, sessions: Sessions, database: Database, clock: HandClock, menu: Catalog
) -> None:
    session = await begun(sessions, pool_credits=20)
    await make(orders, await orders.place(order(menu, "1")))
    demo = await orders.place(order(menu, "demo", INES, asker=INSTRUCTOR, lane="demo"))
    waits, taken_back = await orders.place(order(menu, "2", BEN)), await orders.place(order(menu, "3"))
    clock.now += 60
    assert (INES, clock.now) == ((ended := await stopped(sessions)).ended_by, ended.ended_at)
    assert Totals(0, 3, 1) == await database.read(lambda tx: pools.totals(tx, session.pool_id))
    assert [] == await sessions.sum_up()
    clock.now += 60
    await make(orders, waits)
    await make(orders, demo)
    await orders.cancel(taken_back.job.id, actor=ADA)

    [summed_up] = await sessions.sum_up()
    assert Totals(0, 0, 3) == await database.read(lambda tx: pools.totals(tx, session.pool_id))
    assert summed_up.tally == Tally(
        made=2,
        demonstrations=1,
        people=2,
        failed=0,
        cancelled=1,
        unfinished=0,
        spent_credits=3,
        median_wait_seconds=60.0,
    )
    assert [] == await sessions.sum_up()
    assert [
        ("session-start", INES, {"session": 1}),
        ("session-stop", INES, {"session": 1, "returned": 16}),
        ("session-summary", 0, {"session": 1, "made": 3, "people": 2, "spent": 3}),
    ] == await log_of(database)
    assert [UNTOUCHED] * 3 == [await balance(database, user_id) for user_id in (ADA, BEN, INES)]
    with pytest.raises(SessionRefused):
        await stopped(sessions, "again")


async def test_the_clock_ends_a_session_at_its_time_however_late_it_looks(
    sessions: Sessions, database: Database, clock: HandClock
) -> None:
    session = await begun(sessions)
    assert session.ends_at == await sessions.next_due_at() == START + MINUTES * 60
    with pytest.raises(SessionRefused) as caught:
        await begun(sessions, "second")
    assert ("running", "2") == (caught.value.fault, caught.value.details["channel"])
    assert [] == await sessions.end_due()
    clock.now += 7 * 86400
    assert [(0, session.ends_at)] == [(one.ended_by, one.ended_at) for one in await sessions.end_due()]
    assert [] == await sessions.end_due()
    rest = MINUTES * POOL_CREDITS_PER_MINUTE
    assert ("session-end", 0, {"session": 1, "returned": rest}) == (await log_of(database))[-1]


async def test_a_new_session_begins_where_nobody_has_ended_one_whose_time_is_over(
    sessions: Sessions, database: Database, clock: HandClock
) -> None:
    first = await begun(sessions)
    clock.now = first.ends_at + 1
    second = await begun(sessions, "second")
    assert second == await begun(sessions, "second")
    assert [second.id, first.id] == [one.id for one in await sessions.newest(GUILD, 9)]
    assert second == await sessions.running(GUILD)
    assert ["session-start", "session-end", "session-start"] == [what for what, _, _ in await log_of(database)]


def test_a_tally_without_clips_is_all_zero_and_demonstrations_are_not_waited_for() -> None:
    assert tally([]).median_wait_seconds is None
    clips = [
        SessionClip(ADA, "class", "succeeded", 10.0, 3, was_refunded=False),
        SessionClip(ADA, "class", "succeeded", 20.0, 3, was_refunded=True),
        SessionClip(BEN, "class", "failed", 40.0, 3, was_refunded=False),
        SessionClip(INES, "demo", "succeeded", 0.5, 3, was_refunded=False),
        SessionClip(BEN, "class", "running", None, 3, was_refunded=False),
    ]
    assert tally(clips) == Tally(
        made=2,
        demonstrations=1,
        people=1,
        failed=1,
        cancelled=0,
        unfinished=1,
        spent_credits=6,
        median_wait_seconds=20.0,
    )


async def test_the_free_retry_of_a_clip_is_paid_by_the_session_that_runs_or_by_the_class_and_never_by_its_person(
    orders: Orders, sessions: Sessions, database: Database, clock: HandClock, menu: Catalog
) -> None:
    retries = Retries(database, orders, catalog=menu, clock=clock)
    still = replace(RENDERED, remarks=(("guard-still", {}),))
    first = await begun(sessions, clips_per_person=1)
    numbers = []
    for user_id in (ADA, BEN, CLEO, DAN):
        job = await orders.claim((await orders.place(order(menu, f"of {user_id}", user_id))).job.id, "w")
        assert job is not None
        assert await orders.complete(job, still, f"{user_id:064x}.mp4")
        numbers.append(job.id)
    retried = await retries.retry(numbers[0], actor=ADA, channel_id=2, asker=STUDENT)
    assert first.pool_id == retried.job.pool_id
    await orders.cancel(retried.job.id, actor=ADA)
    await stopped(sessions)
    free = [await retries.retry(numbers[2], actor=CLEO, channel_id=2, asker=STUDENT) for _ in range(2)]
    assert (True, False, free[0].job.id) == (free[0].is_new, free[1].is_new, free[1].job.id)
    assert free[0].job.pool_id not in (None, first.pool_id)
    await make(orders, free[0])
    called_off = await retries.retry(numbers[3], actor=DAN, channel_id=2, asker=STUDENT)
    await orders.cancel(called_off.job.id, actor=DAN)
    assert [] == await database.read(lambda tx: pools.open_pools(tx, GUILD))
    assert [] == await database.read(ledger.audit)
    second = await begun(sessions, "second")
    retried = await retries.retry(numbers[1], actor=BEN, channel_id=2, asker=STUDENT)
    assert second.pool_id == retried.job.pool_id
    assert [UNTOUCHED] * 4 == [await balance(database, user_id) for user_id in (ADA, BEN, CLEO, DAN)]
