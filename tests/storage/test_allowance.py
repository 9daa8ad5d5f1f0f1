"""The monthly allowance: once per person and calendar month, never taking anything away."""

import asyncio
import sqlite3

import pytest
from storage_samples import GUILD, USER, WHO, held, seen

from storage import errors, ledger


def see(tx, period: str, allowance_credits: int = 400, cap_credits: int | None = None) -> tuple[int, int]:
    credits_ = {"allowance_credits": allowance_credits, "cap_credits": cap_credits}
    balance = ledger.see(tx, guild_id=GUILD, user_id=USER, period=period, **credits_, now=1.0)
    assert balance == ledger.balance(tx, GUILD, USER)
    return balance.available, balance.held


def test_first_sight_gives_the_allowance(tx):
    assert see(tx, "2026-11-01") == (400, 0)


def test_second_sight_in_a_month_gives_nothing(tx):
    see(tx, "2026-11-01")
    held(tx, 11)
    assert see(tx, "2026-11-01") == (389, 11)


def test_new_month_tops_up_to_the_allowance(tx):
    see(tx, "2026-11-01")
    ledger.capture(tx, held(tx, 150), **WHO)
    assert see(tx, "2026-12-01") == (400, 0)


def test_new_month_counts_held_credits_as_still_owned(tx):
    see(tx, "2026-11-01")
    hold_id = held(tx, 150)
    assert see(tx, "2026-12-01") == (250, 150)
    ledger.release(tx, hold_id, **WHO)
    assert see(tx, "2026-12-01") == (400, 0)


def test_months_that_were_missed_are_not_paid_later(tx):
    see(tx, "2026-11-01")
    ledger.capture(tx, held(tx, 100), **WHO)
    assert see(tx, "2027-03-01") == (400, 0)


def test_month_in_which_nothing_was_due_is_done(tx):
    see(tx, "2026-11-01")
    assert see(tx, "2026-12-01") == (400, 0)
    held(tx, 100)
    assert see(tx, "2026-12-01") == (300, 100)


def test_credits_above_the_allowance_stay(tx):
    see(tx, "2026-11-01")
    ledger.grant(tx, key="g", guild_id=GUILD, user_id=USER, amount_credits=500, **WHO)
    assert see(tx, "2026-12-01") == (900, 0)


def test_lower_allowance_takes_nothing_away(tx):
    see(tx, "2026-11-01")
    assert see(tx, "2026-12-01", 100) == (400, 0)


def test_grant_before_first_sight_does_not_reduce_the_first_allowance(tx):
    ledger.grant(tx, key="g", guild_id=GUILD, user_id=USER, amount_credits=30, **WHO)
    assert see(tx, "2026-11-01") == (430, 0)


def test_clock_set_back_pays_nothing(tx):
    see(tx, "2026-11-01")
    ledger.capture(tx, held(tx, 100), **WHO)
    assert see(tx, "2026-10-01") == (300, 0)
    assert see(tx, "2026-11-01") == (300, 0)


def test_allowance_of_zero_makes_accounts_without_a_transfer(tx):
    assert see(tx, "2026-11-01", 0) == (0, 0)
    assert ledger.statement(tx, GUILD, USER, 10) == []
    assert see(tx, "2026-11-01", 400) == (0, 0)


@pytest.mark.parametrize("period", ["2026-13-01", "2026-11", "2026-1-01", "2026-02-30", "November"])
def test_period_that_begins_on_no_day_is_refused(tx, period):
    with pytest.raises(sqlite3.IntegrityError, match="allowance_period_form"):
        see(tx, period)


def test_weekly_gift_is_added_until_the_cap_is_reached(tx):
    weeks = ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]
    assert [see(tx, week, 100, 250) for week in weeks] == [(100, 0), (200, 0), (250, 0), (250, 0)]


def test_change_from_weeks_to_months_pays_no_month_twice(tx):
    see(tx, "2026-11-16")
    ledger.capture(tx, held(tx, 100), **WHO)
    assert [see(tx, day) for day in ("2026-11-01", "2026-12-01")] == [(300, 0), (400, 0)]


async def test_200_people_never_seen_ask_twice_at_once_and_each_is_served_once(database):
    def order(user_id: int, attempt: int):
        def work(tx):
            seen(tx, user_id, allowance_credits=11)
            return held(tx, 11, f"{user_id}-{attempt}", user_id)

        return database.write(work)

    people = range(1, 201)
    outcomes = await asyncio.gather(
        *(order(user_id, attempt) for attempt in (1, 2) for user_id in people), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, errors.InsufficientCredits)]
    accepted = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert (len(accepted), len(set(accepted)), len(refused)) == (200, 200, 200)
    balances = await database.read(lambda tx: [ledger.balance(tx, GUILD, user_id) for user_id in people])
    assert balances == [ledger.Balance(0, 11)] * 200
