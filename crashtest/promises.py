"""What must be true once the bot has come to rest, however often it was killed on the way."""

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from crashtest.books import Books
from crashtest.misfortunes import Misfortunes
from crashtest.people import offers_to_cancel
from generation.retries import RETRY
from sandbox.messages import Message, MessageType
from sandbox.server import Sandbox
from storage.entries import Entry
from storage.jobs import Job

DISCORDS_OWN = (MessageType.THREAD_STARTER, MessageType.PIN)
"""Kinds of messages that Discord writes in the name of whoever opened a thread or pinned something."""


def bot_messages(sandbox: Sandbox) -> Iterator[Message]:
    """Everything public that the bot has written in channels and threads."""
    for channel in (*sandbox.guild.channels.values(), *sandbox.guild.threads.values()):
        for message in channel.messages:
            is_own = message.author is sandbox.world.bot and message.type not in DISCORDS_OWN
            if is_own and not message.ephemeral:
                yield message


def offers_left(sandbox: Sandbox) -> list[str]:
    """Status messages that still offer to cancel."""
    offers = [message for message in bot_messages(sandbox) if offers_to_cancel(message)]
    return [f"message {message.id} still offers to cancel: {message.content!r}" for message in offers]


def broken_promises(books: Books, sandbox: Sandbox, data_folder: Path, misfortunes: Misfortunes) -> list[str]:
    """Every promise that is not kept, one sentence each; to be asked when the bot is at rest."""
    files = data_folder / "files"
    return [
        *(f"audit: {finding}" for finding in books.findings),
        *_wrong_balances(books, misfortunes),
        *_wrong_messages(books, sandbox, misfortunes),
        *_wrong_clips(books, sandbox, misfortunes),
        *_wrong_files(books, files, misfortunes),
        *(f"job {job.id} waits for approval still" for job in books.jobs if job.approval == "waiting"),
        *(f"temporary file left: {path.name}" for path in (files / "incoming").iterdir()),
    ]


def _wrong_balances(books: Books, misfortunes: Misfortunes) -> list[str]:
    """Everybody paid for what succeeded, once, has back what was lost, declined or tried again, and has what they won.

    To that comes the allowance, once a month. Nothing is left of whoever was forgotten, whose number is negative.
    """
    expected = Counter({user: sum(one.amount_credits for one in given) for user, given in books.allowances.items()})
    tried_again = {job.key.removeprefix(RETRY) for job in books.jobs if job.key.startswith(RETRY)}
    for job in books.jobs:
        is_paid_back = job.id in misfortunes.lost or str(job.id) in tried_again or job.approval == "declined"
        if job.state == "succeeded" and job.pool_id is None and not is_paid_back:
            expected[job.user_id] -= job.price_credits
    for entry in books.entries:
        expected[entry.user_id] += entry.prize_credits or 0
    left = {user_id: expected[user_id] if user_id > 0 else 0 for user_id in books.balances}
    months = Counter((user, time.gmtime(one.at)[:2]) for user, given in books.allowances.items() for one in given)
    found = [
        f"person {user} was given the allowance of {month} {times} times"
        for (user, month), times in months.items()
        if times > 1
    ]
    return found + [
        f"person {user_id} has {balance}, expected {left[user_id]} available and nothing held"
        for user_id, balance in books.balances.items()
        if (balance.available, balance.held) != (left[user_id], 0)
    ]


def _wrong_messages(books: Books, sandbox: Sandbox, misfortunes: Misfortunes) -> list[str]:
    """The bot's messages are one status and one ending per job, and one of each comparison, entry, brief, result,
    card, board and last words."""
    there = {message.id: message for message in bot_messages(sandbox)}
    places = {*sandbox.guild.channels, *sandbox.guild.threads}
    expected, may_be_gone = _expected_messages(books, places)
    found = [
        f"message {message_id} belongs to nothing: {there[message_id].content!r}"
        for message_id in there.keys() - expected - may_be_gone
    ]
    found += [f"message {message_id} is not in its channel" for message_id in expected - may_be_gone - set(there)]
    return found + [
        f"job {job.id} is {job.state} and its person was told nothing"
        for job in books.jobs
        if job.channel_id in places
        and job.state in ("succeeded", "failed")
        and job.message_id is None
        and job.visibility != "deleted"
        and job.id not in misfortunes.barred
    ]


def _expected_messages(books: Books, places: set[int]) -> tuple[set[int], set[int]]:
    """Ids of messages that must be there, and of those that may have been taken away by hand."""
    expected: set[int | None] = set()
    for job in books.jobs:
        is_declined = job.approval == "declined" and job.visibility != "deleted"
        if job.channel_id in places and (job.visibility == "shown" or is_declined):
            expected |= {job.status_message_id, None if job.state == "cancelled" else job.message_id}
            # Whose clip could not be posted is told so there, if words may be.
            expected |= books.posts[job.id] if job.delivery == "abandoned" else set()
    jobs = {job.id: job for job in books.jobs}
    expected |= {entry.message_id for entry in books.entries if jobs[entry.job_id].visibility == "shown"}
    expected |= {one.message_id for one in books.comparisons if one.delivery == "posted"}
    expected |= {number for one in books.challenges for number in (one.message_id, one.results_message_id)}
    expected |= {card.message_id for card in books.cards}
    expected |= {number for one in books.sessions for number in (one.board_message_id, one.closing_message_id)}
    may_be_gone = {entry.message_id for entry in books.entries if entry.withdrawn_at is not None}
    return {number for number in expected if number}, {number for number in may_be_gone if number}


def _wrong_clips(books: Books, sandbox: Sandbox, misfortunes: Misfortunes) -> list[str]:
    """Every clip is once in its channel, and once more where it was entered later; each as it was made, and known."""
    copies: defaultdict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for message in bot_messages(sandbox):
        for clip in message.attachments:
            copies[clip.filename].append((message.id, clip.content))
    entered = defaultdict(list)
    for entry in books.entries:
        entered[entry.job_id].append(entry)
    found = []
    for job in books.jobs:
        there = copies[f"stillmotion-{job.id}.mp4"]
        least, most = _copies_expected(job, entered[job.id], misfortunes)
        if not least <= len(there) <= most:
            found.append(f"job {job.id} is {job.state}, {job.delivery} and has {len(there)} clips, not {least}")
        if any(hashlib.sha256(content).hexdigest() != (job.clip or "").removesuffix(".mp4") for _, content in there):
            found.append(f"a clip of job {job.id} is not the one that was made")
        if unknown := {number for number, _ in there} - books.posts[job.id]:
            found.append(f"messages {unknown} with job {job.id}'s clip would stay if it was deleted")
    return found + [
        f"{name} is there {len(there)} times"
        for name, there in copies.items()
        if name.startswith(("comparison-", "challenge-")) and len(there) != 1
    ]


def _copies_expected(job: Job, entered: list[Entry], misfortunes: Misfortunes) -> tuple[int, int]:
    if job.visibility != "shown":
        return 0, 0
    most = misfortunes.copies_expected(job) + sum(entry.post == "posted" for entry in entered)
    # Whoever takes an entry back has its message removed, as soon as Discord does it.
    return most - sum(entry.withdrawn_at is not None and entry.message_id is not None for entry in entered), most


def _wrong_files(books: Books, files: Path, misfortunes: Misfortunes) -> list[str]:
    found = []
    needed = {job.clip for job in books.jobs if job.visibility != "deleted"}
    for job in books.jobs:
        is_there = job.clip is not None and (files / job.clip[:2] / job.clip).is_file()
        if job.visibility == "deleted" and is_there and job.clip not in needed:
            found.append(f"the file of job {job.id} is still there, though it was deleted")
        if job.clip and job.visibility != "deleted" and job.id not in misfortunes.lost and not is_there:
            found.append(f"the file of job {job.id} is gone")
        if job.visibility == "deleted" and job.recipe["prompt"]:
            found.append(f"the words of job {job.id} are still there, though it was deleted")
    return found
