"""What instructors decide about words and clips: in one transaction each, refused without a trace, logged once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import Catalog
from generation.challenges.use_cases import Challenges
from generation.errors import ClipRefused
from generation.orders import NewOrder, Orders
from generation.privacy.keeping import Keeping
from generation.request import ClipRequest, compose
from generation.teaching.approvals import ApprovalOver, Approvals
from generation.teaching.hiding import Hiding
from generation.teaching.house_rules import RuleRefused
from generation.teaching.staff import Staff
from generation.teaching.wording import UnusableWord, Wording
from generation.workers.protocol import Rendered
from storage import ledger
from storage.blobs import BlobStore
from storage.challenges import NewChallenge
from storage.database import Database
from storage.jobs import Job
from storage.ledger import Balance
from storage.staff_acts import NewAct

GUILD, ADA, INES = 1, 2, 3
STILL = "a" * 64 + ".png"


@pytest.fixture
def clock() -> Callable[[], float]:
    moments = iter(range(1_800_000_000, 1_900_000_000))
    return lambda: float(next(moments))


@pytest.fixture
def staff(database: Database, clock: Callable[[], float]) -> Staff:
    return Staff(database, clock=clock)


@pytest.fixture
def orders(database: Database, clock: Callable[[], float], tmp_path: Path) -> Orders:
    accounts = Accounts(database, allowance=Allowance(credits=400, timezone=ZoneInfo("UTC")), clock=clock)
    return Orders(database, BlobStore(tmp_path / "files"), accounts, Admission(accounts, clock=clock), clock=clock)


@pytest.fixture
def wording(database: Database, staff: Staff) -> Wording:
    return Wording(database, staff)


@pytest.fixture
def approvals(database: Database, staff: Staff, clock: Callable[[], float]) -> Approvals:
    return Approvals(database, staff=staff, clock=clock)


@pytest.fixture
def hiding(database: Database, staff: Staff, clock: Callable[[], float], tmp_path: Path) -> Hiding:
    return Hiding(database, staff, keeping=Keeping(database, BlobStore(tmp_path / "files"), clock=clock))


def act(key: str, what: str = "hide", **about: object) -> NewAct:
    return NewAct(key=key, guild_id=GUILD, actor_id=INES, what=what, why="a reason", **about)  # type: ignore[arg-type]


def wish(menu: Catalog, model: str = "draft", **typed: object) -> ClipRequest:
    about: dict[str, object] = {"prompt": "zoom in", "still": STILL, "still_size": (640, 480), **typed}
    return compose(menu[model], **about)  # type: ignore[arg-type]


def order(request: ClipRequest, key: str = "7", **about: object) -> NewOrder:
    return replace(
        NewOrder(
            key=key,
            guild_id=GUILD,
            channel_id=5,
            user_id=ADA,
            locale="en-US",
            size_limit_bytes=10_000_000,
            request=request,
        ),
        **about,  # type: ignore[arg-type]
    )


async def made(orders: Orders, request: ClipRequest, key: str = "7", **about: object) -> Job:
    placed = await orders.place(order(request, key, **about))
    job = await orders.claim(placed.job.id, "worker")
    assert job is not None
    assert await orders.complete(job, Rendered(size_bytes=1, render_seconds=1.0, remarks=()), "b" * 64 + ".mp4")
    return await orders.job(job.id)


async def balance(database: Database) -> Balance:
    return await database.read(lambda tx: ledger.balance(tx, GUILD, ADA))


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        ("draft", {"prompt": "a g1zmo turns"}),
        ("draft", {"prompt": "it turns", "camera": "around the gizmo"}),
        ("draft", {"prompt": "zmo turns", "camera": "g.i"}),
        ("wan2.2-ti2v-5b", {"prompt": "it turns", "negative_prompt": "no g-i-z-m-o", "preset": "standard"}),
        ("wan2.2-ti2v-5b", {"prompt": "a gizmo", "still": None, "still_size": None}),
    ],
)
async def test_a_request_with_a_blocked_word_is_neither_priced_nor_placed(
    database: Database, orders: Orders, wording: Wording, menu: Catalog, model: str, typed: dict[str, object]
) -> None:
    await wording.block(act("words"), ["gizmo"])
    request = wish(menu, model, **typed)
    for refusing in (
        orders.check_room(GUILD, ADA, request),
        orders.place(order(request)),
        orders.place_all([order(wish(menu), "8"), order(request, "9")]),
        wording.check(GUILD, request),
    ):
        with pytest.raises(RuleRefused) as caught:
            await refusing
        assert ("word", "gizmo") == (caught.value.fault, caught.value.details["word"])
        assert "gizmo" not in repr(caught.value)

    assert 0 == (await balance(database)).held
    assert [] == await orders.unfinished()
    await wording.check(GUILD + 1, request)
    await wording.unblock(act("mended"), ["Gizmo"])
    await orders.place(order(request))


async def test_words_are_blocked_all_or_none_and_written_down(wording: Wording, staff: Staff) -> None:
    for words in (["gizmo", "x"], ["gizmo", "*ab"], ["gizmo", "\u200b\u200b"]):
        with pytest.raises(UnusableWord):
            await wording.block(act("bad", "words-add"), words)
    assert () == await wording.blocked(GUILD)
    changed = await wording.block(act("good", "words-add"), ["gizmo"])
    assert (("gizmo",), (), 1) == (changed.changed, changed.unchanged, changed.count)
    many = [f"word{number}" for number in range(499)]
    assert 500 == (await wording.block(act("many", "words-add"), many)).count
    with pytest.raises(UnusableWord) as full:
        await wording.block(act("full", "words-add"), ["one too many"])

    assert full.value.word is None
    assert ["words-add", "words-add"] == [one.what for one in await staff.page(GUILD, 9)]


async def test_texts_of_a_challenge_are_held_to_the_list_and_nothing_is_set(
    database: Database, orders: Orders, staff: Staff, wording: Wording, clock: Callable[[], float]
) -> None:
    challenges = Challenges(database, orders=orders, staff=staff, clock=clock)
    new = NewChallenge(
        key="1",
        guild_id=GUILD,
        channel_id=5,
        title="Tides",
        brief="The sea",
        opens_at=0.0,
        created_by=INES,
        locale="en-US",
        size_limit_bytes=1,
    )
    await wording.block(act("words"), ["gizmo"])
    for changed in ({"title": "Gizmo"}, {"brief": "a gízmo"}, {"prompt": "g i z m o"}, {"required_words": ("gizmo",)}):
        with pytest.raises(RuleRefused):
            await challenges.open(act("post"), replace(new, **changed), None)  # type: ignore[arg-type]
    assert [] == await challenges.newest(GUILD, 9)
    challenge = await challenges.open(act("post"), new, None)
    with pytest.raises(RuleRefused):
        await challenges.edit(act("edit"), challenge.id, lambda known: replace(known, brief="gizmo"))

    assert "The sea" == (await challenges.get(GUILD, challenge.id)).brief


async def test_only_clips_of_a_class_that_asks_for_it_wait_and_demonstrations_do_not(
    orders: Orders, staff: Staff, menu: Catalog
) -> None:
    before = await made(orders, wish(menu), "1")
    await staff.set(act("on", "approval"), approval_by=INES)
    waits, demo = await made(orders, wish(menu), "2"), await made(orders, wish(menu), "3", lane="demo")
    await staff.set(act("off", "approval"), approval_by=None)
    after = await made(orders, wish(menu), "4")

    assert [None, "waiting", None, None] == [job.approval for job in (before, waits, demo, after)]


async def test_a_declined_clip_is_paid_back_once_and_decided_by_the_first(
    database: Database, orders: Orders, staff: Staff, approvals: Approvals, menu: Catalog
) -> None:
    await staff.set(act("on", "approval"), approval_by=INES)
    job, told = await made(orders, wish(menu)), []
    approvals.listen(lambda: told.append(True))
    assert 399 == (await balance(database)).available
    declined = await approvals.decline(job.id, guild_id=GUILD, actor_id=INES, reason="no")
    for again in (
        approvals.decline(job.id, guild_id=GUILD, actor_id=99, reason="x"),
        approvals.approve(job.id, guild_id=GUILD, actor_id=99),
    ):
        with pytest.raises(ApprovalOver) as over:
            await again
        assert over.value.decision is not None
        assert (INES, "no") == (over.value.decision.decided_by, over.value.decision.reason)
    with pytest.raises(LookupError):
        await approvals.approve(job.id, guild_id=GUILD + 1, actor_id=INES)

    assert ("declined", "hidden", [True]) == (declined.approval, declined.visibility, told)
    assert 400 == (await balance(database)).available
    assert [] == await database.read(ledger.audit)
    assert ["clip-declined", "approval"] == [one.what for one in await staff.page(GUILD, 9)]


async def test_what_cannot_be_hidden_is_said_and_leaves_no_line_in_the_log(
    database: Database, orders: Orders, staff: Staff, hiding: Hiding, approvals: Approvals, menu: Catalog
) -> None:
    unfinished = (await orders.place(order(wish(menu), "1"))).job
    gone = await orders.cancel((await orders.place(order(wish(menu), "2"))).job.id, actor=ADA)
    await staff.set(act("on", "approval"), approval_by=INES)
    waits = await made(orders, wish(menu), "3")
    await staff.set(act("off", "approval"), approval_by=None)
    on_its_way = await made(orders, wish(menu), "4")
    for job, fault in ((unfinished, "unfinished"), (gone, "no_clip"), (waits, "waiting"), (on_its_way, "unfinished")):
        with pytest.raises(ClipRefused) as caught:
            await hiding.hide(act(f"hide {job.id}"), job.id)
        assert fault == caught.value.fault
    await approvals.decline(waits.id, guild_id=GUILD, actor_id=INES, reason="no")
    for job, fault in ((waits, "declined"), (on_its_way, "not_hidden")):
        with pytest.raises(ClipRefused) as caught:
            await hiding.unhide(act(f"unhide {job.id}"), job.id)
        assert fault == caught.value.fault
    with pytest.raises(LookupError):
        await hiding.hide(act("nowhere"), 99)

    assert {"approval", "clip-declined"} == {one.what for one in await staff.page(GUILD, 9)}
    assert "no" == await hiding.why(waits.id)
