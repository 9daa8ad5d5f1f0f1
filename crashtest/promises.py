"""What must be true once the bot has come to rest, however often it was killed on the way."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from crashtest.bot import ALLOWANCE_CREDITS, Child, orphans
from sandbox.messages import Message
from sandbox.server import Sandbox
from storage import jobs, ledger
from storage.database import Transaction, connect_reader
from storage.jobs import Job

DATABASE_NAME = "stillmotion.sqlite3"


@dataclass(frozen=True, slots=True)
class Books:
    """Everything the database says, read in one snapshot."""

    jobs: tuple[Job, ...]
    findings: tuple[str, ...]
    balances: dict[int, ledger.Balance]

    @property
    def is_at_rest(self) -> bool:
        """Whether no job waits, runs or has an owner who was not told."""
        return all(job.delivery in ("posted", "abandoned") for job in self.jobs)


def read_books(data_folder: Path, guild_id: int, people: list[int]) -> Books:
    """Read the bot's database beside the running bot."""
    connection = connect_reader(data_folder / DATABASE_NAME)
    try:
        connection.execute("BEGIN")
        found = tuple(_all_jobs(connection, guild_id, people))
        balances = {user_id: ledger.balance(connection, guild_id, user_id) for user_id in people}
        return Books(found, tuple(ledger.audit(connection)), balances)
    finally:
        connection.close()


def _all_jobs(tx: Transaction, guild_id: int, people: list[int]) -> list[Job]:
    return [job for user_id in people for job in jobs.recent(tx, guild_id, user_id, 1_000_000)]


def bot_messages(sandbox: Sandbox) -> list[Message]:
    """Everything public that the bot has in the channel."""
    return [m for m in sandbox.channel.messages if m.author is sandbox.world.bot and not m.ephemeral]


def unsettled(books: Books, sandbox: Sandbox) -> list[str]:
    """What is still under way: jobs, and status messages that still offer to cancel."""
    left = [f"job {job.id} is {job.state}, delivery {job.delivery}" for job in books.jobs if not _is_told(job)]
    return left + [
        f"message {m.id} still offers to cancel: {m.content!r}" for m in bot_messages(sandbox) if can_cancel(m)
    ]


def can_cancel(message: Message) -> bool:
    """Whether it has the button of a clip in the making; a finished clip has others."""
    return any((button.custom_id or "").startswith("cancel:") for button in message.buttons)


def _is_told(job: Job) -> bool:
    return job.delivery in ("posted", "abandoned")


def broken_promises(books: Books, sandbox: Sandbox, data_folder: Path, bot: Child) -> list[str]:
    """Every promise that is not kept, one sentence each; to be asked when the bot is at rest."""
    return [
        *(f"audit: {finding}" for finding in books.findings),
        *_wrong_balances(books),
        *_wrong_messages(books, sandbox),
        *_wrong_clips(books, sandbox, data_folder),
        *(f"temporary file left: {path.name}" for path in (data_folder / "files" / "incoming").iterdir()),
        *(f"orphan process {process}" for process in orphans(data_folder, bot)),
    ]


def _wrong_balances(books: Books) -> list[str]:
    found = []
    for user_id, balance in books.balances.items():
        own = [job for job in books.jobs if job.user_id == user_id]
        spent = sum(job.price_credits for job in own if job.state == "succeeded")
        expected = ALLOWANCE_CREDITS - spent
        if (own or balance.available) and (balance.available, balance.held) != (expected, 0):
            found.append(f"person {user_id} has {balance}, expected {expected} available and nothing held")
    return found


def _wrong_messages(books: Books, sandbox: Sandbox) -> list[str]:
    """The bot's messages are exactly one status and one ending per job, and nothing else."""
    there = {message.id: message for message in bot_messages(sandbox)}
    statuses = {job.status_message_id for job in books.jobs if job.status_message_id is not None}
    endings = {job.message_id for job in books.jobs if job.state != "cancelled" and job.message_id is not None}
    found = [
        f"message {message_id} belongs to no job: {there[message_id].content!r}"
        for message_id in there.keys() - statuses - endings
    ]
    found += [
        f"message {message_id} of a job is not in the channel" for message_id in (statuses | endings) - set(there)
    ]
    return found + [
        f"job {job.id} is {job.state} and its person was told nothing"
        for job in books.jobs
        if job.state in ("succeeded", "failed") and job.message_id not in endings
    ]


def _wrong_clips(books: Books, sandbox: Sandbox, data_folder: Path) -> list[str]:
    found = []
    clips = [a for message in bot_messages(sandbox) for a in message.attachments]
    for job in books.jobs:
        copies = [clip for clip in clips if clip.filename == f"stillmotion-{job.id}.mp4"]
        if len(copies) != (job.state == "succeeded"):
            found.append(f"job {job.id} is {job.state} and has {len(copies)} clips in the channel")
        made = (job.clip or "").removesuffix(".mp4")
        if any(hashlib.sha256(copy.content).hexdigest() != made for copy in copies):
            found.append(f"the clip of job {job.id} in the channel is not the one that was made")
        if job.clip and not (data_folder / "files" / job.clip[:2] / job.clip).is_file():
            found.append(f"the file of job {job.id} is gone")
    return found
