"""A job's life: placed once, claimed once, finished by its rightful owner only."""

import asyncio
import sqlite3
from dataclasses import asdict, replace

import pytest
from storage_samples import GUILD, OTHER, USER, WHO, held, new_job, ordered, running, seen, succeeded

from storage import errors, jobs, ledger

CLIP = {"clip": "a" * 64 + ".mp4", "clip_bytes": 5, "render_seconds": 1.25, "remarks": [["camera", {"move": "pan"}]]}


def state(tx, job_id: int) -> tuple[str, int]:
    job = jobs.get(tx, job_id)
    return job.state, job.attempts


def lost_again(tx, job: jobs.Job) -> jobs.Job:
    """The job in its next attempt, the one before having been lost."""
    assert jobs.requeue(tx, job.id, job.attempts, cause="worker died")
    return jobs.claim(tx, job.id, worker="gpu-1", now=5.5)


def test_job_is_kept_as_it_was_ordered(tx):
    seen(tx)
    new, hold_id = new_job(interaction_id=2**63 - 1), held(tx)
    job = jobs.add(tx, new, hold_id=hold_id, now=2.0)
    assert asdict(new).items() <= asdict(job).items()
    assert (job.state, job.attempts, job.hold_id, job.created_at, job.delivery) == ("queued", 0, hold_id, 2.0, None)
    assert job == jobs.get(tx, job.id) == jobs.by_key(tx, "one")
    assert {type(job.created_at), type(jobs.get(tx, job.id).created_at)} == {float}


def test_unknown_job_is_none(tx):
    assert (jobs.get(tx, 1), jobs.by_key(tx, "one"), jobs.claim(tx, 1, worker="w", now=1.0)) == (None, None, None)


def test_replayed_key_returns_the_job_as_it_is_now(tx):
    job = running(tx)
    assert jobs.add(tx, new_job(), hold_id=job.hold_id, now=9.0) == job
    assert tx.execute("SELECT count(*) FROM jobs").fetchone() == (1,)


def test_key_of_another_order_is_refused(tx):
    job = ordered(tx)
    ordered(tx, "two", OTHER)
    with pytest.raises(errors.KeyReused):
        jobs.add(tx, new_job(user_id=OTHER), hold_id=job.hold_id, now=9.0)


@pytest.mark.parametrize("wrong", [{"price_credits": 12}, {"user_id": OTHER}, {"guild_id": 1}])
def test_job_must_be_paid_by_its_persons_hold_of_its_price(tx, wrong):
    seen(tx)
    with pytest.raises(sqlite3.IntegrityError, match="job_matches_hold"):
        jobs.add(tx, replace(new_job(), **wrong), hold_id=held(tx), now=1.0)


def test_hold_pays_for_one_job_only(tx):
    job = ordered(tx)
    with pytest.raises(sqlite3.IntegrityError, match=r"jobs\.hold_id"):
        jobs.add(tx, new_job("two"), hold_id=job.hold_id, now=1.0)


def test_second_job_of_a_key_is_refused_by_the_schema_itself(tx):
    job = ordered(tx)
    other = ordered(tx, "two")
    ledger.release(tx, other.hold_id, **WHO)
    hold_id = held(tx, key="three")
    with pytest.raises(sqlite3.IntegrityError, match=r"jobs\.key"):
        tx.execute(jobs.ADD_SQL, {**asdict(new_job(job.key)), "recipe": "{}", "hold_id": hold_id, "now": 1.0})


def test_recipe_that_json_cannot_say_is_refused(tx):
    seen(tx)
    with pytest.raises(ValueError, match="JSON"):
        jobs.add(tx, new_job(recipe={"fps": float("nan")}), hold_id=held(tx), now=1.0)


def test_claim_starts_the_next_attempt(tx):
    job = jobs.claim(tx, ordered(tx).id, worker="gpu-0", now=3.0)
    assert (job.state, job.attempts, job.worker, job.started_at) == ("running", 1, "gpu-0", 3.0)
    assert job == jobs.get(tx, job.id)


async def test_one_of_many_claims_at_once_gets_the_job(database):
    job = await database.write(ordered)
    claims = [database.write(lambda tx, n=n: jobs.claim(tx, job.id, worker=f"gpu-{n}", now=3.0)) for n in range(20)]
    won = [claimed for claimed in await asyncio.gather(*claims) if claimed is not None]
    assert [claimed.attempts for claimed in won] == [1]


def test_success_keeps_the_clip_and_leaves_the_delivery_pending(tx):
    job = running(tx)
    assert jobs.succeed(tx, job.id, 1, **CLIP, now=4.0)
    done = jobs.get(tx, job.id)
    assert CLIP.items() <= asdict(done).items()
    assert (done.state, done.finished_at, done.delivery, done.delivery_at) == ("succeeded", 4.0, "pending", 4.0)


@pytest.mark.parametrize("empty", [{"clip": ""}, {"clip_bytes": 0}])
def test_success_without_content_is_refused(tx, empty):
    job = running(tx)
    with pytest.raises(sqlite3.IntegrityError, match="clip_is_not_empty"):
        jobs.succeed(tx, job.id, 1, **{**CLIP, **empty}, now=4.0)
    assert jobs.get(tx, job.id) == job


def test_failure_keeps_fault_and_cause_and_leaves_the_delivery_pending(tx):
    job = running(tx)
    assert jobs.fail(tx, job.id, 1, fault="out_of_memory", cause="CUDA", now=4.0)
    done = jobs.get(tx, job.id)
    assert (done.state, done.fault, done.cause, done.delivery) == ("failed", "out_of_memory", "CUDA", "pending")


@pytest.mark.parametrize("begin", [ordered, running])
def test_unfinished_job_can_be_cancelled_and_its_person_is_to_be_told(tx, begin):
    job = begin(tx)
    assert jobs.cancel(tx, job.id, now=4.0)
    done = jobs.get(tx, job.id)
    assert (done.state, done.finished_at, done.delivery) == ("cancelled", 4.0, "pending")


def test_attempt_that_lost_its_job_changes_nothing(tx):
    first = running(tx)
    second = lost_again(tx, first)
    before = jobs.get(tx, first.id)
    assert not jobs.succeed(tx, first.id, first.attempts, **CLIP, now=6.0)
    assert not jobs.fail(tx, first.id, first.attempts, fault="crashed", cause="", now=6.0)
    assert not jobs.requeue(tx, first.id, first.attempts, cause="late")
    assert jobs.get(tx, first.id) == before
    assert jobs.succeed(tx, second.id, second.attempts, **CLIP, now=6.0)


def test_queued_job_is_nobodys_to_finish(tx):
    job = running(tx)
    jobs.requeue(tx, job.id, 1, cause="worker died")
    assert not jobs.succeed(tx, job.id, 1, **CLIP, now=6.0)
    assert not jobs.fail(tx, job.id, 1, fault="crashed", cause="", now=6.0)


@pytest.mark.parametrize("end", ["succeed", "fail", "cancel"])
def test_finished_job_stays_as_it_ended(tx, end):
    job = running(tx)
    ends = {
        "succeed": lambda: jobs.succeed(tx, job.id, 1, **CLIP, now=6.0),
        "fail": lambda: jobs.fail(tx, job.id, 1, fault="crashed", cause="", now=6.0),
        "cancel": lambda: jobs.cancel(tx, job.id, now=6.0),
    }
    assert ends[end]()
    before = jobs.get(tx, job.id)
    assert [again() for again in ends.values()] == [False, False, False]
    assert not jobs.requeue(tx, job.id, 1, cause="")
    assert jobs.claim(tx, job.id, worker="w", now=7.0) is None
    assert jobs.get(tx, job.id) == before


def test_requeued_job_is_unclaimed_and_remembers_why(tx):
    job = running(tx)
    assert jobs.requeue(tx, job.id, 1, cause="worker died")
    again = jobs.get(tx, job.id)
    assert (again.state, again.worker, again.started_at, again.cause, again.attempts) == (
        "queued",
        None,
        None,
        "worker died",
        1,
    )


def test_requeued_job_keeps_its_place(tx):
    first, second = ordered(tx, "one"), ordered(tx, "two")
    jobs.claim(tx, first.id, worker="w", now=3.0)
    jobs.requeue(tx, first.id, 1, cause="worker died")
    assert [waiting.job_id for waiting in jobs.waiting(tx)] == [first.id, second.id]


def test_last_attempt_cannot_be_requeued_but_can_fail(tx):
    job = running(tx)
    for _ in range(jobs.MAX_ATTEMPTS - 1):
        job = lost_again(tx, job)
    with pytest.raises(errors.AttemptsExhausted) as caught:
        jobs.requeue(tx, job.id, job.attempts, cause="worker died")
    assert (caught.value.job_id, state(tx, job.id)) == (job.id, ("running", jobs.MAX_ATTEMPTS))
    assert jobs.fail(tx, job.id, job.attempts, fault="crashed", cause="", now=9.0)


def test_waiting_rows_are_light_and_in_order(tx):
    first, second = ordered(tx, "one"), ordered(tx, "two", OTHER)
    running(tx, "three")
    assert jobs.waiting(tx) == [
        jobs.Waiting(job.id, GUILD, job.user_id, "draft", 2.5, 11, "class", job.recipe) for job in (first, second)
    ]


def test_interrupted_jobs_are_those_marked_as_running(tx):
    ordered(tx, "one")
    job = running(tx, "two")
    succeeded(tx, "three")
    assert jobs.interrupted(tx) == [job]


def test_outstanding_are_the_persons_unfinished_jobs(tx):
    mine = [ordered(tx, "one"), running(tx, "two")]
    succeeded(tx, "three")
    ordered(tx, "four", OTHER)
    assert jobs.outstanding(tx, GUILD, USER) == mine


def test_outstanding_jobs_are_counted_of_one_person(tx):
    ordered(tx, "one")
    running(tx, "two")
    succeeded(tx, "three")
    ordered(tx, "four", OTHER)
    assert [jobs.outstanding_count(tx, GUILD, user) for user in (USER, OTHER, 0)] == [2, 1, 0]


def test_what_ran_is_read_newest_first_and_only_so_far_back(tx):
    first, second = (succeeded(tx, key, now=at) for key, at in (("one", 5.0), ("two", 6.0)))
    never_begun = ordered(tx, "three")
    jobs.cancel(tx, never_begun.id, now=9.0)
    running(tx, "four")
    assert [ran.finished_at for ran in jobs.ran(tx, 10)] == [second.finished_at, first.finished_at]
    assert [ran.finished_at for ran in jobs.ran(tx, 1)] == [second.finished_at]


def test_recent_are_the_persons_last_jobs_newest_first(tx):
    ids = [ordered(tx, str(number)).id for number in range(7)]
    ordered(tx, "theirs", OTHER)
    assert [job.id for job in jobs.recent(tx, GUILD, USER, 4)] == ids[:2:-1]


def test_status_message_is_remembered(tx):
    job = ordered(tx)
    jobs.set_status_message(tx, job.id, 2**63 - 1)
    assert jobs.get(tx, job.id).status_message_id == 2**63 - 1


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("state = 'running'", "running_is_claimed"),
        ("state = 'succeeded', finished_at = 1.0, delivery = 'pending', delivery_at = 1.0", "job_transition"),
        ("state = 'failed', finished_at = 1.0, delivery = 'pending', delivery_at = 1.0", "failed_has_fault"),
        ("state = 'cancelled', delivery = 'pending', delivery_at = 1.0", "finished_has_time"),
        ("state = 'cancelled', finished_at = 1.0", "delivery_after_finish"),
        ("state = 'paused'", "job_transition"),
        ("worker = 'gpu-0'", "queued_is_unclaimed"),
        ("attempts = 4", "job_attempts"),
        ("clip = 'a.mp4'", "succeeded_has_clip"),
        ("delivery = 'pending', delivery_at = 1.0", "delivery_after_finish"),
        ("message_id = 5", "posted_has_message"),
        ("price_credits = 1", "job_keeps_its_order"),
        ("recipe = '{}'", "job_keeps_its_order"),
        ("remarks = '{}'", "job_remarks"),
        ("delivery_cause = 'gone'", "abandoned_has_cause"),
        ("delivery_at = 1.0", "delivery_has_time"),
        ("size_limit_bytes = 0", "job_size_limit"),
        ("lane = 'demo'", "job_keeps_its_order"),
        ("load_seconds = 1.0", "load_is_measured"),
    ],
)
def test_state_and_columns_are_tied_by_the_schema(tx, change, rule):
    job = ordered(tx)
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        tx.execute(f"UPDATE jobs SET {change} WHERE id = {job.id}")
    assert jobs.get(tx, job.id) == job


def test_job_cannot_be_deleted_or_begin_elsewhere_than_in_the_queue(tx):
    job = ordered(tx)
    with pytest.raises(sqlite3.IntegrityError, match="jobs_are_not_deleted"):
        tx.execute("DELETE FROM jobs")
    with pytest.raises(sqlite3.IntegrityError, match="job_begins_queued"):
        tx.execute(
            """INSERT INTO jobs (key, hold_id, guild_id, channel_id, user_id, locale, model_id, recipe, price_credits,
            size_limit_bytes, created_at, attempts) SELECT 'k', hold_id, guild_id, channel_id, user_id, locale,
            model_id, recipe, price_credits, size_limit_bytes, 1.0, 2 FROM jobs"""
        )
    assert jobs.get(tx, job.id) == job


async def test_money_and_job_change_together_or_not_at_all(database):
    job = await database.write(running)

    def finish_then_break(tx):
        assert jobs.succeed(tx, job.id, 1, **CLIP, now=4.0)
        ledger.capture(tx, job.hold_id, **WHO)
        raise OSError

    with pytest.raises(OSError):
        await database.write(finish_then_break)
    assert await database.read(lambda tx: (jobs.get(tx, job.id), ledger.balance(tx, GUILD, USER))) == (
        job,
        ledger.Balance(389, 11),
    )
