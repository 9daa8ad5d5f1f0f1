"""A challenge from its opening to its prize, below the conversation: what it takes, refuses and pays."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import load_catalog
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges
from generation.deliveries import Deliveries
from generation.errors import ChallengeRefused
from generation.orders import NewOrder, Orders
from generation.pools import NewPool
from generation.privacy.keeping import Keeping
from generation.request import compose
from generation.teaching.staff import Staff
from generation.workers.protocol import Failed, Rendered
from storage import files, ledger, pools
from storage.blobs import BlobStore
from storage.challenges import Challenge, NewChallenge
from storage.database import Database
from storage.entries import Entry
from storage.errors import CapReached, PoolExhausted
from storage.staff_acts import NewAct

GUILD, INES, ADA, BEN, CLEO = 100, 400, 300, 301, 302
START = 1795219200.0
RENDERED = Rendered(size_bytes=1000, render_seconds=1.0, load_seconds=0.0, remarks=())


class HandClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def orders(database: Database, clock: HandClock, tmp_path: Path) -> Orders:
    accounts = Accounts(database, allowance=Allowance(credits=400, timezone=ZoneInfo("UTC")), clock=clock)
    return Orders(database, BlobStore(tmp_path / "files"), accounts, Admission(accounts, clock=clock), clock=clock)


@pytest.fixture
def challenges(database: Database, orders: Orders, clock: HandClock) -> Challenges:
    return Challenges(database, orders=orders, staff=Staff(database, clock=clock), clock=clock)


def act(key: str, what: str = "challenge") -> NewAct:
    return NewAct(key=key, guild_id=GUILD, actor_id=INES, what=what, why="lesson 3")


async def opened(challenges: Challenges, *, credits_: int = 20, cap: int | None = 3, **changed: object) -> Challenge:
    new = {"title": "Tides", "brief": "Make the sea move", "opens_at": START, "closes_at": START + 3600} | changed
    about = {"guild_id": GUILD, "channel_id": 2, "created_by": INES, "locale": "en-US", "size_limit_bytes": 10**7}
    pool = {"guild_id": GUILD, "kind": "challenge", "title": "Tides", "created_by": INES}
    return await challenges.open(
        act("open"),
        NewChallenge(key="open", **about, **new),  # type: ignore[arg-type] # chosen by the test
        NewPool(key="open", credits=credits_, cap_credits=cap, **pool),  # type: ignore[arg-type] # one dict
    )


def order(key: str, user_id: int, challenge: Challenge, prompt: str = "pan left", *, own: bool = False) -> NewOrder:
    still = "0" * 64 + ".png"
    request = compose(load_catalog()["draft"], prompt=prompt, still=still, shape_id="square", seconds=0.5, seed=1)
    place = {"guild_id": GUILD, "channel_id": 2, "user_id": user_id, "locale": "en-US", "size_limit_bytes": 10**7}
    return NewOrder(key=key, request=request, pool_id=None if own else challenge.pool_id, **place)  # type: ignore[arg-type]


async def made(challenges: Challenges, orders: Orders, challenge: Challenge, user_id: int, **wish: str) -> Entry:
    """An entry with a finished clip."""
    key = f"{user_id}-{wish.get('prompt', '')}"
    entered = await challenges.enter(challenge.id, order(key, user_id, challenge, **wish))
    assert entered.placed is not None
    job = await orders.claim(entered.placed.job.id, "w")
    assert job is not None
    assert await orders.complete(job, RENDERED, f"{user_id:064x}.mp4")
    return entered.entry


def refusal(caught: pytest.ExceptionInfo[ChallengeRefused]) -> str:
    return caught.value.fault


async def test_votes_decide_the_prize_is_paid_once_and_the_rest_of_the_pool_returns(
    challenges: Challenges, orders: Orders, database: Database
) -> None:
    challenge = await opened(challenges, prize_credits=10)
    ada, ben = [await made(challenges, orders, challenge, one) for one in (ADA, BEN)]
    for voter, entry in ((BEN, ada), (CLEO, ben), (CLEO, ada)):
        await challenges.vote(GUILD, entry.id, user_id=voter)

    ended = [await challenges.close(act(f"close {number}"), challenge.id) for number in range(2)]

    assert ended[0].place is not None
    assert (["closed"] * 2, [(ada.number, 2)]) == (
        [one.challenge.state for one in ended],
        [(entry.number, entry.votes) for entry in ended[0].place.entries],
    )
    assert 410 == (await database.read(lambda tx: ledger.balance(tx, GUILD, ADA))).available
    assert challenge.pool_id is not None
    assert 0 == await database.read(lambda tx: pools.available(tx, challenge.pool_id or 0))


async def test_a_tie_shares_the_prize_in_whole_credits(
    challenges: Challenges, orders: Orders, database: Database
) -> None:
    challenge = await opened(challenges, prize_credits=5)
    entries = [await made(challenges, orders, challenge, one) for one in (ADA, BEN)]
    await challenges.vote(GUILD, entries[0].id, user_id=BEN)
    await challenges.vote(GUILD, entries[1].id, user_id=ADA)

    ended = await challenges.close(act("close"), challenge.id)

    assert ended.place is not None
    assert (True, (2, 2)) == (ended.place.is_tie, ended.place.prizes)
    for user_id in (ADA, BEN):
        assert 402 == (await database.read(lambda tx, one=user_id: ledger.balance(tx, GUILD, one))).available  # type: ignore[misc]


async def test_a_vote_moves_is_taken_back_and_is_never_ones_own(challenges: Challenges, orders: Orders) -> None:
    challenge = await opened(challenges)
    ada, ben = [await made(challenges, orders, challenge, one) for one in (ADA, BEN)]

    assert await votes_after(challenges, challenge, CLEO, ada) == {ada.number: 1, ben.number: 0}
    assert await votes_after(challenges, challenge, CLEO, ben) == {ada.number: 0, ben.number: 1}
    assert await votes_after(challenges, challenge, CLEO, ben) == {ada.number: 0, ben.number: 0}
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.vote(GUILD, ada.id, user_id=ADA)
    assert "own_entry" == refusal(caught)


async def votes_after(challenges: Challenges, challenge: Challenge, voter: int, entry: Entry) -> dict[int, int]:
    await challenges.vote(GUILD, entry.id, user_id=voter)
    return {one.number: one.votes for one in (await challenges.gallery(GUILD, challenge.id)).entries}


async def test_what_a_challenge_does_not_take_holds_nothing(
    challenges: Challenges, orders: Orders, database: Database, clock: HandClock
) -> None:
    challenge = await opened(challenges, opens_at=START + 60, entries_per_person=2, required_words=("Wind", "slow pan"))

    async def refused(key: str, prompt: str) -> str:
        with pytest.raises(ChallengeRefused) as caught:
            await challenges.enter(challenge.id, order(key, ADA, challenge, prompt))
        return refusal(caught)

    assert "early" == await refused("1", "wind, slow pan")
    clock.now += 61
    assert "words" == await refused("2", "windy, slow  PAN")
    await challenges.enter(challenge.id, order("3", ADA, challenge, "slow pan in the wind"))
    assert "twice" == await refused("4", "Slow pan in  the WIND")
    await challenges.enter(challenge.id, order("5", ADA, challenge, "wind! a slow pan"))
    assert "too_many" == await refused("6", "wind, slow pan, leaves")
    clock.now += 3600
    assert "over" == await refused("7", "wind, slow pan, late")

    balance = await database.read(lambda tx: ledger.balance(tx, GUILD, ADA))
    assert (400, 0) == (balance.available, balance.held)
    assert 2 == len((await challenges.gallery(GUILD, challenge.id)).entries)


async def test_the_pool_pays_up_to_the_cap_and_never_the_prize(challenges: Challenges, orders: Orders) -> None:
    challenge = await opened(challenges, credits_=4, cap=2, prize_credits=1, entries_per_person=9)
    for number in range(2):
        await challenges.enter(challenge.id, order(f"a{number}", ADA, challenge, f"pan {number}"))
    with pytest.raises(CapReached):
        await challenges.enter(challenge.id, order("a2", ADA, challenge, "pan 2"))
    await challenges.enter(challenge.id, order("a3", ADA, challenge, "pan 3", own=True))
    await challenges.enter(challenge.id, order("b0", BEN, challenge, "pan 0"))
    with pytest.raises(PoolExhausted):
        await challenges.enter(challenge.id, order("b1", BEN, challenge, "pan 1"))

    assert 4 == len((await challenges.gallery(GUILD, challenge.id)).entries)


async def test_a_pool_without_a_cap_pays_one_clip_of_each_entry_however_often_it_is_taken_back(
    challenges: Challenges, orders: Orders
) -> None:
    challenge = await opened(challenges, cap=None, entries_per_person=2)
    for prompt in ("pan left", "pan right"):
        entry = await made(challenges, orders, challenge, ADA, prompt=prompt)
        await challenges.withdraw(GUILD, entry.id, user_id=ADA)

    with pytest.raises(CapReached) as caught:
        await challenges.enter(challenge.id, order("3", ADA, challenge, "tilt up"))
    own = await challenges.enter(challenge.id, order("3", ADA, challenge, "tilt up", own=True))
    await made(challenges, orders, challenge, BEN)

    assert (0, 3) == (caught.value.left, own.entry.number)


async def test_a_failed_entry_gives_its_place_back_and_a_withdrawn_one_its_hold(
    challenges: Challenges, orders: Orders, database: Database
) -> None:
    challenge = await opened(challenges)
    first = await challenges.enter(challenge.id, order("1", ADA, challenge))
    assert first.placed is not None
    job = await orders.claim(first.placed.job.id, "w")
    assert job is not None
    await orders.fail(job, Failed(fault="encoder", cause="x", retry=False))
    second = await challenges.enter(challenge.id, order("2", ADA, challenge))

    _, withdrawn = await challenges.withdraw(GUILD, second.entry.id, user_id=ADA)

    assert "cancelled" == withdrawn.state
    assert 20 == await database.read(lambda tx: pools.available(tx, challenge.pool_id or 0))
    assert (await challenges.enter(challenge.id, order("3", ADA, challenge))).entry.number == 3


async def test_a_replayed_entry_is_one_entry_and_one_hold(challenges: Challenges, database: Database) -> None:
    challenge = await opened(challenges)
    entered = [await challenges.enter(challenge.id, order("1", ADA, challenge)) for _ in range(2)]

    assert entered[0].entry == entered[1].entry
    assert 19 == await database.read(lambda tx: pools.available(tx, challenge.pool_id or 0))


async def test_a_cancelled_challenge_releases_every_hold(
    challenges: Challenges, orders: Orders, database: Database
) -> None:
    challenge = await opened(challenges)
    await made(challenges, orders, challenge, ADA)
    await challenges.enter(challenge.id, order("b", BEN, challenge))
    await challenges.enter(challenge.id, order("c", CLEO, challenge, own=True))

    ended = await challenges.cancel(act("cancel"), challenge.id)

    assert ("cancelled", {BEN, CLEO}) == (ended.challenge.state, {job.user_id for job in ended.cancelled})
    for user_id in (ADA, BEN, CLEO):
        balance = await database.read(lambda tx, one=user_id: ledger.balance(tx, GUILD, one))  # type: ignore[misc]
        assert (400, 0) == (balance.available, balance.held)


async def test_a_challenge_that_is_due_closes_by_itself_once(challenges: Challenges, clock: HandClock) -> None:
    challenge = await opened(challenges)
    assert [] == await challenges.close_due()
    clock.now = await challenges.next_due_at() or 0

    assert [challenge.id] == [ended.challenge.id for ended in await challenges.close_due()]
    assert ([], None) == (await challenges.close_due(), await challenges.next_due_at())


async def test_a_challenge_that_instructors_decide_waits_for_them_when_its_time_is_over(
    challenges: Challenges, orders: Orders, database: Database, clock: HandClock
) -> None:
    challenge = await opened(challenges, prize_credits=5, voting="none")
    entry = await made(challenges, orders, challenge, ADA)
    assert [] == await challenges.ask_for_decisions()
    clock.now = await challenges.next_due_at() or 0
    assert [] == await challenges.close_due()
    assert [[challenge.id], []] == [[one.id for one in await challenges.ask_for_decisions()] for _ in range(2)]
    assert ([], None) == (await challenges.close_due(), await challenges.next_due_at())
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.enter(challenge.id, order("late", BEN, challenge))
    ended = await challenges.close(act("close"), challenge.id, chosen=[entry.number])

    assert ("over", "closed") == (refusal(caught), ended.challenge.state)
    assert 405 == (await database.read(lambda tx: ledger.balance(tx, GUILD, ADA))).available


async def test_a_challenge_without_entries_closes_by_itself_and_an_end_is_not_chosen_anew(
    challenges: Challenges, orders: Orders, clock: HandClock
) -> None:
    challenge = await opened(challenges, voting="none")
    entry = await made(challenges, orders, challenge, ADA)
    await challenges.withdraw(GUILD, entry.id, user_id=ADA)
    clock.now = await challenges.next_due_at() or 0
    assert [] == await challenges.ask_for_decisions()
    assert [challenge.id] == [ended.challenge.id for ended in await challenges.close_due()]
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.close(act("close"), challenge.id, chosen=[entry.number])

    assert "over" == refusal(caught)


async def test_closing_by_hand_asks_back_while_an_entry_is_in_the_making(challenges: Challenges) -> None:
    challenge = await opened(challenges)
    await challenges.enter(challenge.id, order("1", ADA, challenge))
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.close(act("close 1"), challenge.id, leaves_out_waiting=False)
    ended = await challenges.close(act("close 2"), challenge.id, leaves_out_waiting=True)

    assert ("unfinished", {"count": 1, "numbers": "1"}) == (refusal(caught), caught.value.details)
    assert ("closed", None) == (ended.challenge.state, ended.place)


async def test_a_finished_clip_of_ones_own_is_entered_once_and_costs_nothing(
    challenges: Challenges, orders: Orders, database: Database
) -> None:
    challenge = await opened(challenges, entries_per_person=2)
    placed = await orders.place(order("own", ADA, challenge, own=True))
    job = await orders.claim(placed.job.id, "w")
    assert job is not None
    await orders.complete(job, RENDERED, f"{1:064x}.mp4")

    entered = [await challenges.enter_clip(GUILD, challenge.id, ADA, job.id) for _ in range(2)]

    assert entered[0] == entered[1]
    assert 20 == await database.read(lambda tx: pools.available(tx, challenge.pool_id or 0))
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.enter_clip(GUILD, challenge.id, BEN, job.id)
    assert "not_yours" == refusal(caught)


async def test_a_clip_that_its_maker_keeps_private_is_not_entered(
    challenges: Challenges, orders: Orders, database: Database, clock: HandClock, tmp_path: Path
) -> None:
    challenge = await opened(challenges)
    placed = await orders.place(order("own", ADA, challenge, own=True))
    job = await orders.claim(placed.job.id, "w")
    assert job is not None
    await orders.complete(job, RENDERED, f"{1:064x}.mp4")
    await Deliveries(database, clock=clock).abandon_delivery(job.id, "no channel")
    await Keeping(database, BlobStore(tmp_path / "files"), clock=clock).keep_private(job.id, actor=ADA)

    with pytest.raises(ChallengeRefused) as caught:
        await challenges.enter_clip(GUILD, challenge.id, ADA, job.id)

    assert "not_shown" == refusal(caught)


@pytest.mark.parametrize("end", ["keep_private", "delete"])
async def test_an_entry_whose_maker_takes_it_out_of_sight_cannot_be_voted_for_and_wins_nothing(
    challenges: Challenges, orders: Orders, database: Database, clock: HandClock, tmp_path: Path, end: str
) -> None:
    challenge = await opened(challenges, prize_credits=5)
    entry = await made(challenges, orders, challenge, ADA)
    await challenges.vote(GUILD, entry.id, user_id=BEN)
    await Deliveries(database, clock=clock).abandon_delivery(entry.job_id, "no channel")
    keeping = Keeping(database, BlobStore(tmp_path / "files"), clock=clock)
    await (keeping.delete if end == "delete" else keeping.keep_private)(entry.job_id, actor=ADA)
    with pytest.raises(ChallengeRefused) as caught:
        await challenges.vote(GUILD, entry.id, user_id=CLEO)
    ended = await challenges.close(act("close"), challenge.id)

    assert ("not_standing", None) == (refusal(caught), ended.place)
    assert 400 == (await database.read(lambda tx: ledger.balance(tx, GUILD, ADA))).available


async def test_the_starter_still_is_needed_and_so_is_an_offered_entrys_until_the_end(
    challenges: Challenges, database: Database, clock: HandClock
) -> None:
    starter, own = f"{1:064x}.png", f"{2:064x}.png"
    challenge = await opened(challenges, still=starter, still_width=64, still_height=64)
    await ChallengePosts(database, clock=clock).keep_offer("form", challenge.id, ADA, {"still": own})

    async def needed() -> list[bool]:
        return [
            await database.read(partial(files.is_needed, name=name, now=clock())) for name in (starter, own, "other")
        ]

    assert [True, True, False] == await needed()
    await challenges.cancel(act("cancel"), challenge.id)
    assert [True, False, False] == await needed()
