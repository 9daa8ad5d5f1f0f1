"""What erasing a job removes, what it leaves, and that nothing else may change."""

import sqlite3

import pytest
from storage_samples import GUILD, USER, held, new_job, running, seen, succeeded

from storage import album, delivery, files, jobs, keeping
from storage.album import Filter
from storage.errors import HistoryIsFixed, broken_rule

STILL = "b" * 64 + ".png"


def delivered(tx, key="one"):
    job = succeeded(tx, key)
    delivery.posted(tx, job.id, 1000 + job.id, 5.0)
    return jobs.get(tx, job.id)


def with_still(tx, key, still=STILL):
    seen(tx)
    recipe = {"prompt": "a secret", "negative_prompt": "blur", "seed": 7, "still": still, "end_still": None}
    return jobs.add(tx, new_job(key, recipe=recipe), hold_id=held(tx, key=key), now=1.0)


def ended(tx, job):
    jobs.cancel(tx, job.id, now=2.0)
    delivery.abandon(tx, job.id, "test", 3.0)


def test_erasing_takes_the_words_and_pictures_and_leaves_everything_else(tx):
    job = with_still(tx, "one")
    ended(tx, job)
    assert keeping.erase(tx, jobs.get(tx, job.id), actor="test", now=4.0)
    erased = jobs.get(tx, job.id)

    assert {"prompt": "", "negative_prompt": "", "seed": 7, "still": None, "end_still": None} == erased.recipe
    assert ("deleted", 11, job.hold_id) == (erased.visibility, erased.price_credits, erased.hold_id)
    [left] = keeping.to_withdraw(tx, 10)
    assert (job.id, (STILL,), False, False) == (left.job_id, left.files, left.messages_gone, left.files_gone)
    assert not keeping.erase(tx, erased, actor="test", now=5.0)


@pytest.mark.parametrize("place", [running, succeeded])
def test_what_is_not_over_or_still_on_its_way_cannot_be_erased(tx, place):
    job = place(tx)

    assert not keeping.erase(tx, job, actor="test", now=4.0)
    assert jobs.get(tx, job.id).recipe == job.recipe
    assert keeping.to_withdraw(tx, 10) == []


@pytest.mark.parametrize(
    "change",
    [
        "recipe = json_replace(recipe, '$.prompt', '')",
        "recipe = json_replace(recipe, '$.seed', 8), visibility = 'deleted'",
        "recipe = '{}', visibility = 'deleted'",
        "recipe = json_replace(recipe, '$.prompt', 'other'), visibility = 'deleted'",
    ],
)
def test_the_recipe_changes_in_no_other_way(tx, change):
    job = delivered(tx)
    with pytest.raises(sqlite3.IntegrityError) as caught:
        tx.execute(f"UPDATE jobs SET {change} WHERE id = ?", (job.id,))
    assert isinstance(broken_rule(caught.value), HistoryIsFixed)


def test_deleted_stays_deleted(tx):
    job = delivered(tx)
    keeping.erase(tx, job, actor="test", now=4.0)

    assert not keeping.set_visibility(tx, job.id, "shown")
    with pytest.raises(sqlite3.IntegrityError, match="deleted_stays_deleted"):
        tx.execute("UPDATE jobs SET visibility = 'shown' WHERE id = ?", (job.id,))


def test_a_file_is_used_until_every_job_that_names_it_is_erased(tx):
    first, second = with_still(tx, "one"), with_still(tx, "two")
    for job in (first, second):
        assert files.is_needed(tx, STILL, now=1.0)
        ended(tx, job)
        keeping.erase(tx, jobs.get(tx, job.id), actor="test", now=4.0)

    assert not files.is_needed(tx, STILL, now=1.0)


def test_the_clip_of_an_erased_job_is_not_used_any_more(tx):
    job = delivered(tx)
    assert files.is_needed(tx, job.clip, now=1.0)
    assert keeping.set_strip(tx, job.id, "c" * 64 + ".jpg")
    keeping.erase(tx, jobs.get(tx, job.id), actor="test", now=4.0)

    assert not files.is_needed(tx, job.clip, now=1.0)
    assert not keeping.set_strip(tx, job.id, "c" * 64 + ".jpg")
    assert (job.clip, "c" * 64 + ".jpg") == keeping.to_withdraw(tx, 10)[0].files
    assert [] == keeping.portfolio(tx, GUILD, USER)


def test_a_withdrawal_is_over_when_both_its_parts_are_done_and_can_be_renewed(tx):
    job = delivered(tx)
    keeping.note_post(tx, job.id, 1, 2)
    keeping.note_post(tx, job.id, 1, 2)
    assert [(1, 2)] == keeping.posts(tx, job.id)
    keeping.withdraw(tx, job.id, [], actor="test", now=1.0)
    [withdrawal] = keeping.to_withdraw(tx, 10)
    assert keeping.messages_gone(tx, withdrawal, 2.0)
    assert 1 == len(keeping.to_withdraw(tx, 10))
    assert keeping.files_gone(tx, withdrawal, 3.0)

    assert ([], []) == (keeping.to_withdraw(tx, 10), keeping.posts(tx, job.id))
    keeping.withdraw(tx, job.id, [], actor="test", now=4.0)
    assert 1 == len(keeping.to_withdraw(tx, 10))


def test_what_is_decided_while_a_withdrawal_is_carried_out_is_done_too(tx):
    job = delivered(tx)
    keeping.withdraw(tx, job.id, [], actor="test", now=1.0)
    [private] = keeping.to_withdraw(tx, 10)
    keeping.erase(tx, jobs.get(tx, job.id), actor="test", now=1.0)
    assert not keeping.files_gone(tx, private, 2.0)
    [deleted] = keeping.to_withdraw(tx, 10)
    assert ((job.clip,), False) == (deleted.files[:1], deleted.files_gone)
    assert keeping.files_gone(tx, deleted, 3.0)
    assert keeping.messages_gone(tx, deleted, 3.0)

    keeping.note_post(tx, job.id, 1, 2)
    keeping.withdraw_messages(tx, job.id, actor="test", now=4.0)
    assert not keeping.messages_gone(tx, deleted, 5.0)
    assert [(1, 2)] == keeping.posts(tx, job.id)
    [shown_late] = keeping.to_withdraw(tx, 10)
    assert (deleted.files, True, False) == (shown_late.files, shown_late.files_gone, shown_late.messages_gone)


def test_pages_by_key_meet_without_gap_or_repetition(tx):
    ids = [delivered(tx, f"job {number}").id for number in range(12)]
    mine = Filter(GUILD, USER)

    assert ids[:-6:-1] == [job.id for job in album.older(tx, mine, 2**63 - 1, 5)]
    assert ids[-6:-11:-1] == [job.id for job in album.older(tx, mine, ids[-5], 5)]
    assert ids[:-6:-1] == [job.id for job in album.newer(tx, mine, ids[-6], 5)]
    assert [] == album.older(tx, Filter(GUILD, USER, "other"), 2**63 - 1, 5)
    assert [] == album.older(tx, Filter(GUILD, USER, "draft", only_failed=True), 2**63 - 1, 5)
