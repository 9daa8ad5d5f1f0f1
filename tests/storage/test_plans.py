"""Hot statements stay flat as the history grows: each is answered from an index, none sorts or scans a table."""

import importlib
import pkgutil
import re

import pytest

import storage

NOT_HOT = {"audit", "backup", "erasure", "holdings", "restores", "schema"}
"""What is asked when a copy is made or taken back, when a person is shown or forgotten as a whole, or by hand."""

MODULES = [
    importlib.import_module(f"storage.{module.name}")
    for module in pkgutil.iter_modules(storage.__path__)
    if module.name not in NOT_HOT
]

STATEMENTS = {
    f"{module.__name__}.{name}": sql
    for module in MODULES
    for name, sql in vars(module).items()
    if name.endswith("_SQL")
}

SHORT = "jobs_undelivered|comparisons_open|withdrawals_to_do|challenges_untold|challenges_open|entries_to_post"
SHORT += "|sessions_open"
SHORT += "|forgettings_under_way|seals_of_pool|guilds_with_retention"
SHORT += "|cards_owed|jobs_awaiting_approval"
SHORT += r"|SCAN (class_states|loose_files|loose_messages|stale)$"
"""Indexes and tables of unfinished business, so that reading all of them is what they are for; states of classes."""

NO_TABLE = r"CONSTANT ROW|VIRTUAL TABLE|SCAN \(subquery-\d+\)$|SCAN (chain|old|still)$"
"""Values, lists that a statement was given, and what a statement has found by an index before."""

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
    "storage.comparisons.DUE_SQL": "comparisons_open",
    "storage.comparisons.OF_JOB_SQL": "one_comparison_per_job",
    "storage.proposals.FORGET_SQL": "proposals_by_age",
    "storage.proposals.WITHDRAW_SQL": "proposals_of_person",
    "storage.reports.KNOWN_SQL": "one_report_per_person",
    "storage.transfers.BY_KEY_SQL": "one_transfer_per_key",
    "storage.ledger.SETTLEMENT_SQL": "one_settlement_per_hold",
    "storage.ledger.REFUND_BY_HOLD_SQL": "one_refund_per_hold",
    "storage.allowance.PERSON_SQL": "one_account_of_a_kind",
    "storage.ledger.HOLD_SQL": "one_account_of_a_kind",
    "storage.drafts.BY_KEY_SQL": "one_draft_per_key",
    "storage.drafts.EXPIRED_SQL": "drafts_by_expiry",
    "storage.files.JOB_OF_CLIP_SQL": "jobs_by_clip",
    "storage.files.JOB_OF_STRIP_SQL": "jobs_by_strip",
    "storage.files.JOB_OF_STILL_SQL": "jobs_by_still",
    "storage.files.JOB_OF_END_STILL_SQL": "jobs_by_end_still",
    "storage.files.DRAFT_OF_STILL_SQL": "drafts_of_still",
    "storage.files.DRAFT_OF_END_STILL_SQL": "drafts_of_end_still",
    "storage.files.OFFER_OF_STILL_SQL": "proposals_by_still",
    "storage.files.CHALLENGE_OF_STILL_SQL": "challenges_by_still",
    "storage.files.CHALLENGE_OFFER_OF_STILL_SQL": "challenge_offers_by_still",
    "storage.exercises.DONE_SQL": "exercise_jobs_of_server",
    "storage.marks.EXAMPLE_SQL": "marks_on_board",
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
    "storage.tallies.ENDED_SQL": "jobs_ended",
    "storage.tallies.FIRST_ENDED_SQL": "jobs_ended",
    "storage.tallies.PURSES_SQL": "one_account_of_a_kind",
    "storage.tallies.CHALLENGES_SQL": "challenges_of_guild",
    "storage.album.OLDER_SQL": "jobs_of_person",
    "storage.album.NEWER_SQL": "jobs_of_person",
    "storage.album.OLDER_OF_MODEL_SQL": "jobs_of_person_by_model",
    "storage.album.NEWER_OF_MODEL_SQL": "jobs_of_person_by_model",
    "storage.album.OLDER_FAILED_SQL": "jobs_failed_of_person",
    "storage.album.NEWER_FAILED_SQL": "jobs_failed_of_person",
    "storage.keeping.PORTFOLIO_SQL": "jobs_with_clip_of_person",
    "storage.keeping.POSTS_SQL": "clip_posts_of_job",
    "storage.keeping.TO_WITHDRAW_SQL": "withdrawals_to_do",
    "storage.sessions.UNENDED_SQL": "one_running_session",
    "storage.sessions.OF_POOL_SQL": "one_session_per_pool",
    "storage.sessions.OF_GUILD_SQL": "sessions_of_guild",
    "storage.sessions.DUE_SQL": "sessions_due",
    "storage.sessions.NEXT_DUE_SQL": "sessions_due",
    "storage.sessions.LIVE_SQL": "sessions_open",
    "storage.sessions.DRAINED_SQL": "sessions_open",
    "storage.sessions.UNTOLD_SQL": "sessions_open",
    "storage.class_rules.PAUSES_SQL": "acts_of_guild",
    "storage.sessions.CLIPS_SQL": "jobs_of_pool",
    "storage.sessions.TAKEN_SQL": "jobs_of_pool",
    "storage.forgetting.OF_PERSON_SQL": "one_forgetting_of_a_person",
    "storage.forgetting.UNDER_WAY_SQL": "forgettings_under_way",
    "storage.retention.DUE_SQL": "jobs_by_age",
    "storage.retention.COUNT_SQL": "jobs_by_age",
    "storage.seals.REMOVE_OVER_SQL": "seals_by_end",
    "storage.approvals.WAITING_SQL": "jobs_awaiting_approval",
    "storage.staff_cards.OWED_SQL": "cards_owed",
    "storage.staff_cards.UNDECIDED_SQL": "jobs_awaiting_approval",
    "storage.staff_cards.TO_APPROVE_BY_SQL": "one_card_per_approval",
}


def plan(tx, sql: str) -> list[str]:
    names = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    values = names or (1,) * sql.count("?")
    return [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_there_is_a_statement_to_every_step():
    assert len(STATEMENTS) > 25
    assert set(INDEXES) <= set(STATEMENTS)


def scans(steps: list[str]) -> list[str]:
    """Steps that read all of something, under whatever name, that may be long."""
    return [step for step in steps if step.startswith("SCAN") and not re.search(f"{SHORT}|{NO_TABLE}", step)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_scans_a_table(tx, name):
    assert scans(plan(tx, STATEMENTS[name])) == []


def test_a_scan_is_noticed_under_another_name_too(tx):
    assert scans(plan(tx, "SELECT given.id FROM transfers AS given WHERE given.amount_credits = 3"))


@pytest.mark.parametrize("name", INDEXES)
def test_statement_uses_the_index_made_for_it(tx, name):
    assert [step for step in plan(tx, STATEMENTS[name]) if re.search(rf"INDEX {INDEXES[name]}\b", step)]


@pytest.mark.parametrize("name", [name for name, sql in STATEMENTS.items() if "ORDER BY" in sql and "UNION" not in sql])
def test_ordered_statement_reads_its_index_in_order(tx, name):
    assert [step for step in plan(tx, STATEMENTS[name]) if "TEMP B-TREE" in step] == []
