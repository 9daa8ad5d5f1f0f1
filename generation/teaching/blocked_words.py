"""Finds blocked words in what people write, however they are written, and leaves innocent words alone; pure.

A word is found as a whole word only: "ass" in neither "class" nor "assassin". Between its letters there may be
punctuation ("f.u.c.k"), and a letter may be repeated ("fuuuck"), masked ("f*ck") or written with a look-alike. A space
parts words, so that "pen is" is two of them, unless what it parts can be no words: single letters ("f u c k"), or a
piece without a vowel ("fu ck").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from generation.teaching.lookalikes import MAY_BE, spelled

LONGEST_SPAN = 60
"""Letters, repeated ones included, in which one word is looked for."""

_SIGNS = re.escape("".join(sign for sign in MAY_BE if not sign.isalnum()))
_EDGE = r"[^\W_]|[@$€£¢§]"
"""What a word may begin and end with: "$hit" is one, while the mark behind "hell!" is punctuation."""

_WITH_SIGNS = re.compile(rf"(?:{_EDGE})(?:(?:[^\W_]|[{_SIGNS}*])*(?:{_EDGE}))?")
_PLAIN = re.compile(r"[^\W\d_]+")

_ENDINGS = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})
"""What follows the apostrophe of “it's hit” or “he'll”: no word, and no part of one."""

_SHARED = {"i": "l", "b": "g", "n": "h", "v": "h", "y": "u"}
"""Letters that one sign may be read as, each with the one that stands for both in a key."""

_VOWELS = frozenset("aeiouy")
_HARDLY_DOUBLED = frozenset("ahijkquvwxy")
_DOUBLED_AT_END = frozenset("slfeo")
_DOUBLED_AT_START = frozenset("elo")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff]")
"""Thai, Lao, Burmese, Khmer, Kana, Han and Hangul: no spaces part the words, or endings follow them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A blocked word as its instructor wrote it, and the piece of the text that spells it."""

    word: str
    found: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters that stand together, and where. ``is_apart`` after a space; ``is_numbered`` beside a digit, or one."""

    letters: str
    key: str
    first: int
    last: int
    is_apart: bool
    is_numbered: bool


class _Word:
    """One entry of the list; a star at an end of it leaves that end open."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.is_open = (written.startswith("*"), written.endswith("*"))
        self.parts = [read for part in written.strip("*").split() if (read := _read(part))]
        self.letters = "".join(self.parts)
        self.key = _key(self.letters)

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return _pattern(self.letters, self.is_open)

    @cached_property
    def _masked(self) -> re.Pattern[str]:
        inner = "".join(f"(?:{_like(one)}|\\*)" for one in self.letters[1:-1])
        return _opened(f"{_like(self.letters[0])}{inner}{_like(self.letters[-1])}", self.is_open)

    def may_be(self, key: str) -> bool:
        """Whether letters with that key may spell an open word; ``is_in`` has the last word."""
        before, after = self.is_open
        return self.key in key and (before or key.startswith(self.key)) and (after or key.endswith(self.key))

    def is_in(self, pieces: Sequence[_Piece], *, is_whole: bool) -> bool:
        """Whether these pieces together spell the word; ``is_whole`` if spaces stand before and behind them."""
        letters = "".join(piece.letters for piece in pieces)
        if not _spells(self._whole, self.letters, letters) or not any(map(str.isalpha, letters)):
            return False
        groups = _groups(pieces)
        if len(groups) == 1:
            return True
        if len(groups) == len(self.parts) and all(map(_spells, map(_pattern, self.parts), self.parts, groups)):
            return True
        if not is_whole or any(piece.is_numbered for piece in pieces):
            return False
        if len(self.letters) > 2 and all(len(set(piece.letters)) == 1 for piece in pieces):
            return True
        return len(self.letters) > 3 and any(map(_has_no_vowel, pieces))

    def is_masked_in(self, piece: _Piece) -> bool:
        """Whether the piece spells the word with stars in place of inner letters."""
        return len(self.letters) > 2 and self._masked.fullmatch(piece.letters) is not None


class BlockedWords:
    """A list of words to look for. What has no letters at all, such as a number or an emoji, is found as it is."""

    def __init__(self, words: Iterable[str]) -> None:
        entries = [entry.strip() for entry in words]
        self._literal = {entry: literal for entry in entries if not has_letters(entry) and (literal := _folded(entry))}
        spelling = [_Word(entry) for entry in entries if has_letters(entry)]
        self._unspaced = [word for word in spelling if _UNSPACED.search(word.letters)]
        self._open = [word for word in spelling if any(word.is_open)]
        self._by_key: defaultdict[str, list[_Word]] = defaultdict(list)
        for word in spelling:
            self._by_key[word.key].append(word)
        self._spelling = spelling
        self._longest_key = max((len(word.key) for word in spelling), default=0)

    def find(self, text: str) -> Hit | None:
        """The first blocked word that is found, None if the text has none."""
        signs = spelled(text)
        folded = "".join(char for char, _ in signs)
        found = self._find_literal(folded) or self._find_unspaced(folded)
        for pattern in (_WITH_SIGNS, _PLAIN):
            found = found or self._find_in(_pieces(folded, pattern))
        if found is None:
            return None
        word, first, last = found
        return Hit(word, text[signs[first][1] : signs[last][1] + 1])

    def _find_in(self, pieces: Sequence[_Piece]) -> tuple[str, int, int] | None:
        for at, first in enumerate(pieces):
            if "*" in first.letters:
                for word in self._spelling:
                    if word.is_masked_in(first):
                        return word.written, first.first, first.last
            key, length, is_together = "", 0, True
            for end in range(at, len(pieces)):
                key = _joined(key, pieces[end].key)
                length += len(pieces[end].letters)
                if end > at and (length > LONGEST_SPAN or len(key) > self._longest_key):
                    break
                is_together = is_together and (end == at or not pieces[end].is_apart)
                for word in self._candidates(key, with_open=is_together):
                    is_whole = first.is_apart and _is_last(pieces, end)
                    if word.is_in(pieces[at : end + 1], is_whole=is_whole):
                        return word.written, first.first, pieces[end].last
        return None

    def _candidates(self, key: str, *, with_open: bool) -> list[_Word]:
        known = self._by_key.get(key, [])
        return known + [word for word in self._open if word.may_be(key)] if with_open and self._open else known

    def _find_literal(self, folded: str) -> tuple[str, int, int] | None:
        for written, literal in self._literal.items():
            if (match := re.search(rf"(?<!\w){re.escape(literal)}(?!\w)", folded)) is not None:
                return written, match.start(), match.end() - 1
        return None

    def _find_unspaced(self, folded: str) -> tuple[str, int, int] | None:
        letters = [(char, at) for at, char in enumerate(folded) if char.isalpha()] if self._unspaced else []
        together = "".join(char for char, _ in letters)
        for word in self._unspaced:
            if (at := together.find(word.letters)) >= 0:
                return word.written, letters[at][1], letters[at + len(word.letters) - 1][1]
        return None


@lru_cache(maxsize=64)
def word_list(words: tuple[str, ...]) -> BlockedWords:
    """The list, made ready once for as long as it stays the same."""
    return BlockedWords(words)


def has_letters(word: str) -> bool:
    """Whether there is anything to spell in the entry."""
    return any(char.isalpha() for char in _folded(word))


def letter_count(word: str) -> int:
    """How many letters, digits and signs the entry is looked for by."""
    return len("".join(_folded(word).split()).strip("*"))


def _folded(text: str) -> str:
    return "".join(char for char, _ in spelled(text))


def _read(word: str) -> str:
    """A word of the list in plain letters, its digits and signs read as the first letter they may be."""
    kept = (char for char in _folded(word) if char.isalnum() or char in MAY_BE)
    return "".join(MAY_BE.get(char, char)[0] for char in kept)


def _key(letters: str) -> str:
    """The same for everything that may be the same word: repetitions, and letters that share a sign, fall together."""
    same = [_SHARED.get(one := MAY_BE.get(char, char)[0], one) for char in letters]
    return "".join(char for at, char in enumerate(same) if at == 0 or char != same[at - 1])


def _joined(key: str, more: str) -> str:
    return key + (more[1:] if key.endswith(more[0]) else more)


def _like(letter: str) -> str:
    signs = "".join(sign for sign, letters in MAY_BE.items() if letter in letters)
    return f"[{re.escape(letter + signs)}]"


def _runs(letters: str) -> list[tuple[str, int]]:
    return [(match[1], len(match[0])) for match in re.finditer(r"(.)\1*", letters)]


def _pattern(letters: str, is_open: tuple[bool, bool] = (False, False)) -> re.Pattern[str]:
    runs = "".join(f"({_like(letter)}{{{count},}})" for letter, count in _runs(letters))
    return _opened(runs, is_open)


def _opened(pattern: str, is_open: tuple[bool, bool]) -> re.Pattern[str]:
    before, after = is_open
    return re.compile(f"{'.*?' if before else ''}{pattern}{'.*' if after else ''}")


def _spells(pattern: re.Pattern[str], word: str, letters: str) -> bool:
    match = pattern.fullmatch(letters)
    return match is not None and _is_meant(word, [len(group) for group in match.groups()])


def _is_meant(word: str, lengths: Sequence[int]) -> bool:
    """Whether longer runs are emphasis, and not the doubling that makes another word: god and good, hate and hatte.

    A letter three times in a row, or more than one letter doubled, is no spelling of any word; nor are some letters
    doubled at all, or at the beginning, or at the end of a longer word.
    """
    runs = _runs(word)
    longer = [at for at, (length, (_, count)) in enumerate(zip(lengths, runs, strict=True)) if length > count]
    if len(longer) != 1 or lengths[longer[0]] > 2:
        return True
    at, letter = longer[0], runs[longer[0]][0]
    if at == 0 and letter not in _DOUBLED_AT_START:
        return True
    if at == len(runs) - 1 and len(word) > 3 and letter not in _DOUBLED_AT_END:
        return True
    return letter in _HARDLY_DOUBLED or not letter.isascii()


def _groups(pieces: Sequence[_Piece]) -> list[str]:
    """The letters between spaces."""
    groups: list[str] = []
    for piece in pieces:
        if piece.is_apart or not groups:
            groups.append(piece.letters)
        else:
            groups[-1] += piece.letters
    return groups


def _is_last(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a space or nothing follows the piece."""
    return at + 1 == len(pieces) or pieces[at + 1].is_apart


def _has_no_vowel(piece: _Piece) -> bool:
    readings = "".join(MAY_BE.get(char, char) for char in piece.letters)
    return readings.isascii() and not _VOWELS & set(readings)


def _pieces(folded: str, pattern: re.Pattern[str]) -> list[_Piece]:
    """The text cut into what stands together, without endings behind an apostrophe and without longer numbers."""
    pieces: list[_Piece] = []
    end = 0
    for match in pattern.finditer(folded):
        letters, gap = match[0], folded[end : match.start()]
        is_number = not any(map(str.isalpha, letters))
        if is_number and len(letters) > 1:
            continue
        is_apart = not pieces or any(map(str.isspace, gap))
        if gap == "'" and letters in _ENDINGS and (len(pieces[-1].letters) > 1 or pieces[-1].is_apart):
            continue
        around = folded[max(0, match.start() - 1) : match.start()] + folded[match.end() : match.end() + 1]
        is_numbered = is_number or any(map(str.isdigit, around))
        pieces.append(_Piece(letters, _key(letters), match.start(), match.end() - 1, is_apart, is_numbered))
        end = match.end()
    return pieces
