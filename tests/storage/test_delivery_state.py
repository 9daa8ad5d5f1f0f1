"""Delivery: effect, then mark; found again after a restart; never made twice."""

import sqlite3

import pytest
from storage_samples import WHO, ordered, running, succeeded

from storage import jobs, ledger


def delivery(tx, job_id: int) -> tuple[str | None, int | None]:
    job = jobs.get(tx, job_id)
    return job.delivery, job.message_id


def test_finished_jobs_are_undelivered_whatever_their_outcome_oldest_first(tx):
    late, early = succeeded(tx, "late", now=9.0), succeeded(tx, "early", now=8.0)
    failed, cancelled = running(tx, "failed"), ordered(tx, "cancelled")
    jobs.fail(tx, failed.id, 1, fault="crashed", cause="", now=10.0)
    jobs.cancel(tx, cancelled.id, now=11.0)
    ordered(tx, "waiting")
    assert [job.id for job in jobs.undelivered(tx, 10)] == [early.id, late.id, failed.id, cancelled.id]
    assert [job.id for job in jobs.undelivered(tx, 1)] == [early.id]


def test_posting_begins_once_and_is_still_undelivered(tx):
    job = succeeded(tx)
    assert [jobs.begin_posting(tx, job.id, 5.0), jobs.begin_posting(tx, job.id, 6.0)] == [True, False]
    assert [(found.delivery, found.delivery_at) for found in jobs.undelivered(tx, 10)] == [("posting", 5.0)]


def test_posted_is_marked_and_found_no_more(tx):
    job = succeeded(tx)
    jobs.begin_posting(tx, job.id, 5.0)
    assert jobs.posted(tx, job.id, 2**63 - 1, 6.0)
    assert (delivery(tx, job.id), jobs.undelivered(tx, 10)) == (("posted", 2**63 - 1), [])


def test_mark_may_be_repeated_for_the_same_message_and_for_no_other(tx):
    job = succeeded(tx)
    jobs.begin_posting(tx, job.id, 5.0)
    jobs.posted(tx, job.id, 77, 6.0)
    before = jobs.get(tx, job.id)
    assert [jobs.posted(tx, job.id, 77, 7.0), jobs.posted(tx, job.id, 78, 7.0)] == [True, False]
    assert jobs.get(tx, job.id) == before


def test_clip_found_in_the_channel_is_marked_without_posting(tx):
    job = succeeded(tx)
    assert jobs.posted(tx, job.id, 77, 6.0)
    assert not jobs.begin_posting(tx, job.id, 7.0)


@pytest.mark.parametrize("begun", [False, True])
def test_abandoned_delivery_keeps_the_clip_and_says_why(tx, begun):
    job = succeeded(tx)
    if begun:
        jobs.begin_posting(tx, job.id, 5.0)
    assert jobs.abandon(tx, job.id, "channel deleted", 6.0)
    kept = jobs.get(tx, job.id)
    assert (kept.delivery, kept.delivery_cause, kept.delivery_at, kept.clip) == (
        "abandoned",
        "channel deleted",
        6.0,
        job.clip,
    )
    assert jobs.undelivered(tx, 10) == []


def test_delivery_that_is_over_stays_so(tx):
    gone, told = succeeded(tx, "gone"), succeeded(tx, "told")
    jobs.abandon(tx, gone.id, "channel deleted", 6.0)
    jobs.posted(tx, told.id, 77, 6.0)
    assert not jobs.posted(tx, gone.id, 78, 7.0)
    assert not jobs.abandon(tx, told.id, "late", 7.0)
    with pytest.raises(sqlite3.IntegrityError, match="delivery_transition"):
        tx.execute("UPDATE jobs SET delivery = 'pending', message_id = NULL WHERE id = ?", (told.id,))


def test_begun_posting_cannot_be_forgotten(tx):
    job = succeeded(tx)
    jobs.begin_posting(tx, job.id, 5.0)
    with pytest.raises(sqlite3.IntegrityError, match="delivery_transition"):
        tx.execute("UPDATE jobs SET delivery = 'pending'")


@pytest.mark.parametrize("begin", [ordered, running])
def test_unfinished_job_has_nothing_to_deliver(tx, begin):
    job = begin(tx)
    assert not jobs.begin_posting(tx, job.id, 5.0)
    assert not jobs.posted(tx, job.id, 77, 5.0)
    assert not jobs.abandon(tx, job.id, "no", 5.0)
    assert delivery(tx, job.id) == (None, None)


def test_clip_that_can_never_be_fetched_is_refunded_without_changing_the_job(tx):
    job = succeeded(tx)
    jobs.abandon(tx, job.id, "channel deleted", 6.0)
    ledger.refund(tx, job.hold_id, **WHO)
    assert ledger.audit(tx) == []
