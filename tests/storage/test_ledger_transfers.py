"""Grant, hold, capture, release and refund, and the replay of each."""

import sqlite3

import pytest
from storage_samples import GUILD, OTHER, USER, WHO, held, seen

from storage import errors, ledger


def now(tx: sqlite3.Connection) -> tuple[int, int]:
    balance = ledger.balance(tx, GUILD, USER)
    return balance.available, balance.held


def count(tx: sqlite3.Connection) -> int:
    return tx.execute("SELECT count(*) FROM transfers").fetchone()[0]


def granted(tx: sqlite3.Connection, key: str = "gift", amount_credits: int = 30, user_id: int = USER) -> int:
    return ledger.grant(tx, key=key, guild_id=GUILD, user_id=user_id, amount_credits=amount_credits, **WHO)


def test_hold_sets_credits_aside(tx):
    seen(tx)
    held(tx, 11)
    assert now(tx) == (389, 11)


def test_hold_of_the_last_credit_is_accepted(tx):
    seen(tx, allowance_credits=11)
    held(tx, 11)
    assert now(tx) == (0, 11)


def test_hold_of_more_than_available_says_both_numbers_and_changes_nothing(tx):
    seen(tx)
    with pytest.raises(errors.InsufficientCredits) as caught:
        held(tx, 401)
    assert (caught.value.available, caught.value.needed) == (400, 401)
    assert (now(tx), count(tx)) == ((400, 0), 1)


def test_hold_of_a_person_never_seen_finds_no_credits(tx):
    with pytest.raises(errors.InsufficientCredits) as caught:
        held(tx, 1)
    assert (caught.value.available, caught.value.needed) == (0, 1)


def test_held_credits_cannot_be_held_again(tx):
    seen(tx)
    held(tx, 300, "one")
    with pytest.raises(errors.InsufficientCredits):
        held(tx, 300, "two")


def test_replayed_hold_returns_the_same_id_and_changes_nothing(tx):
    seen(tx)
    first = held(tx)
    assert (held(tx), now(tx), count(tx)) == (first, (389, 11), 2)


def test_replayed_hold_is_known_even_when_nothing_is_left(tx):
    seen(tx, allowance_credits=11)
    first = held(tx, 11)
    assert held(tx, 11) == first


@pytest.mark.parametrize(("amount_credits", "user_id"), [(12, USER), (11, OTHER)])
def test_key_of_a_different_hold_is_refused(tx, amount_credits, user_id):
    seen(tx)
    seen(tx, OTHER)
    held(tx, 11)
    with pytest.raises(errors.KeyReused):
        held(tx, amount_credits, user_id=user_id)


def test_hold_and_grant_may_share_a_callers_key(tx):
    seen(tx)
    assert held(tx, 11, "same") != granted(tx, "same", 11)


@pytest.mark.parametrize("amount_credits", [0, -1, 1_000_000_001])
def test_amount_outside_its_bounds_is_refused(tx, amount_credits):
    seen(tx)
    with pytest.raises(sqlite3.IntegrityError, match="transfer_amount"):
        granted(tx, amount_credits=amount_credits)
    with pytest.raises(errors.RuleBroken):
        held(tx, amount_credits)
    assert now(tx) == (400, 0)


def test_transfer_without_reason_is_refused(tx):
    seen(tx)
    with pytest.raises(errors.RuleBroken, match="transfer_says_why"):
        ledger.hold(tx, key="k", guild_id=GUILD, user_id=USER, amount_credits=1, reason="", actor="a", now=1.0)


def test_capture_spends_the_hold(tx):
    seen(tx)
    ledger.capture(tx, held(tx), **WHO)
    assert now(tx) == (389, 0)


def test_release_gives_the_hold_back(tx):
    seen(tx)
    ledger.release(tx, held(tx), **WHO)
    assert now(tx) == (400, 0)


@pytest.mark.parametrize("settle", [ledger.capture, ledger.release])
def test_replayed_settlement_returns_the_same_id_and_changes_nothing(tx, settle):
    seen(tx)
    hold_id = held(tx)
    first = settle(tx, hold_id, **WHO)
    before = (now(tx), count(tx))
    assert settle(tx, hold_id, **WHO) == first
    assert (now(tx), count(tx)) == before


@pytest.mark.parametrize(
    ("settle", "other"),
    [(ledger.capture, ledger.release), (ledger.release, ledger.capture)],
    ids=["capture", "release"],
)
def test_hold_settled_one_way_is_not_settled_the_other_way(tx, settle, other):
    seen(tx)
    hold_id = held(tx)
    settle(tx, hold_id, **WHO)
    before = now(tx)
    with pytest.raises(errors.AlreadySettled) as caught:
        other(tx, hold_id, **WHO)
    assert (caught.value.hold_id, now(tx)) == (hold_id, before)


@pytest.mark.parametrize("settle", [ledger.capture, ledger.release])
def test_only_a_hold_can_be_settled(tx, settle):
    seen(tx)
    grant_id = granted(tx)
    for unknown in (grant_id, 99):
        with pytest.raises(errors.UnknownHold):
            settle(tx, unknown, **WHO)


def test_settlement_tells_how_a_hold_ended(tx):
    seen(tx)
    captured, released, still_open = (held(tx, key=key) for key in ("a", "b", "c"))
    ledger.capture(tx, captured, **WHO)
    ledger.release(tx, released, **WHO)
    assert [ledger.settlement(tx, hold_id) for hold_id in (captured, released, still_open)] == [
        "capture",
        "release",
        None,
    ]


def test_refund_gives_everything_captured_back(tx):
    seen(tx)
    hold_id = held(tx)
    ledger.capture(tx, hold_id, **WHO)
    ledger.refund(tx, hold_id, **WHO)
    assert now(tx) == (400, 0)


def test_refund_may_give_a_part_back(tx):
    seen(tx)
    hold_id = held(tx)
    ledger.capture(tx, hold_id, **WHO)
    ledger.refund(tx, hold_id, amount_credits=4, **WHO)
    assert now(tx) == (393, 0)


def test_replayed_refund_returns_the_same_id_and_changes_nothing(tx):
    seen(tx)
    hold_id = held(tx)
    ledger.capture(tx, hold_id, **WHO)
    first = ledger.refund(tx, hold_id, **WHO)
    assert (ledger.refund(tx, hold_id, **WHO), now(tx)) == (first, (400, 0))


def test_second_refund_of_another_amount_is_refused(tx):
    seen(tx)
    hold_id = held(tx)
    ledger.capture(tx, hold_id, **WHO)
    ledger.refund(tx, hold_id, amount_credits=4, **WHO)
    with pytest.raises(errors.AlreadyRefunded):
        ledger.refund(tx, hold_id, amount_credits=7, **WHO)
    assert now(tx) == (393, 0)


def test_refund_of_more_than_was_captured_is_refused(tx):
    seen(tx)
    hold_id = held(tx)
    ledger.capture(tx, hold_id, **WHO)
    with pytest.raises(errors.RefundTooLarge):
        ledger.refund(tx, hold_id, amount_credits=12, **WHO)
    assert now(tx) == (389, 0)


def test_only_a_captured_hold_can_be_refunded(tx):
    seen(tx)
    still_open, released = held(tx, key="a"), held(tx, key="b")
    ledger.release(tx, released, **WHO)
    for hold_id in (still_open, released, 99):
        with pytest.raises(errors.NotCaptured):
            ledger.refund(tx, hold_id, **WHO)


def test_grant_reaches_a_person_never_seen(tx):
    granted(tx, amount_credits=30)
    assert now(tx) == (30, 0)


def test_replayed_grant_returns_the_same_id_and_changes_nothing(tx):
    first = granted(tx)
    assert (granted(tx), now(tx), count(tx)) == (first, (30, 0), 1)


def test_credits_of_one_class_are_not_seen_in_another(tx):
    seen(tx)
    assert ledger.balance(tx, GUILD - 1, USER) == ledger.Balance(0, 0)


def test_all_accounts_sum_to_zero(tx):
    seen(tx)
    hold_id = held(tx)
    held(tx, 5, "open")
    ledger.capture(tx, hold_id, **WHO)
    ledger.refund(tx, hold_id, amount_credits=3, **WHO)
    assert tx.execute("SELECT sum(balance_credits), min(balance_credits) FROM accounts").fetchone() == (0, -400)
