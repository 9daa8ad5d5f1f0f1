"""The rules of a challenge that need no database: required words, sameness, ranking, ties and prizes; pure."""

import hashlib
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.entries import Entry

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """One rank, 1 the best; several entries share it in a tie. ``prizes`` has what each of them wins, in credits."""

    rank: int
    votes: int
    entries: tuple[Entry, ...]
    prizes: tuple[int, ...]

    @property
    def is_tie(self) -> bool:
        """Whether more than one entry stands here."""
        return len(self.entries) > 1

    @property
    def awards(self) -> list[tuple[Entry, int]]:
        """Each entry with what it wins."""
        return list(zip(self.entries, self.prizes, strict=True))


def plain(text: str) -> str:
    """``text`` as words are compared: without case, accents and surplus spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def missing_words(prompt: str, required: Sequence[str]) -> list[str]:
    """The required words or phrases that do not stand in the prompt, as whole words in any case."""
    words = f" {' '.join(_WORD.findall(plain(prompt)))} "
    return [phrase for phrase in required if f" {' '.join(_WORD.findall(plain(phrase)))} " not in words]


def fingerprint(recipe: dict[str, Any]) -> str:
    """The same for two entries that differ in nothing but spelling of the prompt or the seed: SHA-256, hex."""
    facts = (plain(recipe["prompt"]), plain(recipe.get("camera") or ""), recipe.get("still"), recipe["model"])
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def shuffled(entries: Iterable[Entry], challenge_id: int, viewer_id: int) -> list[Entry]:
    """The gallery in an order of its own for each viewer, the same whenever they look."""
    gallery = sorted(entries, key=lambda entry: entry.number)
    random.Random(f"{challenge_id}:{viewer_id}").shuffle(gallery)  # noqa: S311 - an order, not a secret
    return gallery


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that can be voted for and win."""
    return [entry for entry in entries if entry.stands]


def listed(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that results name; of some the clip is private or gone by now."""
    return [entry for entry in entries if entry.is_listed]


def waiting(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that could take part if an instructor let them through."""
    return [entry for entry in entries if entry.withdrawn_at is None and entry.approval == "waiting"]


def unfinished(entries: Iterable[Entry]) -> list[Entry]:
    """Entries whose clip is still in the making, and may become one that takes part."""
    return [entry for entry in entries if entry.withdrawn_at is None and entry.job_state in ("queued", "running")]


def decided(entries: Iterable[Entry]) -> Place | None:
    """Who has won, as it was written down when the challenge closed; None if nobody, or it is not closed."""
    winners = tuple(entry for entry in entries if entry.prize_credits is not None)
    if not winners:
        return None
    return Place(1, winners[0].votes, winners, tuple(entry.prize_credits or 0 for entry in winners))


def first_place(entries: Iterable[Entry], prize_credits: int, chosen: Sequence[int] = ()) -> Place | None:
    """Who has won: the entry ``chosen`` by number where instructors decide, else those with most votes; None if nobody.

    The prize is shared evenly in whole credits, and what does not divide stays in the pool; an entry without a vote
    does not win by votes.
    """
    able = standing(entries)
    if chosen:
        winners = [entry for entry in able if entry.number in chosen]
    else:
        most = max((entry.votes for entry in able), default=0)
        winners = [entry for entry in able if entry.votes == most and most > 0]
    if not winners:
        return None
    share = prize_credits // len(winners)
    return Place(1, winners[0].votes, tuple(winners), (share,) * len(winners))
