"""Chains, comparisons with their votes, offers and reports, as the schema keeps them."""

import sqlite3

import pytest
from storage_samples import GUILD, OTHER, USER, ordered, running, succeeded

from storage import comparisons, jobs, lineage, proposals, reports
from storage.comparisons import NewComparison
from storage.proposals import KEPT_SECONDS, ProposalRow

NEW = NewComparison(
    guild_id=GUILD, channel_id=3, user_id=USER, locale="en-US", size_limit_bytes=1_000_000, varied="prompts"
)


def told(tx: sqlite3.Connection, key: str) -> int:
    job = succeeded(tx, key)
    assert jobs.posted(tx, job.id, 1000 + job.id, 9.0)
    return job.id


def test_a_chain_counts_its_parts_and_is_read_from_the_first(tx: sqlite3.Connection) -> None:
    first, second, third, other = [ordered(tx, key).id for key in "abcd"]
    lineage.add(tx, second, first)
    lineage.add(tx, third, second)
    lineage.add(tx, other, first)

    assert [None, (first, 2), (second, 3), (first, 2)] == [
        lineage.parent(tx, one) for one in (first, second, third, other)
    ]
    assert [first, second, third] == [job.id for job in lineage.chain(tx, third)]
    assert [first] == [job.id for job in lineage.chain(tx, first)]


def test_a_clip_cannot_continue_a_later_one(tx: sqlite3.Connection) -> None:
    first, second = ordered(tx, "a").id, ordered(tx, "b").id
    with pytest.raises(sqlite3.IntegrityError, match="lineage_goes_back"):
        lineage.add(tx, first, second)


def test_a_comparison_is_due_once_every_clip_is_told_of(tx: sqlite3.Connection) -> None:
    done, late = told(tx, "a"), running(tx, "b")
    comparison = comparisons.add(tx, NEW, [done, late.id], now=2.0)
    assert [] == comparisons.due(tx, 10)
    assert jobs.fail(tx, late.id, late.attempts, fault="internal", cause="x", now=5.0)
    assert [] == comparisons.due(tx, 10)
    assert jobs.posted(tx, late.id, 77, 6.0)

    assert [comparison] == comparisons.due(tx, 10)
    assert [done, late.id] == [job.id for job in comparisons.members(tx, comparison)]
    assert (comparison, 1) == comparisons.of_job(tx, late.id)


def test_the_last_message_is_noted_once_and_nothing_is_due_then(tx: sqlite3.Connection) -> None:
    comparison = comparisons.add(tx, NEW, [told(tx, "a"), told(tx, "b")], now=2.0)

    assert [True, False] == [comparisons.begin_posting(tx, comparison) for _ in range(2)]
    assert [comparison] == comparisons.due(tx, 10)
    assert [True, False] == [comparisons.posted(tx, comparison, 5) for _ in range(2)]
    assert not comparisons.abandon(tx, comparison, "too late")
    assert [] == comparisons.due(tx, 10)
    with pytest.raises(sqlite3.IntegrityError, match="comparison_transition"):
        tx.execute("UPDATE comparisons SET delivery = 'pending', message_id = NULL")


def test_a_clip_belongs_to_one_comparison(tx: sqlite3.Connection) -> None:
    one, other = told(tx, "a"), told(tx, "b")
    comparisons.add(tx, NEW, [one, other], now=2.0)
    with pytest.raises(sqlite3.IntegrityError, match=r"comparison_members\.job_id"):
        comparisons.add(tx, NEW, [other], now=3.0)


def test_a_second_vote_takes_the_first_ones_place(tx: sqlite3.Connection) -> None:
    comparison = comparisons.add(tx, NEW, [told(tx, "a"), told(tx, "b")], now=2.0)
    for user, position in ((USER, 0), (OTHER, 0), (USER, 1)):
        comparisons.vote(tx, comparison, user, position, now=4.0)

    assert {0: 1, 1: 1} == comparisons.tally(tx, comparison)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        comparisons.vote(tx, comparison, USER, 2, now=5.0)


def test_offers_are_kept_for_a_week_and_name_the_pictures_they_give_up(tx: sqlite3.Connection) -> None:
    row = ProposalRow(id=5, guild_id=GUILD, user_id=USER, recipes=[{"seed": 1}], price_credits=11, still="a" * 64)
    proposals.add(tx, row, now=0.0)
    proposals.add(tx, row, now=50.0)

    assert row == proposals.get(tx, 5)
    assert [] == proposals.forget(tx, now=KEPT_SECONDS)
    assert ["a" * 64] == proposals.forget(tx, now=KEPT_SECONDS + 1)
    assert proposals.get(tx, 5) is None


def test_all_offers_to_a_person_are_withdrawn_together(tx: sqlite3.Connection) -> None:
    for number, user in ((1, USER), (2, USER), (3, OTHER)):
        row = ProposalRow(id=number, guild_id=GUILD, user_id=user, recipes=[{}], price_credits=1)
        proposals.add(tx, row, now=0.0)
    proposals.withdraw(tx, GUILD, USER)

    assert [False, False, True] == [proposals.get(tx, number) is not None for number in (1, 2, 3)]


def test_a_person_reports_a_clip_once(tx: sqlite3.Connection) -> None:
    job = told(tx, "a")
    given = [reports.add(tx, job_id=job, reporter_id=who, reason="bad", now=1.0) for who in (USER, USER, OTHER)]

    assert [True, False, True] == given
    assert [True, False] == [reports.is_known(tx, job, who) for who in (OTHER, 99)]
