"""A class session in its table: begun, paid from in time only, ended once, summed up, told about once."""

from dataclasses import replace

import pytest
from storage_samples import GUILD, NOTHING_MADE, OTHER, USER, WHO, funded, in_session, new_job, sponsored

from storage import jobs, ledger, sessions, staff_acts
from storage.errors import KeyReused

TALLY = replace(
    NOTHING_MADE, made=2, demonstrations=1, people=2, cancelled=1, spent_credits=33, median_wait_seconds=12.5
)


def over(tx, session, now=50.0):
    assert sessions.end(tx, session.id, ended_by=OTHER, now=now)
    return sessions.get(tx, session.id)


def finish(tx, job):
    assert jobs.claim(tx, job.id, worker="gpu-0", now=5.0) is not None
    assert jobs.succeed(tx, job.id, 1, clip="c", clip_bytes=1, render_seconds=1.0, remarks=[], now=9.0)
    ledger.capture(tx, job.hold_id, **WHO)


def test_session_comes_back_as_it_was_started_and_a_replay_is_the_same_one(tx):
    session = in_session(tx, model_id="draft")
    assert (1.0, 100.0, "draft", 3, None, "pending") == (
        session.started_at,
        session.ends_at,
        session.model_id,
        session.clips_per_person,
        session.tally,
        session.board,
    )
    assert session == sessions.get(tx, session.id) == sessions.of_pool(tx, session.pool_id) == in_session(tx)
    with pytest.raises(KeyReused):
        in_session(tx, guild_id=OTHER)


def test_class_has_one_session_at_a_time_and_its_pool_is_of_its_own_kind(tx):
    in_session(tx)
    with pytest.raises(Exception, match=r"class_sessions\.guild_id"):
        in_session(tx, "second")
    with pytest.raises(Exception, match="session_matches_pool"):
        in_session(tx, "third", pool_id=funded(tx).id)


def test_session_runs_until_its_time_is_over_though_nobody_has_ended_it(tx):
    session = in_session(tx)
    assert session == sessions.running(tx, GUILD, 99.9)
    assert sessions.running(tx, GUILD, 100.0) is None
    assert session == sessions.unended(tx, GUILD)
    assert ([], [session]) == (sessions.due(tx, 99.9), sessions.due(tx, 100.0))
    assert 100.0 == sessions.next_due_at(tx)
    assert (OTHER, 100.0) == (over(tx, session, 250.0).ended_by, sessions.get(tx, session.id).ended_at)
    assert sessions.next_due_at(tx) is None


@pytest.mark.parametrize("ended", [True, False])
def test_no_job_is_paid_for_after_the_end(tx, ended):
    session = in_session(tx, ends_at=100.0 if ended else 2.5)
    hold_id = ledger.hold(
        tx, key="late", guild_id=GUILD, user_id=USER, amount_credits=11, pool_id=session.pool_id, **WHO
    )
    if ended:
        over(tx, session, 2.0)
    with pytest.raises(Exception, match="session_pays_in_time"):
        jobs.add(tx, new_job("late", pool_id=session.pool_id), hold_id=hold_id, now=2.5)


def test_clips_in_the_making_and_made_are_counted_and_those_given_back_are_not(tx):
    session = in_session(tx)
    made, refunded, cancelled = (sponsored(tx, session.pool_id, key) for key in ("made", "refunded", "cancelled"))
    sponsored(tx, session.pool_id, "waits")
    sponsored(tx, session.pool_id, "other", user_id=OTHER)
    for job in (made, refunded):
        finish(tx, job)
    ledger.refund(tx, refunded.hold_id, **WHO)
    jobs.cancel(tx, cancelled.id, now=5.0)
    ledger.release(tx, cancelled.hold_id, **WHO)

    assert (2, 1, 0) == tuple(sessions.taken(tx, session.pool_id, user) for user in (USER, OTHER, 8))
    found = sessions.clips(tx, session)
    assert [("succeeded", 2.5, False), ("succeeded", 2.5, True)] == sorted(
        (clip.state, clip.waited_seconds, clip.was_refunded) for clip in found if clip.state == "succeeded"
    )
    assert {("cancelled", None), ("queued", None)} == {
        (clip.state, clip.waited_seconds) for clip in found if clip.state != "succeeded"
    }


@pytest.mark.parametrize(
    ("acts", "waited"),
    [
        ([], 97.5),
        ([("pause", 0.0), ("pause", 1.0), ("resume", 10.0)], 90.0),
        ([("pause", 10.0), ("drain", 20.0), ("pause", 30.0), ("resume", 40.0), ("pause", 90.0)], 67.5),
        ([("pause", 0.0), ("resume", 1.0), ("drain", 10.0), ("resume", 20.0), ("pause", 200.0)], 97.5),
    ],
)
def test_the_wait_for_a_clip_leaves_out_the_time_in_which_its_class_was_paused(tx, acts, waited):
    session = in_session(tx)
    for number, (what, at) in enumerate(acts):
        for guild_id, was_refused in ((GUILD, False), (1, False), (GUILD, True)):
            shift = 0.0 if (guild_id, was_refused) == (GUILD, False) else 3.0
            about = {"guild_id": guild_id, "actor_id": OTHER, "what": what}
            new = staff_acts.NewAct(key=f"{number}{guild_id}{was_refused}", **about)
            staff_acts.write(tx, new, was_refused=was_refused, now=at + shift)
    job = sponsored(tx, session.pool_id)
    assert jobs.claim(tx, job.id, worker="gpu-0", now=100.0) is not None

    assert [waited] == [clip.waited_seconds for clip in sessions.clips(tx, session)]


def test_session_is_summed_up_once_when_its_last_clip_is_over(tx):
    session = in_session(tx)
    job = sponsored(tx, session.pool_id)
    assert not sessions.sum_up(tx, session.id, TALLY)
    over(tx, session)
    assert [] == sessions.drained(tx)
    finish(tx, job)
    assert [session.id] == [one.id for one in sessions.drained(tx)]
    assert sessions.sum_up(tx, session.id, TALLY)
    assert not sessions.sum_up(tx, session.id, NOTHING_MADE)
    assert TALLY == sessions.get(tx, session.id).tally
    assert [] == sessions.drained(tx)


def test_board_and_last_words_are_owed_until_they_are_posted_or_given_up(tx):
    session = in_session(tx)
    assert ([session.id], []) == ([one.id for one in sessions.untold(tx, 9)], sessions.live(tx))
    assert sessions.board_posted(tx, session.id, 77, "pinned")
    assert ([], [session.id]) == (sessions.untold(tx, 9), [one.id for one in sessions.live(tx)])
    over(tx, session)
    sessions.sum_up(tx, session.id, TALLY)
    assert ([session.id], []) == ([one.id for one in sessions.untold(tx, 9)], sessions.live(tx))
    assert sessions.closing_posted(tx, session.id, 78)
    assert [] == sessions.untold(tx, 9)
    assert not sessions.abandon_closing(tx, session.id)
    found = sessions.get(tx, session.id)
    assert (77, "pinned", 78, "posted") == (found.board_message_id, found.pin, found.closing_message_id, found.closing)


def test_what_was_promised_is_not_changed_and_nothing_is_deleted(tx):
    session = in_session(tx)
    for change in ("ends_at = 200", "clips_per_person = 9", "pool_id = 5", "started_by = 1"):
        with pytest.raises(Exception, match="session_keeps_its_promise"):
            tx.execute(f"UPDATE class_sessions SET {change}")
    with pytest.raises(Exception, match="session_keeps_its_promise"):
        tx.execute("DELETE FROM class_sessions")
    over(tx, session)
    with pytest.raises(Exception, match="session_keeps_its_promise"):
        tx.execute("UPDATE class_sessions SET ended_at = NULL, ended_by = NULL")
