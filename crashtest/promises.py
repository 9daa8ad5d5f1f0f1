"""What must be true once the bot has come to rest, however often it was killed on the way."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.workshop import DATABASE_NAME
from crashtest.bot import ALLOWANCE_CREDITS, Child, orphans
from crashtest.misfortunes import Misfortunes
from crashtest.people import offers_to_cancel
from sandbox.messages import Message
from sandbox.server import Sandbox
from storage import jobs, ledger
from storage.database import Transaction, connect_reader
from storage.jobs import Job


@dataclass(frozen=True, slots=True)
class Books:
    """Everything the database says, read in one snapshot."""

    jobs: tuple[Job, ...]
    findings: tuple[str, ...]
    balances: dict[int, ledger.Balance]

    @property
    def untold(self) -> list[Job]:
        """Jobs that wait or run, or whose owner was not told how they ended."""
        return [job for job in self.jobs if job.delivery not in ("posted", "abandoned")]


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
    offers = [message for message in bot_messages(sandbox) if offers_to_cancel(message)]
    return [
        *(f"job {job.id} is {job.state}, delivery {job.delivery}" for job in books.untold),
        *(f"message {message.id} still offers to cancel: {message.content!r}" for message in offers),
    ]


def broken_promises(
    books: Books, sandbox: Sandbox, data_folder: Path, bot: Child, misfortunes: Misfortunes
) -> list[str]:
    """Every promise that is not kept, one sentence each; to be asked when the bot is at rest."""
    return [
        *(f"audit: {finding}" for finding in books.findings),
        *_wrong_balances(books, misfortunes),
        *_wrong_messages(books, sandbox, misfortunes),
        *_wrong_clips(books, sandbox, misfortunes),
        *_lost_files(books, data_folder, misfortunes),
        *(f"temporary file left: {path.name}" for path in (data_folder / "files" / "incoming").iterdir()),
        *(f"orphan process {process}" for process in orphans(data_folder, bot)),
    ]


def _wrong_balances(books: Books, misfortunes: Misfortunes) -> list[str]:
    """Everybody paid for what succeeded, once, and has back what was lost before it arrived."""
    found = []
    for user_id, balance in books.balances.items():
        own = [job for job in books.jobs if job.user_id == user_id]
        paid = [job for job in own if job.state == "succeeded" and job.id not in misfortunes.lost]
        spent = sum(job.price_credits for job in paid)
        expected = ALLOWANCE_CREDITS - spent
        if (own or balance.available) and (balance.available, balance.held) != (expected, 0):
            found.append(f"person {user_id} has {balance}, expected {expected} available and nothing held")
    return found


def _wrong_messages(books: Books, sandbox: Sandbox, misfortunes: Misfortunes) -> list[str]:
    """The bot's messages are exactly one status and one ending per job, and nothing else."""
    jobs = [job for job in books.jobs if job.channel_id == sandbox.channel.id]
    there = {message.id: message for message in bot_messages(sandbox)}
    statuses = {job.status_message_id for job in jobs if job.status_message_id is not None}
    endings = {job.message_id for job in jobs if job.state != "cancelled" and job.message_id is not None}
    found = [
        f"message {message_id} belongs to no job: {there[message_id].content!r}"
        for message_id in there.keys() - statuses - endings
    ]
    found += [
        f"message {message_id} of a job is not in the channel" for message_id in (statuses | endings) - set(there)
    ]
    return found + [
        f"job {job.id} is {job.state} and its person was told nothing"
        for job in jobs
        if job.state in ("succeeded", "failed") and job.message_id not in endings and job.id not in misfortunes.barred
    ]


def _wrong_clips(books: Books, sandbox: Sandbox, misfortunes: Misfortunes) -> list[str]:
    found = []
    clips = [a for message in bot_messages(sandbox) for a in message.attachments]
    for job in books.jobs:
        copies = [clip for clip in clips if clip.filename == f"stillmotion-{job.id}.mp4"]
        if len(copies) != misfortunes.copies_expected(job):
            found.append(f"job {job.id} is {job.state}, {job.delivery} and has {len(copies)} clips in the channel")
        made = (job.clip or "").removesuffix(".mp4")
        if any(hashlib.sha256(copy.content).hexdigest() != made for copy in copies):
            found.append(f"the clip of job {job.id} in the channel is not the one that was made")
    return found


def _lost_files(books: Books, data_folder: Path, misfortunes: Misfortunes) -> list[str]:
    return [
        f"the file of job {job.id} is gone"
        for job in books.jobs
        if job.clip
        and job.id not in misfortunes.lost
        and not (data_folder / "files" / job.clip[:2] / job.clip).is_file()
    ]
