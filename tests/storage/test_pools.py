"""Sponsored pools: who may have how much, what comes back where, and the migration that brought them."""

import sqlite3
from pathlib import Path

import pytest
from storage_samples import GUILD, OTHER, USER, WHO, funded, new_job, ordered, seen, sponsored, succeeded

from storage import errors, jobs, ledger, pools, schema


def credits_of(tx: sqlite3.Connection, pool: pools.Pool) -> tuple[int, int, int]:
    totals = pools.totals(tx, pool.id)
    return totals.available, totals.held, totals.spent


def test_clip_of_a_pool_leaves_the_persons_own_credits_alone(tx):
    seen(tx)
    pool = funded(tx)
    ledger.capture(tx, sponsored(tx, pool.id).hold_id, **WHO)
    sponsored(tx, pool.id, "second", price_credits=5)

    assert credits_of(tx, pool) == (84, 5, 11)
    assert (pools.left_for(tx, pool, USER), pools.left_for(tx, pool, OTHER)) == (14, 30)
    assert ledger.balance(tx, GUILD, USER) == ledger.Balance(400, 0)
    assert [entry.kind for entry in ledger.statement(tx, GUILD, USER, 9)] == ["grant"]


def test_person_never_seen_may_have_the_cap_to_the_last_credit_and_no_more(tx):
    pool = funded(tx)
    sponsored(tx, pool.id, "a", price_credits=30)
    with pytest.raises(errors.CapReached) as caught:
        sponsored(tx, pool.id, "b", price_credits=1)

    assert (caught.value.left, caught.value.needed) == (0, 1)
    sponsored(tx, pool.id, "c", OTHER, price_credits=30)


def test_pool_that_is_empty_says_what_is_left(tx):
    pool = funded(tx, credits_=15, cap_credits=None)
    sponsored(tx, pool.id)
    with pytest.raises(errors.PoolExhausted) as caught:
        sponsored(tx, pool.id, "b", OTHER)

    assert (caught.value.available, caught.value.needed) == (4, 11)


def test_released_and_refunded_credits_may_be_used_again_by_their_person(tx):
    pool = funded(tx)
    released, refunded = sponsored(tx, pool.id, "a"), sponsored(tx, pool.id, "b")
    ledger.release(tx, released.hold_id, **WHO)
    ledger.capture(tx, refunded.hold_id, **WHO)
    ledger.refund(tx, refunded.hold_id, **WHO)

    assert (credits_of(tx, pool), pools.left_for(tx, pool, USER)) == ((100, 0, 0), 30)


def test_closing_returns_the_rest_once_and_what_is_released_later_at_once(tx):
    pool = funded(tx)
    job = sponsored(tx, pool.id)
    rests = [pools.close(tx, pool.id, actor="a", now=5.0) for _ in range(2)]
    ledger.release(tx, job.hold_id, **WHO)

    assert (rests, credits_of(tx, pool)) == ([89, 0], (0, 0, 0))
    assert tx.execute("SELECT balance_credits FROM accounts WHERE kind = 'issued'").fetchone() == (0,)
    for refused in (lambda: sponsored(tx, pool.id, "b"), lambda: funded(tx, "pool", 7)):
        with pytest.raises((errors.PoolClosed, errors.KeyReused)):
            refused()


def test_prize_is_paid_once_for_a_place_and_reaches_a_person_never_seen(tx):
    pool = funded(tx)
    first = {"place": 1, "user_id": USER, "amount_credits": 60, "actor": "a", "now": 3.0}
    assert pools.prize(tx, pool.id, **first) == pools.prize(tx, pool.id, **first)
    with pytest.raises(errors.KeyReused):
        pools.prize(tx, pool.id, **{**first, "user_id": OTHER})
    with pytest.raises(errors.PoolExhausted):
        pools.prize(tx, pool.id, **{**first, "place": 2})

    assert (ledger.balance(tx, GUILD, USER), credits_of(tx, pool)) == (ledger.Balance(60, 0), (40, 0, 0))


def test_pool_of_another_server_pays_for_nothing(tx):
    pool = funded(tx)
    for pool_id, guild_id in ((pool.id, 1), (pool.id + 1, GUILD)):
        with pytest.raises(errors.UnknownPool):
            ledger.hold(tx, key="k", guild_id=guild_id, user_id=USER, amount_credits=1, pool_id=pool_id, **WHO)


@pytest.mark.parametrize(("user_id", "in_pool"), [(OTHER, True), (USER, False)])
def test_job_must_be_of_the_person_and_the_pool_of_its_hold(tx, user_id, in_pool):
    pool = funded(tx)
    hold_id = sponsored(tx, pool.id).hold_id
    other = new_job("new", user_id, pool_id=pool.id if in_pool else None)
    with pytest.raises(sqlite3.IntegrityError, match="job_matches_hold"):
        jobs.add(tx, other, hold_id=hold_id, now=1.0)


def test_cap_is_raised_and_never_lowered_and_a_closed_pool_is_not_changed(tx):
    pool = funded(tx)
    pools.edit(tx, pool.id, title="Waves", cap_credits=50)
    with pytest.raises(errors.HistoryIsFixed):
        pools.edit(tx, pool.id, title="Waves", cap_credits=20)
    pools.close(tx, pool.id, actor="a", now=5.0)
    with pytest.raises(errors.HistoryIsFixed):
        pools.edit(tx, pool.id, title="Wind", cap_credits=50)

    assert (pools.get(tx, pool.id).title, pools.open_pools(tx, GUILD)) == ("Waves", [])


def test_credits_are_taken_back_once_and_never_below_zero(tx):
    seen(tx)
    take = {"key": "t", "guild_id": GUILD, "user_id": USER, "amount_credits": 390, **WHO}
    assert ledger.take(tx, **take) == ledger.take(tx, **take)
    with pytest.raises(errors.InsufficientCredits) as caught:
        ledger.take(tx, **{**take, "key": "u"})

    assert (caught.value.available, ledger.balance(tx, GUILD, USER)) == (10, ledger.Balance(10, 0))


OLD_PEOPLE = """
INSERT INTO accounts (id, guild_id, user_id, kind, allowance_month) VALUES (1, 5, 0, 'issued', NULL),
    (2, 5, 0, 'spent', NULL), (3, 5, 9, 'available', '2026-11'), (4, 5, 9, 'held', NULL)
"""
OLD_TRANSFERS = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at) VALUES
    ('allowance:5:9:2026-11', 'grant', 1, 3, 400, NULL, 'allowance', 'calendar', 1.0),
    ('hold:a', 'hold', 3, 4, 11, NULL, 'clip', '9', 2.0), ('hold:b', 'hold', 3, 4, 7, NULL, 'clip', '9', 2.5),
    ('capture:2', 'capture', 4, 2, 11, 2, 'rendered', 'bot', 3.0),
    ('refund:2', 'refund', 2, 3, 4, 2, 'lost', 'bot', 4.0)
"""
OLD_JOB = """
INSERT INTO jobs (key, hold_id, guild_id, channel_id, user_id, locale, model_id, recipe, price_credits,
    size_limit_bytes, created_at) VALUES ('b', 3, 5, 6, 9, 'en-US', 'draft', '{}', 7, 100, 2.5)
"""


def test_database_of_before_the_pools_is_taken_over_whole(tmp_path: Path):
    before, connection = tmp_path / "before", sqlite3.connect(":memory:", isolation_level=None)
    before.mkdir()
    for source in sorted(schema.SHIPPED_MIGRATIONS.glob("*.sql"))[:8]:
        (before / source.name).write_text(source.read_text())
    schema.migrate(connection, before)
    for sql in (OLD_PEOPLE, OLD_TRANSFERS, OLD_JOB):
        connection.execute(sql)
    old = connection.execute("SELECT * FROM transfers").fetchall()
    connection.execute(
        "UPDATE jobs SET state = 'cancelled', finished_at = 5.0, delivery = 'pending', delivery_at = 5.0"
    )
    schema.migrate(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    ledger.release(connection, 3, **WHO)
    again = {"period": "2026-11-01", "allowance_credits": 400, "now": 6.0}

    assert connection.execute("SELECT * FROM transfers").fetchall()[:-1] == old
    assert ledger.see(connection, guild_id=5, user_id=9, **again) == ledger.Balance(393, 0)
    assert ledger.audit(connection) == []
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_person_with_clips_of_their_own_and_of_a_pool_has_both_in_the_books(tx):
    succeeded(tx, "own")
    pool = funded(tx)
    jobs.cancel(tx, sponsored(tx, pool.id).id, now=4.0)
    ledger.release(tx, jobs.by_key(tx, "paid").hold_id, **WHO)
    ordered(tx, "waiting")

    assert ledger.audit(tx) == []
