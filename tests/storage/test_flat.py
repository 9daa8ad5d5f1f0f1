"""What people do takes the same work however long the history is: counted in SQLite's own steps, not in time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from storage_samples import new_job

from benchmarks.scale import GUILD, NOW, PEOPLE, build
from storage import delivery, guilds, history, jobs, ledger, restores, statement, tallies
from storage.database import connect_writer

SMALL, LARGE = 1_500, 7_500
USER = 7
ORDER = {"reason": "clip", "actor": "7", "now": 1e10}

Act = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[sqlite3.Connection]]:
    folder = tmp_path_factory.mktemp("flat")
    for size in (SMALL, LARGE):
        build(folder / f"{size}.sqlite3", size)
    with (
        closing(connect_writer(folder / f"{SMALL}.sqlite3")) as small,
        closing(connect_writer(folder / f"{LARGE}.sqlite3")) as large,
    ):
        yield [small, large]


def place(tx: sqlite3.Connection) -> jobs.Job:
    ledger.see(tx, guild_id=GUILD, user_id=USER, period="2026-12-01", allowance_credits=10**6, now=1e10)
    assert 0 == jobs.outstanding_count(tx, GUILD, USER, ["wan"])
    assert jobs.by_key(tx, "fresh") is None
    hold_id = ledger.hold(tx, key="fresh", guild_id=GUILD, user_id=USER, amount_credits=1, **ORDER)
    return jobs.add(tx, new_job("fresh", USER, 1, guild_id=GUILD), hold_id=hold_id, now=1e10)


def live(tx: sqlite3.Connection) -> None:
    """A whole life of a job, from the order to the mark of its post."""
    job = place(tx)
    jobs.set_status_message(tx, job.id, 1)
    assert jobs.claim(tx, job.id, worker="gpu-0", now=1e10) is not None
    clip = {"clip": "c", "clip_bytes": 1, "render_seconds": 1.0, "remarks": []}
    assert jobs.succeed(tx, job.id, 1, now=1e10, **clip)
    ledger.capture(tx, job.hold_id, **ORDER)
    assert delivery.begin_posting(tx, job.id, 1e10)
    assert delivery.posted(tx, job.id, 10**15, 1e10)


ACTS: dict[str, Act] = {
    "placing a job": place,
    "a job's whole life": live,
    "/credits": lambda tx: (ledger.balance(tx, GUILD, USER), statement.statement(tx, GUILD, USER, 5)),
    "/show and its suggestions": lambda tx: jobs.recent(tx, GUILD, USER, 5),
    "/cancel": lambda tx: jobs.outstanding(tx, GUILD, USER),
    "/class why": lambda tx: (jobs.get(tx, 5), history.history(tx, 5)),
    "a day of /class report and its totals": lambda tx: (
        tallies.totals(tx, GUILD),
        tallies.purses(tx, GUILD),
        tallies.first_ended_at(tx, GUILD),
        tallies.ended(tx, GUILD, NOW - 86_400, NOW),
    ),
    "a server's settings": lambda tx: guilds.get(tx, GUILD),
    "looking for deliveries": lambda tx: delivery.undelivered(tx, 20),
    "the start": lambda tx: (jobs.waiting(tx), jobs.interrupted(tx), jobs.unfinished(tx), jobs.ran(tx, 100)),
    "after a restore": restores.highest_job_id,
}


def steps(tx: sqlite3.Connection, act: Act) -> int:
    """How many steps SQLite's machine takes for it; nothing of it stays."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    tx.execute("BEGIN")
    tx.set_progress_handler(count, 1)
    try:
        act(tx)
    finally:
        tx.set_progress_handler(None, 1)
        tx.execute("ROLLBACK")
    return taken


@pytest.mark.parametrize("name", ACTS)
def test_five_times_the_history_takes_no_more_work(databases: list[sqlite3.Connection], name: str) -> None:
    small, large = (steps(tx, ACTS[name]) for tx in databases)

    assert 0 < large <= 1.05 * small


def test_work_that_grows_is_noticed(databases: list[sqlite3.Connection]) -> None:
    small, large = (steps(tx, lambda tx: tx.execute("SELECT sum(clip_bytes) FROM jobs").fetchone()) for tx in databases)

    assert large > 4 * small
    assert SMALL >= 5 * PEOPLE  # everybody has a history in both
