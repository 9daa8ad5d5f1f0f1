"""The audit is silent on what the functions do, and finds each kind of damage done past them."""

import sqlite3

import pytest
from storage_samples import (
    GUILD,
    NOTHING_MADE,
    OTHER,
    USER,
    WHO,
    funded,
    held,
    in_session,
    ordered,
    running,
    seen,
    sponsored,
    succeeded,
)

from storage import audit as audit_module
from storage import jobs, ledger, pools, sessions

UNGUARD = """
SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'
UNION ALL SELECT 'DROP INDEX ' || name FROM sqlite_master WHERE type = 'index' AND name LIKE 'one_%'
"""

COPY = """INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
    SELECT {} FROM transfers WHERE kind = '{}' LIMIT 1"""

DAMAGE = {
    "balance": "UPDATE accounts SET balance_credits = balance_credits + 1 WHERE kind = 'available'",
    "sum": "UPDATE accounts SET balance_credits = balance_credits - 1 WHERE kind = 'issued'",
    "below zero": "UPDATE accounts SET balance_credits = -1 WHERE kind = 'held'",
    "history": "DELETE FROM transfers WHERE id = 2",
    "route": "UPDATE transfers SET debit_account = credit_account, credit_account = debit_account WHERE kind = 'grant'",
    "settlement": "UPDATE transfers SET amount_credits = amount_credits + 1 WHERE kind = 'capture'",
    "settled twice": COPY.format(
        "'again', kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at", "capture"
    ),
    "refund": "UPDATE transfers SET amount_credits = 100 WHERE kind = 'refund'",
    "hold without job": "DELETE FROM jobs WHERE state = 'queued'",
    "price": "UPDATE jobs SET price_credits = 12 WHERE state = 'queued'",
    "pool": "UPDATE pools SET guild_id = 1",
    "pool cap": "UPDATE pools SET cap_credits = 1 WHERE closed_at IS NULL",
    "closed pool": "UPDATE pools SET closed_at = 9.0 WHERE closed_at IS NULL",
    "session": "UPDATE class_sessions SET ended_by = 0, ended_at = 9.0 WHERE ended_at IS NULL",
    "session's tally": "UPDATE class_sessions SET tally = json_set(tally, '$.made', 5) WHERE tally IS NOT NULL",
    "job and hold": "UPDATE jobs SET state = 'cancelled', finished_at = 1.0, delivery = 'pending', delivery_at = 1.0 "
    "WHERE state = 'queued'",
    "delivery": "UPDATE jobs SET delivery = NULL, delivery_at = NULL WHERE state = 'failed'",
    "job history": "DELETE FROM job_events WHERE job_id = 1",
    "posted twice": "UPDATE jobs SET delivery = 'posted', message_id = 5 WHERE delivery IS NOT NULL",
    "totals": "UPDATE person_totals SET made = made - 1",
    "integrity": "UPDATE jobs SET attempts = 9 WHERE state = 'queued'",
    "reference": "UPDATE transfers SET debit_account = 999 WHERE kind = 'grant'",
}


@pytest.fixture
def busy_class(tx):
    """A database with every kind of transfer and every state of job in it."""
    ledger.refund(tx, succeeded(tx, "refunded").hold_id, amount_credits=4, **WHO)
    posted = succeeded(tx, "posted")
    jobs.begin_posting(tx, posted.id, 5.0)
    jobs.posted(tx, posted.id, 77, 6.0)
    failed, cancelled = running(tx, "failed"), ordered(tx, "cancelled", OTHER)
    jobs.fail(tx, failed.id, 1, fault="crashed", cause="", now=5.0)
    jobs.cancel(tx, cancelled.id, now=5.0)
    for job in (failed, cancelled):
        ledger.release(tx, job.hold_id, **WHO)
    running(tx, "running", OTHER)
    ordered(tx, "waiting")
    sponsored(tx, funded(tx).id)
    pools.close(tx, funded(tx, "over").id, actor="a", now=7.0)
    over = in_session(tx, "over")
    sessions.end(tx, over.id, ended_by=0, now=7.0)
    pools.close(tx, over.pool_id, actor="0", now=7.0)
    sessions.sum_up(tx, over.id, NOTHING_MADE)
    in_session(tx, "runs")
    return tx


def test_database_that_only_the_functions_touched_is_clean(busy_class):
    assert ledger.audit(busy_class) == []


def test_empty_database_is_clean(tx):
    assert ledger.audit(tx) == []


async def test_audit_runs_beside_the_writer(database):
    await database.write(succeeded)
    assert await database.read(ledger.audit) == []


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found(busy_class, kind):
    for (statement,) in busy_class.execute(UNGUARD).fetchall():
        busy_class.execute(statement)
    busy_class.execute("PRAGMA foreign_keys = OFF")
    busy_class.execute("PRAGMA ignore_check_constraints = ON")
    assert busy_class.execute(DAMAGE[kind]).rowcount > 0
    busy_class.execute("PRAGMA ignore_check_constraints = OFF")
    assert [finding for finding in ledger.audit(busy_class) if finding.startswith(f"{kind}: ")]


def test_every_check_is_proved_to_find_something():
    assert set(audit_module.CHECKS) | {"integrity", "reference"} == set(DAMAGE)


def test_finding_names_the_row_and_the_figures(busy_class):
    busy_class.execute("UPDATE accounts SET balance_credits = balance_credits + 5 WHERE kind = 'spent'")
    account, balance = busy_class.execute("SELECT id, balance_credits FROM accounts WHERE kind = 'spent'").fetchone()
    assert ledger.audit(busy_class) == [
        f"balance: account {account} has {balance} credits, its transfers say {balance - 5}",
        f"sum: the accounts of guild {GUILD} sum to 5 credits",
    ]


def test_open_hold_that_pays_for_no_job_is_a_finding(tx):
    seen(tx)
    hold_id = held(tx)
    assert ledger.audit(tx) == [f"hold without job: hold {hold_id} of 11 credits is open and pays for no job"]
    ledger.release(tx, hold_id, **WHO)
    assert ledger.audit(tx) == []


def test_job_finished_without_settling_its_hold_is_a_finding(tx: sqlite3.Connection):
    job = ordered(tx, user_id=USER)
    jobs.cancel(tx, job.id, now=5.0)
    assert ledger.audit(tx) == [f"job and hold: job {job.id} is cancelled, its hold {job.hold_id} is open"]
