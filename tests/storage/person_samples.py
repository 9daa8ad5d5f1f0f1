"""A person of whom something stands in every table that can know people, for the tests of forgetting."""

import sqlite3
from typing import Any

from storage_samples import GUILD, OTHER, USER, WHO, funded, ordered, seen, sponsored

from storage import (
    challenge_offers,
    challenges,
    class_rules,
    comparisons,
    credit_requests,
    drafts,
    entries,
    exercises,
    grant_drafts,
    hidden_clips,
    jobs,
    keeping,
    ledger,
    marks,
    notices,
    persons,
    proposals,
    reports,
    roster,
    staff_acts,
    staff_cards,
)
from storage.challenges import Challenge, NewChallenge
from storage.jobs import Job

NAME, ROLE, SECRET = "Ada Lovelace", 4242, "a secret garden"
"""A name, a role, and words that are to be found nowhere afterwards."""

STAFF = 7777


def still(letter: str) -> str:
    return letter * 64 + ".png"


def finished(tx: sqlite3.Connection, job: Job, *, clip: str = "c", message_id: int = 1) -> Job:
    """The job with its clip delivered."""
    assert jobs.claim(tx, job.id, worker="gpu-0", now=3.5) is not None
    made: dict[str, Any] = {"clip": clip * 64 + ".mp4", "clip_bytes": 5, "render_seconds": 1.0, "remarks": []}
    assert jobs.succeed(tx, job.id, 1, **made, now=4.5)
    ledger.capture(tx, job.hold_id, **WHO)
    assert jobs.posted(tx, job.id, message_id, 4.5)
    found = jobs.get(tx, job.id)
    assert found is not None
    return found


def challenge(tx: sqlite3.Connection, key: str, pool_id: int | None = None) -> Challenge:
    about: dict[str, Any] = {"guild_id": GUILD, "channel_id": 5, "title": "T", "brief": "B", "opens_at": 0.0}
    about |= {"created_by": STAFF, "locale": "en-US", "size_limit_bytes": 9, "pool_id": pool_id, "closes_at": 100.0}
    return challenges.add(tx, NewChallenge(key=key, **about), now=0.0)


def act(
    tx: sqlite3.Connection, key: str, what: str, actor_id: int = STAFF, *, refused: bool = False, **more: Any
) -> None:
    new = staff_acts.NewAct(key=key, guild_id=GUILD, actor_id=actor_id, what=what, **more)
    staff_acts.write(tx, new, was_refused=refused, now=5.0)


def settle_in(tx: sqlite3.Connection) -> None:
    """USER has used everything there is in GUILD, and OTHER has been around too."""
    guild, user, recipe = GUILD, USER, {"prompt": SECRET, "still": still("d"), "end_still": still("e")}
    seen(tx)
    seen(tx, OTHER)
    roster.meet(tx, guild, user, name=NAME, role_ids=[ROLE], now=1.0)
    persons.set_shows_coach(tx, guild, user, False, now=1.0)
    notices.accept(tx, guild, user, 1, now=1.0)
    given = {"guild_id": guild, "user_id": user, "amount_credits": 5}
    ledger.grant(tx, key=f"draft:9:{user}", **given, reason="instructor", actor=str(user), now=1.5)
    order: dict[str, Any] = {"key": "draft", "guild_id": guild, "channel_id": 5, "user_id": user, "recipe": recipe}
    waiting = drafts.NewDraft(**order, advice=(), exercise=None, created_at=1.0, expires_at=9.0)
    drafts.add(tx, waiting)
    _made_things(tx, recipe)
    _asked_and_acted(tx)
    offered: dict[str, Any] = {"id": 11, "guild_id": guild, "user_id": user, "recipes": [recipe], "price_credits": 1}
    proposals.add(tx, proposals.ProposalRow(**offered, still=still("f")), now=1.0)


def _made_things(tx: sqlite3.Connection, recipe: dict[str, Any]) -> None:
    pool = funded(tx)
    open_one, ended = challenge(tx, "open", pool.id), challenge(tx, "ended")
    own = finished(tx, ordered(tx), message_id=21)
    paid = finished(tx, sponsored(tx, pool.id), clip="b", message_id=22)
    others = finished(tx, ordered(tx, "other", OTHER), clip="a", message_id=23)
    for job in (own, others):
        tx.execute("INSERT INTO exercise_jobs SELECT id, guild_id, user_id, 'a' FROM jobs WHERE id = ?", (job.id,))
        marks.set_mark(tx, job.id, marks.Mark("face", 0.1), now=5.0)
        keeping.note_post(tx, job.id, 5, 30 + job.id)
    reports.add(tx, job_id=others.id, reporter_id=USER, reason=SECRET, now=5.0)
    reports.add(tx, job_id=own.id, reporter_id=OTHER, reason=SECRET, now=5.0)
    new: dict[str, Any] = {"guild_id": GUILD, "channel_id": 5, "user_id": USER, "locale": "en-US"}
    for card_id in staff_cards.owed(tx, 9):
        assert staff_cards.begin(tx, card_id, 6)
        assert staff_cards.posted(tx, card_id, 60 + card_id)
    assert hidden_clips.hide(tx, paid.id, SECRET)
    compared = comparisons.add(
        tx, comparisons.NewComparison(**new, size_limit_bytes=9, varied="seeds"), [own.id, paid.id], now=5.0
    )
    assert comparisons.posted(tx, compared, 41)
    comparisons.vote(tx, compared, USER, 0, now=5.0)
    for number, (one, job) in enumerate([(open_one, paid), (open_one, others), (ended, own)]):
        about = {"challenge_id": one.id, "user_id": job.user_id, "job_id": job.id}
        entries.add(tx, **about, fingerprint=f"{number}", now=6.0)
    stranger = finished(tx, ordered(tx, "third", 8), clip="9", message_id=24)
    entered = entries.add(tx, challenge_id=ended.id, user_id=8, job_id=stranger.id, fingerprint="3", now=6.0)
    entries.vote(tx, challenge_id=ended.id, user_id=USER, entry_id=entered.id, now=7.0)
    entries.vote(tx, challenge_id=open_one.id, user_id=USER, entry_id=2, now=7.0)
    challenges.end(tx, ended.id, "closed", now=8.0)
    challenge_offers.keep(tx, key="offer", challenge_id=open_one.id, user_id=USER, recipe=recipe, now=7.0)
    exercises.note(tx, paid.id, "b")
    assert keeping.erase(tx, finished(tx, ordered(tx, "gone"), clip="8", message_id=25), actor=str(USER), now=7.0)


def _asked_and_acted(tx: sqlite3.Connection) -> None:
    request = credit_requests.ask(
        tx, key="ask", guild_id=GUILD, user_id=USER, channel_id=5, amount_credits=3, why=SECRET, now=5.0
    )
    credit_requests.set_card(tx, request.id, 6, 51)
    class_rules.block(tx, GUILD, 8, reason="spam", now=5.0)
    shares = ((OTHER, 3), (USER, 4))
    about: dict[str, Any] = {"guild_id": GUILD, "actor_id": STAFF, "kind": "grant", "whom_id": None, "why": "w"}
    grant_drafts.add(tx, grant_drafts.NewDraft(key="list", shares=shares, **about), now=5.0)
    grant_drafts.add(tx, grant_drafts.NewDraft(key="others", shares=shares[:1], **about), now=5.0)
    act(tx, "act-1", "grant", details={"shares": shares, "people": 2, "credits": 7}, why="homework")
    act(tx, "act-2", "block", whom_id=USER, why=SECRET)
    act(tx, "act-3", "refused", USER, refused=True, details={"tried": "/class log"})
    act(tx, "act-4", "block", whom_id=8, why="spam")


def cells(tx: sqlite3.Connection) -> dict[str, str]:
    """Everything that the database holds, as text by table and column."""
    tables = [name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for table in tables:
        for column in (row[1] for row in tx.execute(f"PRAGMA table_info({table})")):
            values = tx.execute(f"SELECT {column} FROM {table}").fetchall()
            found[f"{table}.{column}"] = " ".join(str(value) for (value,) in values)
    return found
