"""The history of a job is written by the schema, in the same statement, and cannot be changed."""

import pytest
from storage_samples import ordered, running, succeeded

from storage import jobs
from storage.history import history


def test_every_step_of_a_job_is_one_event(tx):
    job = succeeded(tx)
    jobs.begin_posting(tx, job.id, 5.0)
    jobs.posted(tx, job.id, 77, 6.0)
    steps = [(event.state, event.attempts, event.worker, event.delivery) for event in history(tx, job.id)]
    assert steps == [
        ("queued", 0, None, None),
        ("running", 1, "gpu-0", None),
        ("succeeded", 1, "gpu-0", "pending"),
        ("succeeded", 1, "gpu-0", "posting"),
        ("succeeded", 1, "gpu-0", "posted"),
    ]


def test_a_lost_attempt_leaves_its_cause(tx):
    job = running(tx)
    jobs.requeue(tx, job.id, 1, cause="signal 9")
    assert [("queued", "signal 9")] == [(event.state, event.cause) for event in history(tx, job.id)[-1:]]


def test_what_changes_no_state_is_no_event(tx):
    job = ordered(tx)
    jobs.set_status_message(tx, job.id, 5)
    assert 1 == len(history(tx, job.id))


def test_a_step_that_is_undone_leaves_no_event(tx):
    job = ordered(tx)
    tx.execute("BEGIN")
    jobs.claim(tx, job.id, worker="gpu-0", now=3.0)
    tx.execute("ROLLBACK")
    assert ["queued"] == [event.state for event in history(tx, job.id)]


@pytest.mark.parametrize("sql", ["UPDATE job_events SET state = 'failed'", "DELETE FROM job_events"])
def test_history_cannot_be_rewritten(tx, sql):
    ordered(tx)
    with pytest.raises(Exception, match="job_events_append_only"):
        tx.execute(sql)


def test_an_attempt_handed_back_does_not_count_and_its_owner_alone_can_do_it(tx):
    job = running(tx)
    assert not jobs.hand_back(tx, job.id, 2)
    assert jobs.hand_back(tx, job.id, 1)
    assert not jobs.hand_back(tx, job.id, 1)
    again = jobs.get(tx, job.id)
    assert (again.state, again.attempts, again.worker) == ("queued", 0, None)
