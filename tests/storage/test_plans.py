"""Hot statements stay flat as the history grows: each is answered from an index, none sorts or scans a table."""

import re

import pytest

from storage import (
    allowance,
    challenge_offers,
    challenges,
    class_rules,
    credit_requests,
    delivery,
    entries,
    grant_drafts,
    guilds,
    history,
    jobs,
    ledger,
    pools,
    roster,
    staff_acts,
    statement,
)

STATEMENTS = {
    f"{module.__name__}.{name}": sql
    for module in (
        *(allowance, class_rules, credit_requests, delivery, grant_drafts, guilds, history, jobs, ledger, pools),
        *(roster, staff_acts, statement, challenge_offers, challenges, entries),
    )
    for name, sql in vars(module).items()
    if name.endswith("_SQL")
}

INDEXES = {
    "storage.jobs.WAITING_SQL": "jobs_unfinished",
    "storage.jobs.INTERRUPTED_SQL": "jobs_unfinished",
    "storage.jobs.UNFINISHED_SQL": "jobs_unfinished",
    "storage.history.HISTORY_SQL": "job_events_of_job",
    "storage.jobs.OUTSTANDING_SQL": "jobs_outstanding",
    "storage.jobs.OUTSTANDING_COUNT_SQL": "jobs_outstanding",
    "storage.jobs.RAN_SQL": "jobs_rendered",
    "storage.jobs.RECENT_SQL": "jobs_of_person",
    "storage.jobs.BY_KEY_SQL": "one_job_per_key",
    "storage.delivery.UNDELIVERED_SQL": "jobs_undelivered",
    "storage.ledger.BY_KEY_SQL": "one_transfer_per_key",
    "storage.ledger.SETTLEMENT_SQL": "one_settlement_per_hold",
    "storage.ledger.REFUND_BY_HOLD_SQL": "one_refund_per_hold",
    "storage.allowance.PERSON_SQL": "one_account_of_a_kind",
    "storage.ledger.HOLD_SQL": "one_account_of_a_kind",
    "storage.ledger.TAKE_SQL": "one_account_of_a_kind",
    "storage.pools.HOLD_OF_POOL_SQL": "one_pool_account_of_a_kind",
    "storage.credit_requests.OPEN_SQL": "one_open_request_per_person",
    "storage.roster.DROP_ROLES_SQL": "roles_of_person",
    "storage.staff_acts.OLDER_SQL": "acts_of_guild",
    "storage.staff_acts.NEWER_SQL": "acts_of_guild",
    "storage.pools.USED_SQL": "one_pool_account_of_a_kind",
    "storage.pools.OPEN_POOLS_SQL": "pools_open",
    "storage.pools.POOL_BY_KEY_SQL": "one_pool_per_key",
    "storage.statement.STATEMENT_SQL": "one_job_per_hold",
}


def plan(tx, sql: str) -> list[str]:
    names = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    values = names or (1,) * sql.count("?")
    return [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_there_is_a_statement_to_every_step():
    assert len(STATEMENTS) > 25
    assert set(INDEXES) <= set(STATEMENTS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_scans_a_table(tx, name):
    tables = "accounts|transfers|jobs|job_events|guild_settings|pools|staff_acts"
    tables += "|people|people_roles|grant_drafts|credit_requests|models_off|allowed_channels|role_limits|blocked_people"
    # An index of unfinished business is short, so reading all of it is what it is for.
    scans = [
        step
        for step in plan(tx, STATEMENTS[name])
        if re.match(rf"SCAN ({tables})\b", step) and "jobs_undelivered" not in step
    ]
    assert scans == []


@pytest.mark.parametrize("name", INDEXES)
def test_statement_uses_the_index_made_for_it(tx, name):
    assert [step for step in plan(tx, STATEMENTS[name]) if re.search(rf"INDEX {INDEXES[name]}\b", step)]


@pytest.mark.parametrize("name", [name for name, sql in STATEMENTS.items() if "ORDER BY" in sql and "UNION" not in sql])
def test_ordered_statement_reads_its_index_in_order(tx, name):
    assert [step for step in plan(tx, STATEMENTS[name]) if "TEMP B-TREE" in step] == []
