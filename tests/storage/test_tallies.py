"""The report's numbers: totals that follow every step, and what ended in a stretch of time."""

import sqlite3
from pathlib import Path
from typing import Any

from storage_samples import GUILD, OTHER, USER, WHO, funded, ordered, running, sponsored, succeeded

from storage import challenges, entries, jobs, ledger, schema, tallies
from storage.challenges import NewChallenge
from storage.tallies import Ended, Purse, Totals

CLIP: dict[str, Any] = {"clip": "c", "clip_bytes": 1, "render_seconds": 1.0, "remarks": []}


def a_term(tx: sqlite3.Connection) -> None:
    """Two clips of one's own, one refunded in part, one of a pool; a failure, a cancelled and a waiting order."""
    ledger.refund(tx, succeeded(tx, "first", now=10.0).hold_id, amount_credits=4, **WHO)
    succeeded(tx, "second", now=20.0)
    paid = sponsored(tx, funded(tx).id)
    assert jobs.claim(tx, paid.id, worker="gpu-0", now=3.0)
    assert jobs.succeed(tx, paid.id, 1, now=20.0, **CLIP)
    ledger.capture(tx, paid.hold_id, **WHO)
    failed, cancelled = running(tx, "failed"), ordered(tx, "cancelled", OTHER)
    assert jobs.fail(tx, failed.id, 1, fault="crashed", cause="", now=29.0)
    assert jobs.cancel(tx, cancelled.id, now=29.0)
    for job in (failed, cancelled):
        ledger.release(tx, job.hold_id, **WHO)
    ordered(tx, "waiting")


def test_totals_follow_orders_ends_charges_and_refunds(tx: sqlite3.Connection) -> None:
    a_term(tx)

    mine = Totals(ordered=5, made=3, failed=1, spent_credits=2 * 11 - 4, sponsored_credits=11)
    assert {USER: mine, OTHER: Totals(ordered=1)} == tallies.totals(tx, GUILD)
    assert {} == tallies.totals(tx, 1)
    assert [] == ledger.audit(tx)


def test_what_ended_is_told_for_a_stretch_of_time_with_refunds_at_the_time_of_their_clip(
    tx: sqlite3.Connection,
) -> None:
    a_term(tx)

    assert {USER: Ended(made=1, spent_credits=7)} == tallies.ended(tx, GUILD, 10.0, 20.0)
    late = Ended(made=2, failed=1, spent_credits=11, sponsored_credits=11)
    assert {USER: late, OTHER: Ended()} == tallies.ended(tx, GUILD, 20.0, 30.0)
    assert {} == tallies.ended(tx, GUILD, 30.0, 99.0)
    assert (10.0, None) == (tallies.first_ended_at(tx, GUILD), tallies.first_ended_at(tx, 1))


def test_purses_hold_what_people_have_of_their_own(tx: sqlite3.Connection) -> None:
    a_term(tx)

    period = "2026-11-01"
    assert {
        USER: Purse(available=400 - 2 * 11 + 4 - 11, held=11, last_period=period),
        OTHER: Purse(400, 0, period),
    } == tallies.purses(tx, GUILD)


def test_a_challenge_counts_once_for_whoever_has_a_finished_entry_that_stands(tx: sqlite3.Connection) -> None:
    about: dict[str, Any] = {"guild_id": GUILD, "channel_id": 1, "brief": "b", "opens_at": 0.0, "created_by": 1}
    new = [NewChallenge(key=key, title=key, locale="en-US", size_limit_bytes=9, **about) for key in "ab"]
    tides, ebb = (challenges.add(tx, one, now=0.0).id for one in new)
    made = [succeeded(tx, key) for key in ("one", "two", "three")]
    for challenge_id, job in ((tides, made[0]), (tides, made[1]), (ebb, made[2]), (tides, ordered(tx, "w", OTHER))):
        who = {"challenge_id": challenge_id, "user_id": job.user_id, "job_id": job.id}
        entry = entries.add(tx, **who, fingerprint=job.key, now=5.0)
    assert {USER: 2} == tallies.challenges_entered(tx, GUILD)
    assert entries.withdraw(tx, entry.id - 1, now=6.0)
    assert {USER: 1} == tallies.challenges_entered(tx, GUILD)


def test_a_database_of_before_is_counted_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    steps = schema.migrations()
    number = next(at for at, (_, script) in enumerate(steps, 1) if "CREATE TABLE person_totals" in script)
    old = tmp_path / "old"
    old.mkdir()
    for version, script in steps[: number - 1]:
        (old / f"{version:04}_step.sql").write_text(script)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection, old)
    a_term(connection)
    schema.migrate(connection)

    assert [] == ledger.audit(connection)
    assert 18 == tallies.totals(connection, GUILD)[USER].spent_credits
    connection.close()
