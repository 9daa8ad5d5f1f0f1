"""Any order of grants, takings, pools, orders, settlements, prizes, returns and replays keeps the ledger's promises."""

import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from storage_samples import GUILD, WHO, new_job

from storage import errors, jobs, ledger, pools
from storage.database import connect_writer
from tests.databases import copy_empty

PEOPLE = st.sampled_from([1, 2, 2**63 - 1])
CREDITS = st.integers(min_value=1, max_value=60)
ALLOWANCE = 100
CLIP: dict[str, Any] = {"clip": "a.mp4", "clip_bytes": 1, "render_seconds": 1.0, "remarks": []}


@dataclass
class Purse:
    """What the model believes a person has."""

    available: int = 0
    held: int = 0
    month: int = 0


@dataclass
class Fund:
    """What the model believes of a pool; ``used`` is what each person has held and spent of it."""

    pool_id: int
    cap: int | None
    available: int = 0
    closed: bool = False
    used: dict[int, int] = field(default_factory=dict)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def give_back(self, user_id: int, amount: int) -> None:
        self.used[user_id] -= amount
        self.available += 0 if self.closed else amount


@dataclass
class Order:
    """What the model believes of a job; ``end`` is how its hold was settled."""

    job_id: int
    hold_id: int
    user_id: int
    price: int
    state: str = "queued"
    attempts: int = 0
    end: str | None = None
    refunded: int | None = None
    told: bool = False
    fund: Fund | None = None


class LedgerMachine(RuleBasedStateMachine):
    """Storage beside a model of it; every rule is one transaction of the real database."""

    orders = Bundle("orders")
    funds = Bundle("funds")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.tx = connect_writer(copy_empty(self.folder / "x.db"))
        self.orders_seen: list[Order] = []
        self.purses: dict[int, Purse] = {}
        self.placed: dict[str, Order] = {}
        self.gifts: dict[str, tuple[int, int, int]] = {}
        self.takings: dict[str, tuple[int, int]] = {}
        self.pools: dict[str, Fund] = {}
        self.fundings = 0
        self.history: list[tuple[Any, ...]] = []
        for user_id, month in ((1, 1), (2, 1)):
            self.see(user_id, month)

    def teardown(self) -> None:
        self.tx.close()
        shutil.rmtree(self.folder)

    def purse(self, user_id: int) -> Purse:
        return self.purses.setdefault(user_id, Purse())

    @rule(user_id=PEOPLE, month=st.integers(min_value=1, max_value=12))
    def see(self, user_id: int, month: int) -> None:
        purse = self.purse(user_id)
        if purse.month == 0:
            purse.available += ALLOWANCE
        elif month > purse.month:
            purse.available += max(0, ALLOWANCE - purse.available - purse.held)
        purse.month = max(purse.month, month)
        ledger.see(
            self.tx, guild_id=GUILD, user_id=user_id, period=f"2026-{month:02}-01", allowance_credits=ALLOWANCE, now=1.0
        )

    @rule(key=st.sampled_from("abcdef"), user_id=PEOPLE, amount=CREDITS)
    def grant(self, key: str, user_id: int, amount: int) -> None:
        values: dict[str, Any] = {"key": key, "guild_id": GUILD, "user_id": user_id, "amount_credits": amount, **WHO}
        known = self.gifts.get(key)
        if known is not None and known[1:] != (user_id, amount):
            self.refuses(errors.KeyReused, lambda: ledger.grant(self.tx, **values))
            return
        transfer_id = ledger.grant(self.tx, **values)
        if known is None:
            self.gifts[key] = (transfer_id, user_id, amount)
            self.purse(user_id).available += amount
        assert transfer_id == self.gifts[key][0]

    @rule(key=st.sampled_from("abcdef"), user_id=PEOPLE, amount=CREDITS)
    def take(self, key: str, user_id: int, amount: int) -> None:
        values: dict[str, Any] = {"key": key, "guild_id": GUILD, "user_id": user_id, "amount_credits": amount, **WHO}
        known, purse = self.takings.get(key), self.purse(user_id)
        if known is not None and known != (user_id, amount):
            self.refuses(errors.KeyReused, lambda: ledger.take(self.tx, **values))
        elif known is None and purse.available < amount:
            self.refuses(errors.InsufficientCredits, lambda: ledger.take(self.tx, **values))
        else:
            ledger.take(self.tx, **values)
            purse.available -= amount if known is None else 0
            self.takings[key] = (user_id, amount)

    @rule(target=funds, key=st.sampled_from("pqr"), cap=st.none() | CREDITS)
    def open_pool(self, key: str, cap: int | None) -> Any:
        pool = pools.open(
            self.tx, key=key, guild_id=GUILD, kind="session", title="t", cap_credits=cap, created_by=1, now=1.0
        )
        if key in self.pools:
            assert (pool.id, pool.cap_credits) == (self.pools[key].pool_id, self.pools[key].cap)
            return multiple()
        self.pools[key] = Fund(pool.id, cap)
        return self.pools[key]

    @rule(fund=funds, amount=CREDITS)
    def fund_pool(self, fund: Fund, amount: int) -> None:
        self.fundings += 1
        key = str(self.fundings)

        def put() -> int:
            return pools.fund(self.tx, fund.pool_id, key=key, amount_credits=amount, **WHO)

        if fund.closed:
            self.refuses(errors.PoolClosed, put)
        else:
            assert put() == put()
            fund.available += amount

    @rule(target=orders, fund=funds, user_id=PEOPLE, price=CREDITS)
    def order_of_pool(self, fund: Fund, user_id: int, price: int) -> Any:
        self.fundings += 1
        key, used = f"pool-{self.fundings}", fund.used.setdefault(user_id, 0)
        if fund.closed or (fund.cap is not None and used + price > fund.cap):
            refusal = (errors.PoolClosed, errors.CapReached)
            self.refuses(refusal, lambda: self.place(key, user_id, price, fund.pool_id))
            return multiple()
        if fund.available < price:
            self.refuses(errors.PoolExhausted, lambda: self.place(key, user_id, price, fund.pool_id))
            return multiple()
        job = self.place(key, user_id, price, fund.pool_id)
        assert self.place(key, user_id, price, fund.pool_id) == job
        fund.available -= price
        fund.used[user_id] += price
        return self.noted(Order(job.id, job.hold_id, user_id, price, fund=fund))

    def noted(self, order: Order) -> Order:
        self.orders_seen.append(order)
        return order

    @rule(fund=funds, place=st.integers(1, 3), user_id=PEOPLE, amount=CREDITS)
    def prize(self, fund: Fund, place: int, user_id: int, amount: int) -> None:
        def pay() -> int:
            return pools.prize(
                self.tx, fund.pool_id, place=place, user_id=user_id, amount_credits=amount, actor="a", now=1.0
            )

        known = fund.places.get(place)
        if known is not None and known != (user_id, amount):
            self.refuses(errors.KeyReused, pay)
        elif known is None and fund.closed:
            self.refuses(errors.PoolClosed, pay)
        elif known is None and fund.available < amount:
            self.refuses(errors.PoolExhausted, pay)
        else:
            pay()
            if known is None:
                fund.available -= amount
                self.purse(user_id).available += amount
            fund.places[place] = (user_id, amount)

    @rule(fund=funds)
    def close_pool(self, fund: Fund) -> None:
        assert pools.close(self.tx, fund.pool_id, actor="a", now=2.0) == fund.available
        fund.available, fund.closed = 0, True

    @rule(target=orders, key=st.text("xyz", min_size=1, max_size=3), user_id=PEOPLE, price=CREDITS)
    def order(self, key: str, user_id: int, price: int) -> Any:
        known, purse = self.placed.get(key), self.purse(user_id)
        if known is not None and (known.user_id, known.price) != (user_id, price):
            self.refuses(errors.KeyReused, lambda: self.place(key, user_id, price))
            return multiple()
        if known is None and purse.available < price:
            self.refuses(errors.InsufficientCredits, lambda: self.place(key, user_id, price))
            return multiple()
        job = self.place(key, user_id, price)
        if known is not None:
            assert (job.id, job.state, job.attempts) == (known.job_id, known.state, known.attempts)
            return multiple()
        purse.available -= price
        purse.held += price
        self.placed[key] = self.noted(Order(job.id, job.hold_id, user_id, price))
        return self.placed[key]

    def place(self, key: str, user_id: int, price: int, pool_id: int | None = None) -> jobs.Job:
        who: dict[str, Any] = {"guild_id": GUILD, "user_id": user_id, "pool_id": pool_id, **WHO}
        hold_id = ledger.hold(self.tx, key=key, amount_credits=price, **who)
        return jobs.add(self.tx, new_job(key, user_id, price, pool_id=pool_id), hold_id=hold_id, now=1.0)

    @rule(order=orders)
    def claim(self, order: Order) -> None:
        claimed = jobs.claim(self.tx, order.job_id, worker="w", now=2.0)
        assert (claimed is not None) == (order.state == "queued")
        if claimed is not None:
            order.state, order.attempts = "running", order.attempts + 1
            self.refuse_late(order)

    def refuse_late(self, order: Order) -> None:
        """An attempt before the one that runs changes nothing, whatever it has come to."""
        late = (order.job_id, order.attempts - 1)
        assert not jobs.succeed(self.tx, *late, **CLIP, now=3.0)
        assert not jobs.fail(self.tx, *late, fault="crashed", cause="", now=3.0)
        assert not jobs.requeue(self.tx, *late, cause="late")
        assert not jobs.hand_back(self.tx, *late)

    @rule(order=orders, behind=st.integers(min_value=0, max_value=1))
    def retry(self, order: Order, behind: int) -> None:
        attempt = order.attempts - behind
        owns = order.state == "running" and behind == 0
        if owns and order.attempts == jobs.MAX_ATTEMPTS:
            self.refuses(errors.AttemptsExhausted, lambda: jobs.requeue(self.tx, order.job_id, attempt, cause="lost"))
            return
        assert jobs.requeue(self.tx, order.job_id, attempt, cause="lost") == owns
        if owns:
            order.state = "queued"

    @rule(order=orders, behind=st.integers(min_value=0, max_value=1))
    def hand_back(self, order: Order, behind: int) -> None:
        owns = order.state == "running" and behind == 0
        assert jobs.hand_back(self.tx, order.job_id, order.attempts - behind) == owns
        if owns:
            order.state, order.attempts = "queued", order.attempts - 1

    @rule(order=orders, behind=st.integers(min_value=0, max_value=1))
    def succeed(self, order: Order, behind: int) -> None:
        owns = order.state == "running" and behind == 0
        assert jobs.succeed(self.tx, order.job_id, order.attempts - behind, **CLIP, now=3.0) == owns
        if owns:
            order.state = "succeeded"
            self.settle(order, "capture")

    @rule(order=orders, behind=st.integers(min_value=0, max_value=1))
    def fail(self, order: Order, behind: int) -> None:
        owns = order.state == "running" and behind == 0
        attempt = order.attempts - behind
        assert jobs.fail(self.tx, order.job_id, attempt, fault="crashed", cause="", now=3.0) == owns
        if owns:
            order.state = "failed"
            self.settle(order, "release")

    @rule(order=orders)
    def cancel(self, order: Order) -> None:
        unfinished = order.state in ("queued", "running")
        assert jobs.cancel(self.tx, order.job_id, now=3.0) == unfinished
        if unfinished:
            order.state = "cancelled"
            self.settle(order, "release")

    @rule(order=orders, end=st.sampled_from(["capture", "release"]))
    def run_to_its_end(self, order: Order, end: str) -> None:
        """Claim and end in one step: of lives that are put together by chance hardly any is ever paid for."""
        self.claim(order)
        if end == "capture":
            self.succeed(order, 0)
        else:
            self.fail(order, 0)

    def settle(self, order: Order, end: str) -> None:
        getattr(ledger, end)(self.tx, order.hold_id, **WHO)
        other = {"capture": ledger.release, "release": ledger.capture}[end]
        self.refuses(errors.AlreadySettled, lambda: other(self.tx, order.hold_id, **WHO))
        order.end = end
        if order.fund is None:
            purse = self.purse(order.user_id)
            purse.held -= order.price
            purse.available += order.price if end == "release" else 0
        elif end == "release":
            order.fund.give_back(order.user_id, order.price)

    @rule(order=orders, again=st.sampled_from(["capture", "release"]))
    def settle_again(self, order: Order, again: str) -> None:
        if order.end == again:
            getattr(ledger, again)(self.tx, order.hold_id, **WHO)
        elif order.end is not None:
            self.refuses(errors.AlreadySettled, lambda: getattr(ledger, again)(self.tx, order.hold_id, **WHO))

    @rule(order=orders, amount=st.none() | CREDITS)
    def refund(self, order: Order, amount: int | None) -> None:
        def give_back() -> int:
            return ledger.refund(self.tx, order.hold_id, amount_credits=amount, **WHO)

        wanted = order.price if amount is None else amount
        if order.end != "capture":
            self.refuses(errors.NotCaptured, give_back)
        elif order.refunded is not None and order.refunded != wanted:
            self.refuses(errors.AlreadyRefunded, give_back)
        elif wanted > order.price:
            self.refuses(errors.RefundTooLarge, give_back)
        else:
            assert give_back() == give_back()
            other = {"amount_credits": wanted + 1, **WHO}
            self.refuses(errors.AlreadyRefunded, lambda: ledger.refund(self.tx, order.hold_id, **other))
            if order.refunded is None and order.fund is None:
                self.purse(order.user_id).available += wanted
            elif order.refunded is None and order.fund is not None:
                order.fund.give_back(order.user_id, wanted)
            order.refunded = wanted

    @rule(order=orders)
    def deliver(self, order: Order) -> None:
        finished = order.state not in ("queued", "running")
        assert jobs.begin_posting(self.tx, order.job_id, 4.0) == (finished and not order.told)
        assert jobs.posted(self.tx, order.job_id, 2**32 + order.job_id, 5.0) == finished
        order.told = finished

    def refuses(self, error: type[Exception] | tuple[type[Exception], ...], step: Any) -> None:
        before = self.rows()
        with pytest.raises(error):
            step()
        assert self.rows() == before

    def rows(self) -> list[tuple[Any, ...]]:
        return self.tx.execute("SELECT * FROM transfers ORDER BY id").fetchall()

    @invariant()
    def balances_are_as_the_model_says(self) -> None:
        for user_id, purse in self.purses.items():
            assert ledger.balance(self.tx, GUILD, user_id) == ledger.Balance(purse.available, purse.held)

    @invariant()
    def pools_are_as_the_model_says(self) -> None:
        for fund in self.pools.values():
            pool = pools.get(self.tx, fund.pool_id)
            assert pool.is_open != fund.closed
            assert pools.totals(self.tx, fund.pool_id).available == fund.available
            for user_id, used in fund.used.items():
                assert pools.used(self.tx, fund.pool_id, user_id) == used
                bound = fund.available if fund.cap is None else min(fund.available, fund.cap - used)
                assert pools.left_for(self.tx, pool, user_id) == (0 if fund.closed else bound)

    @invariant()
    def jobs_are_as_the_model_says(self) -> None:
        for order in self.orders_seen:
            job = jobs.get(self.tx, order.job_id)
            assert job is not None
            assert (job.state, job.attempts) == (order.state, order.attempts)
            assert ledger.settlement(self.tx, order.hold_id) == order.end

    @invariant()
    def audit_is_clean(self) -> None:
        assert ledger.audit(self.tx) == []

    @invariant()
    def history_only_grows(self) -> None:
        rows = self.rows()
        assert rows[: len(self.history)] == self.history
        self.history = rows


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

BREAKS = {
    "a hold is settled both ways": (ledger, "SETTLEMENT_SQL", "IN ('capture', 'release')", "= 'capture'"),
    "a refund is paid to what is held": (ledger, "REFUND_SQL", "hold.debit_account,", "hold.credit_account,"),
    "a refund is forgotten": (ledger, "REFUND_BY_HOLD_SQL", "'refund'", "'take'"),
    "a lost attempt delivers": (jobs, "SUCCEED_SQL", "attempts = :attempt", ":attempt = :attempt"),
    "a lost attempt is tried again": (jobs, "REQUEUE_SQL", "attempts = :attempt", ":attempt = :attempt"),
}


@pytest.mark.parametrize("fault", BREAKS)
def test_the_model_notices_a_storage_that_is_broken_on_purpose(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    module, name, right, wrong = BREAKS[fault]
    sql = getattr(module, name)
    assert right in sql
    monkeypatch.setattr(module, name, sql.replace(right, wrong))
    until_found = settings(
        TestLedgerMachine.settings, max_examples=200, derandomize=True, phases=[Phase.generate], database=None
    )

    with pytest.raises((AssertionError, pytest.fail.Exception, sqlite3.Error, errors.StorageError)):
        run_state_machine_as_test(LedgerMachine, settings=until_found)
