"""Forgetting takes a person out of every table, leaves everybody else's rows, and a ledger that can be audited."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from person_samples import NAME, ROLE, SECRET, STAFF, act, cells, finished, settle_in, still
from storage_samples import GUILD, OTHER, USER, held, ordered, seen

from storage import (
    class_rules,
    comparisons,
    erasure,
    forgetting,
    holdings,
    jobs,
    ledger,
    loose_ends,
    pools,
    seals,
    staff_acts,
    staff_cards,
    tallies,
)

PERSON_COLUMNS = {
    "accounts.user_id": "renamed",
    "jobs.user_id": "renamed",
    "person_totals.user_id": "renamed",
    "transfers.actor": "renamed",
    "withdrawals.actor": "renamed",
    "comparisons.user_id": "renamed",
    "challenge_entries.user_id": "renamed",
    "challenge_votes.user_id": "removed while open, renamed after",
    "staff_acts.actor_id": "renamed where it was refused, else an instructor's act stays theirs",
    "staff_acts.whom_id": "renamed",
    "drafts.user_id": "removed",
    "person_settings.user_id": "removed",
    "exercise_jobs.user_id": "removed",
    "proposals.user_id": "removed",
    "comparison_votes.user_id": "removed",
    "reports.reporter_id": "removed",
    "people.user_id": "removed",
    "people.name": "removed",
    "people_roles.user_id": "removed",
    "grant_drafts.whom_id": "removed",
    "credit_requests.user_id": "removed",
    "challenge_offers.user_id": "removed",
    "notices.user_id": "removed",
    "forgettings.user_id": "removed",
    "blocked_people.user_id": "stays, so that nobody unblocks themselves",
    "grant_drafts.actor_id": "an instructor's act stays theirs",
    "credit_requests.decided_by": "an instructor's act stays theirs",
    "guild_settings.updated_by": "an instructor's act stays theirs",
    "guild_settings.approval_by": "an instructor's act stays theirs",
    "approvals.decided_by": "an instructor's act stays theirs",
    "pools.created_by": "an instructor's act stays theirs",
    "challenges.created_by": "an instructor's act stays theirs",
    "class_sessions.started_by": "an instructor's act stays theirs",
    "class_sessions.ended_by": "an instructor's act stays theirs",
}
"""Every column that can name a person, and what forgetting does to it."""

NAMING = ("user_id", "actor", "actor_id", "whom_id", "reporter_id", "name")


@pytest.fixture
def history(tx: sqlite3.Connection) -> sqlite3.Connection:
    settle_in(tx)
    assert [] == ledger.audit(tx)
    return tx


def forgotten(tx: sqlite3.Connection, user_id: int = USER) -> int:
    """The number of a wish that is begun and fulfilled."""
    number = forgetting.begin(tx, GUILD, user_id, now=9.0)
    wish = forgetting.get(tx, number)
    assert wish is not None
    assert not erasure.is_unsettled(tx, wish)
    tx.execute("BEGIN")
    erasure.erase(tx, wish, now=9.0)
    tx.execute("COMMIT")
    return number


def test_every_column_that_can_name_a_person_is_known_to_forgetting(tx: sqlite3.Connection) -> None:
    tables = [name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        f"{table}.{column}"
        for table in tables
        for column in (row[1] for row in tx.execute(f"PRAGMA table_info({table})"))
        if (column in NAMING or column.endswith("_by"))
    } - {"loose_files.name", "sqlite_sequence.name"}

    assert set(PERSON_COLUMNS) == found


def test_the_sample_stands_in_every_table_that_knows_people(history: sqlite3.Connection) -> None:
    before = cells(history)
    without = {name for name in PERSON_COLUMNS if str(USER) not in before[name]}
    of_others = {name for name in PERSON_COLUMNS if PERSON_COLUMNS[name].startswith("an instructor's")}

    assert {
        "blocked_people.user_id",
        "forgettings.user_id",
        "grant_drafts.whom_id",
        "people.name",
    } == without - of_others


def test_nothing_names_a_forgotten_person_or_repeats_their_words(history: sqlite3.Connection, path: Path) -> None:
    number = forgotten(history)
    for word in (str(USER), NAME, str(ROLE), SECRET):
        assert [] == [name for name, text in cells(history).items() if word in text], word

    assert [] == ledger.audit(history)
    assert f"{-number}" in cells(history)["accounts.user_id"]
    history.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    raw = path.read_bytes()
    assert (False, False) == (NAME.encode() in raw, SECRET.encode() in raw)


def test_a_report_tells_of_nobody_forgotten(history: sqlite3.Connection) -> None:
    before = tallies.totals(history, GUILD).keys() | tallies.purses(history, GUILD).keys()
    forgotten(history)

    assert USER in before
    assert before - {USER} == tallies.totals(history, GUILD).keys() | tallies.purses(history, GUILD).keys()


def test_others_keep_everything_and_the_numbers_stay_true(history: sqlite3.Connection) -> None:
    def numbers() -> list[object]:
        read = history.execute
        return [
            read("SELECT count(*), sum(amount_credits) FROM transfers").fetchone(),
            read("SELECT kind, sum(balance_credits) FROM accounts GROUP BY kind ORDER BY kind").fetchall(),
            holdings.everything(history, GUILD, 8, for_staff=True),
            pools.totals(history, 1),
            read("SELECT what, at FROM staff_acts ORDER BY id").fetchall(),
        ]

    before, others = numbers(), holdings.everything(history, GUILD, OTHER, for_staff=True)
    forgotten(history)
    after = holdings.everything(history, GUILD, OTHER, for_staff=True)

    assert before == numbers()
    assert [{"shares": [[OTHER, 3], [-1, 4]], "people": 2, "credits": 7}] == [one["details"] for one in after["log"]]
    assert {"log", "reports_about", "reports_made"} == {name for name in others if others[name] != after[name]}
    assert ([], []) == (after["reports_about"], after["reports_made"])
    assert "spam" == class_rules.read(history, GUILD, 8).blocked_because


def test_what_is_left_to_do_outside_is_noted(history: sqlite3.Connection) -> None:
    forgotten(history)

    assert {still("d"), still("e"), still("f")} == set(loose_ends.files(history, 10))
    cards = [(GUILD, 6, 61), (GUILD, 6, 62)]
    assert {(GUILD, 5, 41), (GUILD, 6, 51), *cards} == set(loose_ends.messages(history, 10))
    assert [] == loose_ends.stale_results(history, 10)  # not told yet, so they are told without the clip
    history.execute("UPDATE challenges SET results = 'posted', results_message_id = 61 WHERE state = 'closed'")
    assert [2] == loose_ends.stale_results(history, 10)
    loose_ends.file_gone(history, still("d"))
    for message_id in (51, 61, 62):
        loose_ends.message_gone(history, message_id)
    loose_ends.results_told(history, 2)
    assert ([still("e"), still("f")], [(GUILD, 5, 41)], []) == (
        loose_ends.files(history, 10),
        loose_ends.messages(history, 10),
        loose_ends.stale_results(history, 10),
    )


def test_a_forgotten_person_is_nobody_and_can_begin_again(history: sqlite3.Connection) -> None:
    forgotten(history)
    nothing = holdings.Footprint(0, 0, 0, 0, 0, is_blocked=False, has_acted=False)
    assert nothing == holdings.footprint(history, GUILD, USER)
    assert all(rows == [] for rows in holdings.everything(history, GUILD, USER, for_staff=True).values())
    settle_again = finished(history, ordered(history, "again"), clip="7", message_id=71)
    second = forgotten(history)

    assert (2, -2) == (second, jobs.get(history, settle_again.id).user_id)  # type: ignore[union-attr]
    assert [] == ledger.audit(history)


def test_asked_twice_it_is_one_wish(tx: sqlite3.Connection) -> None:
    first, second = (forgetting.begin(tx, GUILD, USER, now=now) for now in (1.0, 2.0))

    assert (first, [first]) == (second, forgetting.under_way(tx, 10))
    assert forgetting.begin(tx, GUILD, OTHER, now=1.0) != first


def test_the_same_person_elsewhere_is_left_alone(history: sqlite3.Connection) -> None:
    ledger.see(history, guild_id=1, user_id=USER, period="2026-11-01", allowance_credits=5, now=1.0)
    forgotten(history)

    assert ledger.Balance(5, 0) == ledger.balance(history, 1, USER)


MADE = {"clip": "c" * 64 + ".mp4", "clip_bytes": 5, "render_seconds": 1.0, "remarks": []}


@pytest.mark.parametrize("what", ["waiting", "running", "undelivered", "posting a comparison", "posting a card"])
def test_whatever_is_under_way_has_to_end_first(tx: sqlite3.Connection, what: str) -> None:
    wish = forgetting.get(tx, forgetting.begin(tx, GUILD, USER, now=1.0))
    assert wish is not None
    job = ordered(tx)
    if what != "waiting":
        assert jobs.claim(tx, job.id, worker="gpu-0", now=2.0) is not None
    if what == "undelivered":
        assert jobs.fail(tx, job.id, 1, fault="internal", cause="", now=3.0)
        ledger.release(tx, job.hold_id, reason="failed", actor="t", now=3.0)
    if what == "posting a comparison":
        assert jobs.fail(tx, job.id, 1, fault="internal", cause="", now=3.0)
        assert jobs.abandon(tx, job.id, "gone", 3.0)
        about = {"guild_id": GUILD, "channel_id": 5, "user_id": USER, "locale": "en-US", "size_limit_bytes": 9}
        number = comparisons.add(tx, comparisons.NewComparison(**about, varied="seeds"), [job.id], now=3.0)  # type: ignore[arg-type]
        assert not erasure.is_unsettled(tx, wish)
        assert comparisons.begin_posting(tx, number)
    if what == "posting a card":
        assert jobs.succeed(tx, job.id, 1, **MADE, needs_approval=True, now=3.0)
        assert not erasure.is_unsettled(tx, wish)
        [card_id] = staff_cards.owed(tx, 9)
        assert staff_cards.begin(tx, card_id, 6)

    assert erasure.is_unsettled(tx, wish)


SET = {
    "another amount": "UPDATE transfers SET actor = '-1', amount_credits = 1 WHERE id = 1",
    "another actor": "UPDATE transfers SET actor = 'me'",
    "another key": "UPDATE transfers SET key = 'mine' WHERE id = 1",
    "somebody else's transfer": "UPDATE transfers SET actor = actor WHERE id = {others}",
    "somebody else's account": f"UPDATE accounts SET user_id = -1 WHERE user_id = {OTHER}",
    "another stand-in for an account": f"UPDATE accounts SET user_id = -2 WHERE user_id = {USER}",
    "a kind of account": f"UPDATE accounts SET user_id = -1, kind = 'spent' WHERE user_id = {USER} AND kind = 'held'",
    "somebody else's job": f"UPDATE jobs SET user_id = -1 WHERE user_id = {OTHER}",
    "a job's price": f"UPDATE jobs SET user_id = -1, price_credits = 1 WHERE user_id = {USER}",
    "what was done": "UPDATE staff_acts SET whom_id = -1, what = 'nothing', why = '' WHERE key = 'act-2'",
    "who did it": "UPDATE staff_acts SET actor_id = -1 WHERE key = 'act-2'",
    "why, for somebody else": "UPDATE staff_acts SET why = '' WHERE key = 'act-4'",
    "a vote": f"UPDATE challenge_votes SET user_id = -1, entry_id = 3 WHERE user_id = {USER} AND challenge_id = 2",
    "a transfer's row": "DELETE FROM transfers",
    "an account's row": "DELETE FROM accounts",
    "an act's row": "DELETE FROM staff_acts",
}


def test_while_somebody_is_being_forgotten_history_stays_as_fixed_as_ever(history: sqlite3.Connection) -> None:
    assert 1 == forgetting.begin(history, GUILD, USER, now=9.0)
    (others,) = history.execute(
        "SELECT max(t.id) FROM transfers t JOIN accounts a ON a.id = t.debit_account WHERE a.user_id = ?", (OTHER,)
    ).fetchone()
    before = cells(history)
    for what, sql in SET.items():
        with pytest.raises(sqlite3.IntegrityError):
            pytest.fail(f"{what}: {history.execute(sql.format(others=others)).rowcount} rows were rewritten")

    assert before == cells(history)


def test_without_a_wish_nobody_is_renamed(history: sqlite3.Connection) -> None:
    forgotten(history)
    for table in ("accounts", "jobs"):
        with pytest.raises(sqlite3.IntegrityError, match=r"accounts_keep_their_owner|job_keeps_its_order"):
            history.execute(f"UPDATE {table} SET user_id = -1 WHERE user_id = {OTHER}")


def test_an_instructor_keeps_what_they_did_in_the_log(tx: sqlite3.Connection) -> None:
    act(tx, "pause", "pause", why="lunch")
    act(tx, "tried", "refused", STAFF, refused=True)
    forgotten(tx, STAFF)

    assert [(STAFF, "lunch")] == [(one.actor_id, one.why) for one in staff_acts.page(tx, GUILD, 5)]
    assert [-1] == [one.actor_id for one in staff_acts.page(tx, GUILD, 5, was_refused=True)]


def test_whoever_was_forgotten_this_month_gets_no_second_allowance_in_it(tx: sqlite3.Connection) -> None:
    seen(tx)
    held(tx, 11)
    december = 100.0
    seals.seal_period(tx, "ada", december)

    def see(user_id: int, seal: str, now: float, period: str = "2026-11-01") -> int:
        about = {"guild_id": GUILD, "user_id": user_id, "period": period, "allowance_credits": 400}
        return ledger.see(tx, **about, seal=seal, now=now).available  # type: ignore[arg-type] # one dict

    assert (0, 400) == (see(1, "ada", 50.0), see(2, "ben", 50.0))
    assert (0, 400) == (see(1, "ada", 99.0), see(1, "ada", 101.0, "2026-12-01"))
    assert 400 == see(3, "ada", 101.0, "2026-12-01")


def test_seals_end_with_their_period_and_their_pool(tx: sqlite3.Connection) -> None:
    about = {"guild_id": GUILD, "kind": "challenge", "title": "T", "cap_credits": 3, "created_by": 1}
    pool = pools.open(tx, key="p", **about, now=1.0)  # type: ignore[arg-type] # one dict
    seals.seal_share(tx, "share", pool.id)
    for until in (10.0, 20.0, 15.0):
        seals.seal_period(tx, "month", until)
    assert (True, True, False) == tuple(seals.is_sealed(tx, "month", now) for now in (9.0, 19.0, 20.0))
    seals.remove_over(tx, 19.0)
    assert (True, True) == (seals.is_sealed(tx, "share", 1e9), seals.is_sealed(tx, "month", 19.0))
    pools.close(tx, pool.id, actor="1", now=20.0)
    seals.remove_over(tx, 20.0)

    assert [] == tx.execute("SELECT * FROM seals").fetchall()


def test_the_key_of_the_seals_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    read: Callable[[], bytes] = lambda: seals.read_key(path)  # noqa: E731 - twice the same
    first = read()

    assert (32, first, 0o600) == (len(first), read(), path.stat().st_mode & 0o777)
