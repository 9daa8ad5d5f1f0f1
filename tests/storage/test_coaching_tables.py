"""Drafts, persons' settings, exercises and marks."""

import sqlite3

import pytest
from storage_samples import GUILD, OTHER, USER, ordered, running, succeeded

from storage import drafts, exercises, files, jobs, keeping, marks, persons
from storage.drafts import Draft, NewDraft
from storage.marks import Mark, Tally

STILL, END = "a" * 64 + ".png", "b" * 64 + ".png"


def draft(tx: sqlite3.Connection, key: str = "1", expires_at: float = 100.0, still: str = STILL) -> Draft:
    recipe = {"prompt": "pan left", "still": still, "end_still": END}
    new = NewDraft(
        key=key,
        guild_id=GUILD,
        channel_id=5,
        user_id=USER,
        recipe=recipe,
        advice=("dark",),
        exercise="a",
        created_at=1.0,
        expires_at=expires_at,
    )
    return drafts.add(tx, new)


def test_a_replayed_interaction_finds_its_draft(tx):
    first = draft(tx)
    assert first == draft(tx, expires_at=200.0) == drafts.get(tx, first.id)
    assert (STILL, END) == first.stills


def test_a_number_of_a_draft_is_never_given_twice(tx):
    first = draft(tx, "1")
    assert drafts.remove(tx, first.id)
    assert not drafts.remove(tx, first.id)
    assert draft(tx, "2").id > first.id


def test_drafts_expire_oldest_first(tx):
    late, early, _ = draft(tx, "1", 20.0), draft(tx, "2", 10.0), draft(tx, "3", 30.0)
    assert [early.id, late.id] == [one.id for one in drafts.expired(tx, 20.0, 10)]
    assert [early.id] == [one.id for one in drafts.expired(tx, 20.0, 1)]


def test_a_still_is_needed_by_drafts_that_are_not_over_and_by_jobs(tx):
    one = draft(tx)
    assert files.is_needed(tx, STILL, now=50.0)
    assert files.is_needed(tx, END, now=50.0)
    assert not files.is_needed(tx, "c" * 64 + ".png", now=50.0)
    assert drafts.end(tx, one.id, now=50.0)
    assert not files.is_needed(tx, STILL, now=50.0)
    assert [one.id] == [over.id for over in drafts.expired(tx, 50.0, 10)]
    job = ordered(tx)
    for trigger in tx.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'jobs'").fetchall():
        tx.execute(f"DROP TRIGGER {trigger[0]}")
    tx.execute("UPDATE jobs SET recipe = ? WHERE id = ?", (f'{{"end_still": "{STILL}"}}', job.id))
    assert files.is_needed(tx, STILL, now=50.0)


def test_the_coach_is_shown_until_a_person_says_otherwise(tx):
    assert persons.shows_coach(tx, GUILD, USER)
    persons.set_shows_coach(tx, GUILD, USER, False, now=1.0)
    persons.set_shows_coach(tx, GUILD, USER, False, now=2.0)
    assert [False, True, True] == [persons.shows_coach(tx, *who) for who in ((GUILD, USER), (GUILD, OTHER), (1, USER))]
    persons.set_shows_coach(tx, GUILD, USER, True, now=3.0)
    assert persons.shows_coach(tx, GUILD, USER)


def test_exercises_are_done_each_in_its_own_way(tx):
    made = [succeeded(tx, str(number), now=float(number)) for number in range(1, 6)]
    failed = running(tx, "9")
    jobs.fail(tx, failed.id, 1, fault="internal", cause="", now=9.0)
    for job, exercise in ((made[0], "a"), (made[1], "b"), (failed, "b"), (made[3], "c")):
        exercises.note(tx, job.id, exercise)
        exercises.note(tx, job.id, "a")
    assert "b" == exercises.of_job(tx, made[1].id)
    assert exercises.of_job(tx, made[4].id) is None
    assert [(USER, "a", 1.0)] == [(one.user_id, one.exercise, one.at) for one in exercises.exercises_done(tx, GUILD)]

    exercises.note(tx, made[2].id, "b")
    marks.set_mark(tx, made[3].id, Mark("nothing", None), now=10.0)
    assert ["a", "b", "c"] == [one.exercise for one in exercises.exercises_done(tx, GUILD)]
    assert [] == exercises.exercises_done(tx, 1)


def test_marks_are_counted_as_they_come_change_and_go(tx):
    first, second = succeeded(tx, "1"), succeeded(tx, "2")
    for job, kind, at in ((first, "face", 1.0), (first, "face", 2.0), (first, "text", 0.5), (second, "face", 3.0)):
        marks.set_mark(tx, job.id, Mark(kind, at), now=1.0)
    assert [Mark("face", 2.0), Mark("text", 0.5)] == marks.of_job(tx, first.id)
    assert {("face", 2), ("text", 1)} == {(one.kind, one.marks) for one in marks.board(tx, GUILD)}

    marks.set_mark(tx, first.id, Mark("nothing", None), now=2.0)
    assert {("face", 1), ("nothing", 1)} == {(one.kind, one.marks) for one in marks.board(tx, GUILD)}
    marks.set_mark(tx, first.id, Mark("length", 4.0), now=3.0)
    assert marks.remove(tx, first.id, "length")
    assert not marks.remove(tx, first.id, "length")
    assert [Tally("face", "draft", 1)] == marks.board(tx, GUILD)


def test_only_a_finished_clip_is_marked_and_only_with_a_second(tx):
    waiting = ordered(tx)
    marks.set_mark(tx, waiting.id, Mark("face", 1.0), now=1.0)
    assert [] == marks.of_job(tx, waiting.id)
    made = succeeded(tx, "2")
    for mark in (Mark("face", None), Mark("nothing", 1.0), Mark("face", -1.0), Mark("boredom", 1.0)):
        with pytest.raises(sqlite3.IntegrityError):
            marks.set_mark(tx, made.id, mark, now=1.0)
    assert [] == marks.board(tx, GUILD)


def test_the_example_is_the_newest_posted_clip(tx):
    made = [succeeded(tx, str(number)) for number in range(3)]
    for job in made:
        marks.set_mark(tx, job.id, Mark("text", 1.5), now=1.0)
    assert marks.example(tx, GUILD, "text", "draft", {made[0].channel_id}) is None
    for job in made[:2]:
        jobs.posted(tx, job.id, 1000 + job.id, 9.0)
    example = marks.example(tx, GUILD, "text", "draft", {made[0].channel_id})
    assert example is not None
    assert marks.example(tx, GUILD, "text", "draft", {made[0].channel_id + 1}) is None
    assert (made[1].id, 1.5, 1000 + made[1].id) == (example.job_id, example.at_seconds, example.message_id)


@pytest.mark.parametrize("visibility", ["private", "hidden", "deleted"])
def test_a_clip_that_is_not_shown_is_no_example(tx, visibility):
    older, newer = succeeded(tx, "1"), succeeded(tx, "2")
    for job in (older, newer):
        marks.set_mark(tx, job.id, Mark("text", 1.5), now=1.0)
        jobs.posted(tx, job.id, 1000 + job.id, 9.0)
    keeping.set_visibility(tx, newer.id, visibility)
    example = marks.example(tx, GUILD, "text", "draft", {newer.channel_id})
    assert example is not None
    assert older.id == example.job_id
