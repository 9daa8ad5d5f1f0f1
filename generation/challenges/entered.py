"""What use cases of challenges return, and how they look a challenge, its entries and their jobs up."""

from dataclasses import dataclass

from generation.challenges.contests import Place
from generation.errors import ChallengeRefused
from generation.orders import Placed
from storage import challenges, entries, jobs
from storage.challenges import Challenge
from storage.database import Transaction
from storage.entries import Entry
from storage.jobs import Job


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry that stands. ``placed`` is the order for its clip, None where a finished clip was entered."""

    entry: Entry
    placed: Placed | None


@dataclass(frozen=True, slots=True)
class Gallery:
    """A challenge with all its entries and their jobs, by number."""

    challenge: Challenge
    entries: tuple[Entry, ...]
    jobs: dict[int, Job]


@dataclass(frozen=True, slots=True)
class Ended:
    """A challenge as it ended: who won, None if nobody, and the jobs that were cancelled with it."""

    challenge: Challenge
    place: Place | None
    cancelled: tuple[Job, ...] = ()


def of_guild(tx: Transaction, challenge_id: int, guild_id: int) -> Challenge:
    """The server's challenge. Raises ChallengeRefused("unknown")."""
    challenge = challenges.get(tx, challenge_id)
    if challenge is None or challenge.guild_id != guild_id:
        raise ChallengeRefused("unknown")
    return challenge


def entry_of_guild(tx: Transaction, entry_id: int, guild_id: int) -> tuple[Challenge, Entry]:
    """The server's entry with its challenge. Raises ChallengeRefused("unknown")."""
    entry = entries.get(tx, entry_id)
    if entry is None:
        raise ChallengeRefused("unknown")
    return of_guild(tx, entry.challenge_id, guild_id), entry


def gallery_of(tx: Transaction, challenge: Challenge) -> Gallery:
    """The challenge with everything that was entered."""
    found = tuple(entries.of_challenge(tx, challenge.id))
    made = {entry.job_id: jobs.get(tx, entry.job_id) for entry in found}
    return Gallery(challenge, found, {job_id: job for job_id, job in made.items() if job is not None})
