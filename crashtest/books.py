"""What the bot's database says, read beside the running bot: what is still under way, and everything at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.workshop import DATABASE_NAME
from storage import challenges, comparisons, delivery, entries, jobs, keeping, ledger
from storage.audit import audit
from storage.challenges import Challenge
from storage.comparisons import Comparison
from storage.database import Transaction, connect_reader
from storage.entries import Entry
from storage.jobs import Job

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Books:
    """Everything in one snapshot."""

    jobs: tuple[Job, ...]
    comparisons: tuple[Comparison, ...]
    challenges: tuple[Challenge, ...]
    entries: tuple[Entry, ...]
    posts: dict[int, set[int]]
    """Of each job every message that is known to carry its clip, and would be withdrawn with it."""
    findings: tuple[str, ...]
    balances: dict[int, ledger.Balance]

    @property
    def untold(self) -> list[Job]:
        """Jobs that wait or run, or whose owner was not told how they ended."""
        return [job for job in self.jobs if job.delivery not in ("posted", "abandoned")]


def read_books(data_folder: Path, guild_id: int, people: list[int]) -> Books:
    """Everything there is about these people."""
    with _snapshot(data_folder) as tx:
        ordered = [job for user_id in people for job in jobs.recent(tx, guild_id, user_id, MOST)]
        posed = challenges.of_guild(tx, guild_id, MOST)
        return Books(
            jobs=tuple(ordered),
            posts={job.id: {job.message_id or 0, *(post for _, post in keeping.posts(tx, job.id))} for job in ordered},
            comparisons=tuple(_comparisons(tx)),
            challenges=tuple(posed),
            entries=tuple(entry for one in posed for entry in entries.of_challenge(tx, one.id)),
            findings=tuple(audit(tx)),
            balances={user_id: ledger.balance(tx, guild_id, user_id) for user_id in people},
        )


def under_way(data_folder: Path) -> list[str]:
    """What is not at rest yet, one sentence each; takes the same time however much was done before."""
    with _snapshot(data_folder) as tx:
        open_jobs = {job.id: job for job in (*jobs.unfinished(tx), *delivery.undelivered(tx, MOST))}
        return [
            *(f"job {job.id} is {job.state}, delivery {job.delivery}" for job in open_jobs.values()),
            *(f"comparison {number} is not told" for number in comparisons.due(tx, MOST)),
            *(f"challenge {one.id} is not told" for one in challenges.untold(tx, MOST)),
            *(f"entry {number} is not shown" for number in entries.to_post(tx, MOST)),
            *(f"job {one.job_id} is not withdrawn" for one in keeping.to_withdraw(tx, MOST)),
        ]


def _comparisons(tx: Transaction) -> Iterator[Comparison]:
    for number in count(1):
        if (one := comparisons.get(tx, number)) is None:
            return
        yield one


@contextmanager
def _snapshot(data_folder: Path) -> Iterator[Transaction]:
    connection = connect_reader(data_folder / DATABASE_NAME)
    try:
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()
