"""What people agree to, being forgotten, and days of retention, below the conversation."""

import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import load_catalog
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges
from generation.comparison_orders import ComparisonOrders
from generation.errors import NoticeNeeded
from generation.orders import NewOrder, Orders
from generation.pools import NewPool, Pools
from generation.privacy import notices
from generation.privacy.forgetting import Forgettings
from generation.privacy.holdings import Holdings
from generation.privacy.keeping import Keeping
from generation.privacy.notices import NOTICE_VERSION, Notices
from generation.privacy.retention import DAY_SECONDS, Retention
from generation.privacy.seals import Sealer
from generation.request import compose
from generation.teaching.house_rules import Asker, RuleRefused
from generation.teaching.sessions import Plan, Sessions
from generation.teaching.staff import Staff
from generation.workers.protocol import Rendered
from storage import credit_requests, jobs, ledger, reports
from storage.blobs import BlobStore, blob_name
from storage.challenges import NewChallenge
from storage.database import Database
from storage.errors import CapReached, InsufficientCredits
from storage.jobs import Job
from storage.retention import Overdue
from storage.staff_acts import NewAct

GUILD, CHANNEL, INES, ADA, BEN = 100, 200, 400, 2**60 + 1, 2**60 + 2
NOVEMBER_20 = 1795219200.0
TEN_DAYS = 10 * DAY_SECONDS
ASKER = Asker(role_ids=frozenset(), channel_ids=frozenset({CHANNEL}))
STILL = blob_name(b"still", ".png")


class HandClock:
    def __init__(self) -> None:
        self.now = NOVEMBER_20

    def __call__(self) -> float:
        return self.now


class Room:
    """Everything about people, on one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.clock = database, HandClock()
        clock: dict[str, Any] = {"clock": self.clock}
        self.blobs = BlobStore(folder / "files")
        allowance = Allowance(credits=400, timezone=ZoneInfo("UTC"))
        self.accounts = Accounts(database, allowance=allowance, sealer=Sealer(b"secret"), **clock)
        admission = Admission(self.accounts, **clock)
        self.orders = Orders(database, self.blobs, self.accounts, admission, **clock)
        self.staff = Staff(database, **clock)
        self.keeping = Keeping(database, self.blobs, fresh_seconds=0.0, **clock)
        self.notices = Notices(database, **clock)
        self.forgettings = Forgettings(database, self.accounts, self.keeping, **clock)
        self.retention = Retention(database, self.keeping, staff=self.staff, **clock)
        self.pools = Pools(database, staff=self.staff, **clock)
        self.challenges = Challenges(database, orders=self.orders, staff=self.staff, **clock)
        self.posts = ChallengePosts(database, **clock)

    async def made(self, key: str, user_id: int = ADA, *, still: bytes = b"still", prompt: str = "pan left") -> Job:
        """A delivered clip, with its files."""
        name = self.blobs.put(still, ".png")
        job = await self.claimed(order(key, user_id, still=name, prompt=prompt))
        return await self.finished(job)

    async def claimed(self, new: NewOrder) -> Job:
        claimed = await self.orders.claim((await self.orders.place(new)).job.id, "w")
        assert claimed is not None
        return claimed

    async def finished(self, job: Job) -> Job:
        clip = self.blobs.put(f"clip {job.id}".encode(), ".mp4")
        assert await self.orders.complete(job, Rendered(size_bytes=9, render_seconds=1.0), clip)
        await self.database.write(lambda tx: jobs.posted(tx, job.id, 1000 + job.id, self.clock()))
        return await self.orders.job(job.id)

    async def forget(self, user_id: int = ADA) -> int:
        number = await self.forgettings.begin(GUILD, user_id)
        assert await self.forgettings.fulfil(number)
        return number

    async def tidy(self) -> None:
        """What the bot does outside the database, but for Discord."""
        while left := await self.keeping.withdrawals():
            for one in left:
                assert await self.keeping.messages_gone(one)
                assert await self.keeping.remove_files(one)
        assert await self.keeping.remove_loose_files()

    def files(self) -> int:
        return sum(len(files) for _, _, files in os.walk(self.blobs.path(STILL).parents[1]))


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def act(key: str, **more: Any) -> NewAct:
    return NewAct(key=key, guild_id=GUILD, actor_id=INES, what="retention", **more)


def order(key: str, user_id: int = ADA, *, still: str = STILL, prompt: str = "pan left", **more: Any) -> NewOrder:
    request = compose(load_catalog()["draft"], prompt=prompt, still=still, shape_id="square", seconds=0.5, seed=1)
    place: dict[str, Any] = {"guild_id": GUILD, "channel_id": CHANNEL, "user_id": user_id, "locale": "en-US"}
    return NewOrder(key=key, request=request, size_limit_bytes=10**7, **place, **more)


async def test_nobody_orders_before_the_notice_and_everybody_once_after_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = ComparisonOrders(room.database, room.orders, clock=room.clock)
    pair = [order("2", asker=ASKER), order("3", asker=ASKER)]
    for placing, price in ((room.orders.place(order("1", asker=ASKER)), 1), (compared.place(pair, "seeds"), 2)):
        with pytest.raises(NoticeNeeded) as caught:
            await placing
        assert (NOTICE_VERSION, price) == (caught.value.version, caught.value.price_credits)
    assert [] == await room.orders.unfinished()
    assert ledger.Balance(0, 0) == await room.accounts.balance(GUILD, ADA)

    for _ in range(2):
        await room.notices.accept(GUILD, ADA, NOTICE_VERSION)
    assert (await room.orders.place(order("1", asker=ASKER))).is_new
    assert 2 == len(await compared.place(pair, "seeds"))
    with pytest.raises(NoticeNeeded):
        await room.orders.place(order("4", BEN, asker=ASKER))

    monkeypatch.setattr(notices, "NOTICE_VERSION", NOTICE_VERSION + 1)
    with pytest.raises(NoticeNeeded):
        await room.orders.place(order("5", asker=ASKER))
    await room.notices.accept(GUILD, ADA, NOTICE_VERSION + 1)
    await room.notices.accept(GUILD, ADA, NOTICE_VERSION)
    assert (await room.orders.place(order("5", asker=ASKER))).is_new


async def test_what_is_refused_is_refused_before_the_notice_is_shown(room: Room) -> None:
    await room.staff.set(act("poor"), allowance_credits=0)
    with pytest.raises(InsufficientCredits):
        await room.orders.check_room(GUILD, ADA, order("1").request, asker=ASKER)


async def test_a_forgotten_persons_files_go_and_what_others_need_stays(room: Room) -> None:
    own = await room.made("1", prompt="secret")
    await room.made("2", BEN)
    await room.made("3", still=b"only mine")
    number = await room.forget()
    await room.tidy()
    job = await room.orders.job(own.id)

    assert ("deleted", -number, "") == (job.visibility, job.user_id, job.recipe["prompt"])
    assert (STILL, 2) == ((await room.orders.job(2)).recipe["still"], room.files())
    assert [f"forgotten {number}"] == [f"{one.what} {one.details['number']}" for one in await room.staff.page(GUILD, 5)]


async def test_what_is_left_of_the_credits_goes_back_to_the_class(room: Room) -> None:
    await room.made("1")
    footprint, left = await room.forgettings.footprint(GUILD, ADA)
    number = await room.forget()

    assert (1, 1, 0, 399) == (footprint.clips, footprint.orders, footprint.unfinished, left)
    assert ledger.Balance(0, 0) == await room.accounts.balance(GUILD, -number)


async def test_whoever_comes_back_begins_anew_without_a_second_allowance_of_the_month(room: Room) -> None:
    await room.made("1")
    await room.forget()
    await room.forget()
    balance, _ = await room.accounts.account(GUILD, ADA, entries=5)
    with pytest.raises(InsufficientCredits):
        await room.orders.place(order("2"))
    assert (0, 400) == (balance.available, (await room.accounts.account(GUILD, BEN, entries=1))[0].available)
    room.clock.now = (await room.accounts.next_top_up(GUILD))[0].timestamp()
    later, _ = await room.accounts.account(GUILD, ADA, entries=5)
    await room.retention.sweep()

    assert 400 == later.available
    assert [] == await room.database.read(lambda tx: tx.execute("SELECT * FROM seals").fetchall())


@pytest.mark.parametrize("cap_credits", [3, None])
async def test_whoever_comes_back_has_no_second_share_of_a_pool(room: Room, cap_credits: int | None) -> None:
    new: dict[str, Any] = {"guild_id": GUILD, "kind": "challenge", "title": "Tides", "created_by": INES}
    pool = await room.pools.open(act("pool"), NewPool(key="p", credits=10, cap_credits=cap_credits, **new))
    await room.finished(await room.claimed(order("1", pool_id=pool.id)))
    await room.forget()
    for attempt in (
        room.orders.place(order("2", pool_id=pool.id)),
        room.orders.check_room(GUILD, ADA, order("2").request, pool_id=pool.id),
    ):
        with pytest.raises(CapReached):
            await attempt

    assert (await room.orders.place(order("3", BEN, pool_id=pool.id))).is_new


async def test_whoever_comes_back_to_a_session_has_no_second_round_of_its_clips(room: Room) -> None:
    sessions = Sessions(room.database, staff=room.staff, clock=room.clock)
    about: dict[str, Any] = {"guild_id": GUILD, "channel_id": CHANNEL, "started_by": INES, "locale": "en-US"}
    await sessions.start(act("start"), Plan(key="s", title="Session", minutes=50, clips_per_person=1, **about))
    await room.finished(await room.claimed(order("1")))
    await room.forget()
    with pytest.raises(CapReached):
        await room.orders.place(order("2"))

    assert (await room.orders.place(order("3", BEN))).job.pool_id is not None


async def test_nothing_is_forgotten_while_something_is_being_made_and_nothing_new_begins(room: Room) -> None:
    await room.notices.accept(GUILD, ADA, NOTICE_VERSION)
    running = await room.claimed(order("1", asker=ASKER))
    waiting = (await room.orders.place(order("2", asker=ASKER))).job
    number = await room.forgettings.begin(GUILD, ADA)
    wish = await room.forgettings.get(number)
    assert wish is not None
    assert not await room.forgettings.fulfil(number)
    with pytest.raises(RuleRefused) as caught:
        await room.orders.place(order("3", asker=ASKER))
    assert "forgetting" == caught.value.fault
    assert [running.id, waiting.id] == [job.id for job in await room.forgettings.outstanding(wish)]
    for job in await room.forgettings.outstanding(wish):
        await room.orders.cancel(job.id, actor=ADA)
    assert not await room.forgettings.fulfil(number)
    await room.database.write(lambda tx: [jobs.posted(tx, one.id, 50 + one.id, 1.0) for one in (running, waiting)])

    assert [number] == await room.forgettings.under_way(5)
    assert (True, True, []) == (
        await room.forgettings.fulfil(number),
        await room.forgettings.fulfil(number),
        await room.forgettings.under_way(5),
    )
    assert ["cancelled"] * 2 == [(await room.orders.job(one)).state for one in (running.id, waiting.id)]


async def test_entries_of_an_open_challenge_are_taken_back_and_ended_ones_stay_without_a_name(room: Room) -> None:
    about: dict[str, Any] = {"guild_id": GUILD, "channel_id": 2, "created_by": INES, "locale": "en-US"}
    about |= {"size_limit_bytes": 10**7, "title": "T", "brief": "B", "opens_at": room.clock.now, "voting": "open"}
    open_one, ended = [
        await room.challenges.open(act(key), NewChallenge(key=key, closes_at=room.clock.now + 60, **about), None)
        for key in ("open", "ended")
    ]
    mine, others = await room.made("1"), await room.made("2", BEN, prompt="pan right")
    again = await room.made("3", prompt="zoom in")
    for challenge, user_id, job in ((open_one, ADA, mine), (ended, ADA, again), (open_one, BEN, others)):
        await room.challenges.enter_clip(GUILD, challenge.id, user_id, job.id)
    await room.challenges.vote(GUILD, 3, user_id=ADA)
    await room.challenges.vote(GUILD, 2, user_id=BEN)
    await room.challenges.close(act("close"), ended.id)
    for one in (open_one, ended):
        await room.posts.brief_posted(one.id, thread_id=one.id, message_id=one.id)
    await room.posts.results_posted(ended.id, 9)
    number = await room.forget()
    galleries = [await room.challenges.gallery(GUILD, one.id) for one in (open_one, ended)]

    assert [(-number, False, 0), (BEN, True, 0)] == [
        (one.user_id, one.withdrawn_at is None, one.votes) for one in galleries[0].entries
    ]
    assert [(-number, True, 1)] == [(one.user_id, one.withdrawn_at is None, one.votes) for one in galleries[1].entries]
    assert ([ended.id], True) == (await room.posts.untold(5), await room.posts.are_results_stale(ended.id))
    assert not await room.posts.results_told_again(ended.id, galleries[1].entries[:-1])
    assert await room.posts.are_results_stale(ended.id)
    assert await room.posts.results_told_again(ended.id, galleries[1].entries)
    assert ([], False) == (await room.posts.untold(5), await room.posts.are_results_stale(ended.id))


async def test_what_is_held_is_readable_and_an_instructors_look_is_logged(room: Room) -> None:
    job = await room.made("1", prompt="secret")
    await room.database.write(lambda tx: reports.add(tx, job_id=job.id, reporter_id=BEN, reason="odd", now=1.0))
    holdings = Holdings(room.database, staff=room.staff, clock=room.clock)
    own = json.loads(await holdings.of_oneself(GUILD, ADA))
    seen = json.loads(await holdings.of_person(act("look", whom_id=ADA)))

    assert ("secret", "2026-11-21T00:00:00+00:00") == (own["jobs"][0]["recipe"]["prompt"], own["jobs"][0]["created_at"])
    assert (str(GUILD), str(ADA), str(ADA)) == (own["server"], own["user"], own["jobs"][0]["user_id"])
    assert [400, 1, 1] == [one["amount_credits"] for one in own["transfers"]]
    assert ("reports_about" in own, [{"job_id": 1, "reason": "odd", "at": "1970-01-01T00:00:01+00:00"}]) == (
        False,
        seen["reports_about"],
    )
    assert [ADA] == [one.whom_id for one in await room.staff.page(GUILD, 5)]


async def test_retention_counts_first_then_lets_go_of_what_is_over_and_nothing_else(room: Room) -> None:
    old = [await room.made(str(number), prompt=f"old {number}", still=b"old") for number in range(3)]
    shared = await room.made("shared", BEN)
    await room.database.write(lambda tx: reports.add(tx, job_id=1, reporter_id=BEN, reason="odd", now=room.clock()))
    asked: dict[str, Any] = {"guild_id": GUILD, "user_id": ADA, "channel_id": 1, "amount_credits": 1, "why": "w"}
    await room.database.write(lambda tx: credit_requests.ask(tx, key="a", **asked, now=room.clock()))
    room.clock.now += TEN_DAYS
    young, running = await room.made("young"), await room.claimed(order("running", prompt="not over"))
    assert 0 == await room.retention.sweep()
    assert Overdue(clips=4, prompts=4, stills=1) == await room.retention.preview(GUILD, 9)
    assert Overdue(0, 0, 0) == await room.retention.preview(GUILD, 11)

    await room.retention.set(act("days"), 9)
    await room.tidy()
    assert ["deleted"] * 4 == [(await room.orders.job(one.id)).visibility for one in (*old, shared)]
    assert ["shown"] * 2 == [(await room.orders.job(one.id)).visibility for one in (young, running)]
    assert (2, 0) == (room.files(), await room.retention.sweep())
    left = "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM credit_requests)"
    assert (0, 1) == await room.database.read(lambda tx: tx.execute(left).fetchone())
    await room.retention.set(act("never"), None)
    room.clock.now += TEN_DAYS
    assert 0 == await room.retention.sweep()


async def test_clips_in_an_open_challenge_wait_for_its_end(room: Room) -> None:
    about: dict[str, Any] = {"guild_id": GUILD, "channel_id": 2, "created_by": INES, "locale": "en-US"}
    about |= {"size_limit_bytes": 10**7, "title": "T", "brief": "B", "opens_at": room.clock.now}
    challenge = await room.challenges.open(act("open"), NewChallenge(key="open", **about), None)
    await room.made("1")
    await room.challenges.enter_clip(GUILD, challenge.id, ADA, 1)
    room.clock.now += TEN_DAYS
    await room.staff.set(act("days"), retention_days=9)
    assert 0 == await room.retention.sweep()
    await room.challenges.close(act("close"), challenge.id)

    assert 1 == await room.retention.sweep()


async def test_a_sweep_that_was_interrupted_goes_on(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.privacy.retention.AT_ONCE", 1)
    for number in range(3):
        await room.made(str(number))
    room.clock.now += TEN_DAYS
    await room.staff.set(act("days"), retention_days=9)
    write = room.database.write
    calls = 0

    async def break_off(work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError
        return await write(work)

    monkeypatch.setattr(room.database, "write", break_off)
    with pytest.raises(OSError):
        await room.retention.sweep()

    assert 2 == await room.retention.sweep()
