"""Approval, hiding and the cards of instructors, as the schema keeps them."""

import sqlite3

import pytest
from storage_samples import GUILD, OTHER, USER, WHO, running, succeeded

from storage import approvals, delivery, guilds, hidden_clips, jobs, keeping, ledger, marks, reports, staff_cards
from storage.marks import Mark

CLIP = {"clip": "a" * 64 + ".mp4", "clip_bytes": 5, "render_seconds": 1.0, "remarks": []}


def waiting(tx, key="one"):
    """A finished and charged job whose clip waits for approval."""
    job = running(tx, key)
    assert jobs.succeed(tx, job.id, job.attempts, **CLIP, needs_approval=True, now=4.5)
    ledger.capture(tx, job.hold_id, **WHO)
    return jobs.get(tx, job.id)


def posted(tx, key="one"):
    job = succeeded(tx, key)
    delivery.posted(tx, job.id, 1000 + job.id, 5.0)
    return jobs.get(tx, job.id)


def test_a_clip_that_waits_is_not_due_and_owes_one_card(tx):
    job = waiting(tx)
    card = staff_cards.to_approve_by(tx, job.id)

    assert ("waiting", "pending") == (job.approval, job.delivery)
    assert [] == jobs.undelivered(tx, 10)
    assert [card.id] == staff_cards.owed(tx, 10)
    assert [] == staff_cards.owed(tx, 10, without_guilds=[GUILD])
    assert 1 == approvals.waiting_count(tx, GUILD)


def test_an_approved_clip_is_due_from_then_on_and_decided_once(tx):
    job = waiting(tx)
    assert approvals.approve(tx, job.id, by=OTHER, now=6.0)
    assert not approvals.approve(tx, job.id, by=OTHER, now=7.0)
    assert not approvals.decline(tx, job.id, by=OTHER, reason="late", now=7.0)

    assert [job.id] == [due.id for due in jobs.undelivered(tx, 10)]
    assert (OTHER, 6.0, None) == ((one := approvals.decision(tx, job.id)).decided_by, one.decided_at, one.reason)
    assert [] == staff_cards.undecided(tx)


def test_a_declined_clip_is_out_of_sight_for_good_and_still_to_be_told_of(tx):
    job = waiting(tx)
    assert approvals.decline(tx, job.id, by=OTHER, reason="no", now=6.0)
    now = jobs.get(tx, job.id)

    assert ("declined", "hidden") == (now.approval, now.visibility)
    assert [job.id] == [due.id for due in jobs.undelivered(tx, 10)]
    assert not hidden_clips.unhide(tx, job.id)
    assert not keeping.set_visibility(tx, job.id, "hidden")
    with pytest.raises(sqlite3.IntegrityError, match="declined_is_kept_out"):
        keeping.set_visibility(tx, job.id, "shown")


def test_a_clip_that_waits_is_taken_back_with_a_refund_once_and_decided_by_nobody(tx):
    job = waiting(tx)
    card = staff_cards.to_approve_by(tx, job.id)
    assert 389 == ledger.balance(tx, GUILD, USER).available
    assert keeping.erase(tx, job, actor=str(USER), now=6.0)
    assert not keeping.erase(tx, job, actor=str(USER), now=7.0)
    now = jobs.get(tx, job.id)

    assert ("declined", "deleted", "abandoned") == (now.approval, now.visibility, now.delivery)
    assert (400, None) == (ledger.balance(tx, GUILD, USER).available, approvals.decision(tx, job.id))
    assert not approvals.approve(tx, job.id, by=OTHER, now=8.0)
    assert not staff_cards.begin(tx, card.id, 5)
    assert [] == ledger.audit(tx)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("delivery = 'posting'", "approval_comes_first"),
        ("delivery = 'posted', message_id = 7", "approval_comes_first"),
        ("delivery = 'abandoned', delivery_cause = 'gone'", "approval_comes_first"),
        ("approval = NULL", "approval_transition"),
        ("approval = 'perhaps'", "approval_transition|approval_state"),
        ("approval = 'declined'", "declined_is_kept_out"),
    ],
)
def test_nothing_reaches_anybody_before_its_approval(tx, change, rule):
    job = waiting(tx)
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        tx.execute(f"UPDATE jobs SET {change} WHERE id = ?", (job.id,))


@pytest.mark.parametrize("approval", ["waiting", "approved", "declined"])
def test_what_needed_no_approval_never_waits_for_one(tx, approval):
    job = posted(tx)
    with pytest.raises(sqlite3.IntegrityError, match="approval_transition"):
        tx.execute("UPDATE jobs SET approval = ?, visibility = 'hidden' WHERE id = ?", (approval, job.id))


def test_a_declined_clip_is_refunded_and_the_books_stay_clean(tx):
    job = waiting(tx)
    approvals.decline(tx, job.id, by=OTHER, reason="no", now=6.0)
    ledger.refund(tx, job.hold_id, **WHO)
    delivery.posted(tx, job.id, 77, 7.0)

    assert [] == ledger.audit(tx)
    assert keeping.erase(tx, jobs.get(tx, job.id), actor="test", now=8.0)


def test_hiding_remembers_how_the_clip_was_seen_before(tx):
    shown, private = posted(tx, "one"), posted(tx, "two")
    keeping.set_visibility(tx, private.id, "private")
    for job, before in ((shown, "shown"), (private, "private")):
        assert hidden_clips.hide(tx, job.id, "a reason")
        assert not hidden_clips.hide(tx, job.id, "another")
        assert ("hidden", "a reason") == (jobs.get(tx, job.id).visibility, hidden_clips.reason(tx, job.id))
        assert hidden_clips.unhide(tx, job.id)
        assert not hidden_clips.unhide(tx, job.id)
        assert (before, None) == (jobs.get(tx, job.id).visibility, hidden_clips.reason(tx, job.id))


def test_a_clip_that_was_deleted_is_neither_hidden_nor_shown_again(tx):
    job, other = posted(tx, "one"), posted(tx, "two")
    hidden_clips.hide(tx, job.id, "a reason")
    for one in (job, other):
        keeping.erase(tx, jobs.get(tx, one.id), actor="test", now=6.0)

    assert not hidden_clips.unhide(tx, job.id)
    assert not hidden_clips.hide(tx, other.id, "a reason")


def test_a_hidden_clip_is_no_example_on_the_board(tx):
    old, new = posted(tx, "old"), posted(tx, "new")
    for job in (old, new):
        marks.set_mark(tx, job.id, Mark("face", 0.5), now=6.0)
    assert new.id == marks.example(tx, GUILD, "face", "draft", {new.channel_id}).job_id
    hidden_clips.hide(tx, new.id, "a reason")

    assert old.id == marks.example(tx, GUILD, "face", "draft", {new.channel_id}).job_id


def test_a_report_owes_one_card_however_often_it_is_made(tx):
    job = posted(tx)
    about = {"job_id": job.id, "reporter_id": OTHER}
    assert reports.add(tx, **about, reason="first", now=6.0)
    assert not reports.add(tx, **about, reason="second", now=7.0)
    [card_id] = staff_cards.owed(tx, 10)
    card = staff_cards.get(tx, card_id)

    assert (job.id, OTHER, "first") == (card.job_id, card.reporter_id, card.reason)
    assert staff_cards.to_approve_by(tx, job.id) is None
    assert [] == staff_cards.undecided(tx)


def test_a_card_is_posted_once_and_owed_again_only_when_it_is_lost(tx):
    job = waiting(tx)
    [card_id] = staff_cards.owed(tx, 10)
    assert not staff_cards.posted(tx, card_id, 9)
    assert [True, False] == [staff_cards.begin(tx, card_id, channel) for channel in (5, 6)]
    assert [card_id] == staff_cards.owed(tx, 10)
    assert [True, False] == [staff_cards.posted(tx, card_id, message) for message in (9, 10)]
    assert [] == staff_cards.owed(tx, 10)
    assert (5, 9) == ((card := staff_cards.undecided(tx)[0]).channel_id, card.message_id)
    assert staff_cards.again(tx, card_id)
    assert [card_id] == staff_cards.owed(tx, 10)
    approvals.approve(tx, job.id, by=OTHER, now=6.0)
    staff_cards.drop(tx, card_id)

    assert ([], []) == (staff_cards.owed(tx, 10), staff_cards.undecided(tx))
    assert not staff_cards.again(tx, card_id)


def test_a_card_is_lost_only_with_its_own_message_and_while_its_clip_waits(tx):
    job = waiting(tx)
    [card_id] = staff_cards.owed(tx, 10)
    staff_cards.begin(tx, card_id, 5)
    staff_cards.posted(tx, card_id, 9)

    assert [False, True, False] == [staff_cards.lost(tx, card_id, message) for message in (8, 9, 9)]
    staff_cards.begin(tx, card_id, 5)
    staff_cards.posted(tx, card_id, 10)
    approvals.approve(tx, job.id, by=OTHER, now=6.0)
    assert not staff_cards.lost(tx, card_id, 10)


def test_the_setting_is_kept_beside_the_others(tx):
    guilds.set(tx, GUILD, guilds.GuildSettings(allowance_credits=7, approval_by=OTHER), updated_by=OTHER, now=1.0)

    assert guilds.GuildSettings(allowance_credits=7, approval_by=OTHER) == guilds.get(tx, GUILD)
