"""What the bot's database says, read beside the running bot: what is still under way, and everything at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from storage import (
    challenges,
    comparisons,
    delivery,
    entries,
    forgetting,
    guilds,
    jobs,
    keeping,
    ledger,
    loose_ends,
    sessions,
    staff_cards,
    statement,
)
from storage.audit import audit
from storage.challenges import Challenge
from storage.comparisons import Comparison
from storage.database import Transaction, connect_reader
from storage.entries import Entry
from storage.jobs import Job
from storage.sessions import ClassSession
from storage.settings import DATABASE_NAME
from storage.staff_cards import Card

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
    cards: tuple[Card, ...]
    """Those by which clips are approved."""
    sessions: tuple[ClassSession, ...]
    findings: tuple[str, ...]
    balances: dict[int, ledger.Balance]
    allowances: dict[int, list[statement.Entry]]
    """What each person was given at first sight and as months began."""

    @property
    def untold(self) -> list[Job]:
        """Jobs that wait or run, or whose owner was not told how they ended."""
        return [job for job in self.jobs if job.delivery not in ("posted", "abandoned")]


def read_books(data_folder: Path, guild_id: int, people: list[int]) -> Books:
    """Everything there is about these people, and about those of them who were forgotten, by their negative numbers."""
    with _snapshot(data_folder) as tx:
        everybody = [*people, *(-number for number in range(1, len(people) + 1))]
        ordered = [job for user_id in everybody for job in jobs.recent(tx, guild_id, user_id, MOST)]
        posed = challenges.of_guild(tx, guild_id, MOST)
        return Books(
            jobs=tuple(ordered),
            posts={job.id: {job.message_id or 0, *(post for _, post in keeping.posts(tx, job.id))} for job in ordered},
            comparisons=tuple(_comparisons(tx)),
            challenges=tuple(posed),
            entries=tuple(entry for one in posed for entry in entries.of_challenge(tx, one.id)),
            cards=tuple(card for job in ordered if (card := staff_cards.to_approve_by(tx, job.id)) is not None),
            sessions=tuple(sessions.of_guild(tx, guild_id, MOST)),
            findings=tuple(audit(tx)),
            balances={user_id: ledger.balance(tx, guild_id, user_id) for user_id in everybody},
            allowances={
                user_id: [
                    entry
                    for entry in statement.statement(tx, guild_id, user_id, MOST)
                    if (entry.kind, entry.reason) == ("grant", "allowance")
                ]
                for user_id in everybody
            },
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
            *(f"card {number} is not posted" for number in staff_cards.owed(tx, MOST)),
            *(f"wish {number} is not fulfilled" for number in forgetting.under_way(tx, MOST)),
            *(f"message {number} is not removed" for _, _, number in loose_ends.messages(tx, MOST)),
            *(f"class session {one.id} is not told" for one in (*sessions.drained(tx), *sessions.untold(tx, MOST))),
        ]


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What only an instructor ends: clips that wait for approval, that such are to wait, and a class session."""

    waiting: tuple[int, ...]
    asks_approval: bool
    has_session: bool

    def __bool__(self) -> bool:
        return bool(self.waiting) or self.asks_approval or self.has_session


def left_open(data_folder: Path, guild_id: int) -> LeftOpen:
    """What an instructor has begun and not ended, because the bot was dead or they thought so."""
    with _snapshot(data_folder) as tx:
        return LeftOpen(
            waiting=tuple(card.job_id for card in staff_cards.undecided(tx)),
            asks_approval=guilds.get(tx, guild_id).approval_by is not None,
            has_session=sessions.unended(tx, guild_id) is not None,
        )


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
