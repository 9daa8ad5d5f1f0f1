"""The words that a class's instructors have blocked: kept per server, and looked for in whatever people write."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.request import ClipRequest
from generation.teaching.blocked_words import letter_count, word_list
from generation.teaching.house_rules import RuleRefused
from generation.teaching.staff import Staff
from storage import blocked_words
from storage.database import Database, Transaction
from storage.staff_acts import NewAct

WORDS_LIMIT = 500
"""Entries of one server's list; each prompt is searched for all of them."""

LOGGED_LIMIT = 200

LEAST_LETTERS = 2
LEAST_OPEN_LETTERS = 3
"""An entry with an open end fires inside other words, so it says a little more."""


class UnusableWord(Exception):
    """``word`` cannot be blocked: it has too few letters to tell it from others, or the list is full (None)."""

    def __init__(self, word: str | None) -> None:
        super().__init__("too few letters" if word else "the list is full")
        self.word = word


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a list: which entries were changed, which were so already, and how many there are now."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    count: int


class Wording:
    """Blocked words of every class. They bind everybody, instructors too: what is made of them is for all to see."""

    def __init__(self, database: Database, staff: Staff) -> None:
        self._database = database
        self._staff = staff

    async def block(self, act: NewAct, words: Sequence[str]) -> Changed:
        """Put words on the list, all or none. Raises UnusableWord."""
        for word in words:
            if letter_count(word) < (LEAST_OPEN_LETTERS if "*" in (word[0], word[-1]) else LEAST_LETTERS):
                raise UnusableWord(word)

        def change(tx: Transaction, now: float) -> Changed:
            new = [word for word in words if blocked_words.add(tx, act.guild_id, word)]
            count = len(blocked_words.of_guild(tx, act.guild_id))
            if count > WORDS_LIMIT:
                raise UnusableWord(None)
            return Changed(tuple(new), tuple(word for word in words if word not in new), count)

        return await self._staff.act(act, change, _logged)

    async def unblock(self, act: NewAct, words: Sequence[str]) -> Changed:
        """Take words off the list, in whatever case they are given."""

        def change(tx: Transaction, now: float) -> Changed:
            known = {word.casefold(): word for word in blocked_words.of_guild(tx, act.guild_id)}
            gone = [word for word in words if word.casefold() in known]
            for word in gone:
                blocked_words.remove(tx, act.guild_id, known[word.casefold()])
            count = len(blocked_words.of_guild(tx, act.guild_id))
            return Changed(tuple(gone), tuple(word for word in words if word not in gone), count)

        return await self._staff.act(act, change, _logged)

    async def blocked(self, guild_id: int) -> tuple[str, ...]:
        """The server's list, in order."""
        return await self._database.read(lambda tx: blocked_words.of_guild(tx, guild_id))

    async def check(self, guild_id: int, *requests: ClipRequest) -> None:
        """Raise RuleRefused("word") if one of the requests has a blocked word in what its person wrote."""
        await self._database.read(lambda tx: check_requests(tx, guild_id, requests))


def _logged(changed: Changed) -> dict[str, str | int]:
    """What a line of the log says: the entries, as far as a line holds them."""
    return {"words": ", ".join(changed.changed)[:LOGGED_LIMIT], "count": len(changed.changed)}


def check_requests(tx: Transaction, guild_id: int, requests: Sequence[ClipRequest]) -> None:
    """Raise RuleRefused("word") for a blocked word in a prompt, a camera move or a negative prompt."""
    check_texts(tx, guild_id, *(text for one in requests for text in (one.motion_prompt, one.negative_prompt)))


def check_texts(tx: Transaction, guild_id: int, *texts: str) -> None:
    """Raise RuleRefused("word"), with the list's ``word`` and what was ``found``, if a text has a blocked word."""
    if not (listed := blocked_words.of_guild(tx, guild_id)):
        return
    for text in texts:
        if (hit := word_list(listed).find(text)) is not None:
            raise RuleRefused("word", word=hit.word, found=hit.found)
