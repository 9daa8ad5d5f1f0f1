"""How the coach reads a prompt: words and clauses, and what each clause is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from generation.camera.plan import Move
from generation.camera.reading import read_prompt
from generation.camera.words import NEGATIONS, NEUTRAL
from generation.coach import words as lexicon

Role = Literal["camera", "motion", "description", "manner", "negated"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADDRESS: Final = re.compile(r"<[@#:][^>]*>|@\w+|https?://\S+")
"""Mentions and links, which say nothing about the clip."""

_BREAK: Final = re.compile(r"[.,;:!?()\n…–—]|\s-\s")
_QUOTED: Final = re.compile(r"[\"“”„«»'‘]([^\"“”„«»]{2,}?)[\"“”«»'’]")
_JOINING: Final = frozenset("and while as then but plus until whilst except before after when".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case, where it stands in the prompt, and whether it is said not to be there."""

    text: str
    start: int
    end: int
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two breaks; ``moves`` are the camera moves in them, ``verbs`` the places of what moves else."""

    words: tuple[Word, ...]
    role: Role
    moves: tuple[Move, ...] = ()
    verbs: tuple[int, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The words as texts."""
        return tuple(word.text for word in self.words)

    @property
    def said(self) -> tuple[str, ...]:
        """The words that are not negated."""
        return tuple(word.text for word in self.words if not word.is_negated)


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole prompt. ``is_english`` is false for what the coach cannot read; ``quoted`` is inside quotation marks."""

    prompt: str
    clauses: tuple[Clause, ...]
    word_count: int
    is_english: bool
    quoted: tuple[str, ...]

    def quote(self, first: Word, last: Word) -> str:
        """The prompt's own words from one to the other."""
        return self.prompt[first.start : last.end]


def read(prompt: str) -> Reading:
    """Take a prompt apart. Never fails; equal prompts give equal readings."""
    plain = _ADDRESS.sub(lambda m: " " * len(m.group()), prompt)
    found = [Word(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in _WORD.finditer(plain)]
    clauses: tuple[Clause, ...] = ()
    for words in _split(prompt, found):
        clauses += (_clause(prompt, words, clauses[-1] if clauses else None),)
    texts = {word.text for word in found}
    is_latin = all(ord(char) < 0x250 for word in found for char in word.text)
    is_foreign = len(texts & lexicon.FOREIGN) >= (1 if len(texts) < 5 else 2)
    return Reading(prompt, clauses, len(found), is_latin and not is_foreign, tuple(_QUOTED.findall(prompt)))


def _split(prompt: str, found: Sequence[Word]) -> list[list[Word]]:
    clauses: list[list[Word]] = [[]]
    end = 0
    for word in found:
        if clauses[-1] and (_BREAK.search(prompt, end, word.start) or word.text in _JOINING):
            clauses.append([])
        if word.text not in _JOINING or word.text in ("before", "after"):
            clauses[-1].append(word)
        end = word.end
    return [clause for clause in clauses if clause]


def _clause(prompt: str, words: Sequence[Word], previous: Clause | None) -> Clause:
    marked = tuple(_negated(prompt, words))
    texts = tuple(word.text for word in marked)
    plan = read_prompt(" ".join(prompt[w.start : w.end] for w in marked if w.text not in lexicon.EMPHASIS))
    verbs = tuple(index for index, word in enumerate(marked) if not word.is_negated and is_motion(texts, index))
    if not verbs and len(texts) == 1 and previous is not None and previous.role == "motion" and texts[0].endswith("s"):
        # “she runs, jumps”: a single word goes on with what its subject does.
        verbs = (0,) if texts[0] in lexicon.ACTION_FORMS else ()
    is_camera = bool(plan.moves and not plan.is_default) or _is_about_camera(texts)
    is_camera = is_camera or bool(lexicon.CAMERA_MOVES & {*texts}) or _has_pair(texts)
    if is_camera and not _is_of_subject(texts) and not _goes_on(texts, previous):
        return Clause(marked, "camera", () if plan.is_default else plan.moves, verbs)
    if verbs:
        return Clause(marked, "motion", (), verbs)
    if all(word.is_negated or word.text in NEGATIONS for word in marked):
        return Clause(marked, "negated")
    if {*texts} <= NEUTRAL | lexicon.SHOP_TALK | lexicon.MANNER or "static" in texts or "still" in texts:
        return Clause(marked, "manner")
    return Clause(marked, "description")


def _negated(prompt: str, words: Sequence[Word]) -> list[Word]:
    """The words with everything after a negation, and before “-free”, marked."""
    marked, off = [], False
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        is_free = following is not None and following.text == "free" and prompt[word.end : following.start] == "-"
        marked.append(Word(word.text, word.start, word.end, is_negated=off or is_free))
        off = (off or word.text in NEGATIONS) and word.text not in lexicon.NEGATION_ENDS
    return marked


def _is_about_camera(texts: Sequence[str]) -> bool:
    return bool(lexicon.CAMERA_NOUNS & {*texts[:4]}) and not lexicon.PRONOUNS & {*texts[:2]}


def _is_of_subject(texts: Sequence[str]) -> bool:
    """Whether somebody does it who is no camera: “the dog rolls over”, “rolls over and …”."""
    return bool({*texts} & (lexicon.PERSONS | lexicon.ANIMALS)) and not (lexicon.CAMERA_ONLY & {*texts})


def _has_pair(texts: Sequence[str]) -> bool:
    return any(pair in lexicon.CAMERA_PAIRS for pair in pairwise(texts))


def _goes_on(texts: Sequence[str], previous: Clause | None) -> bool:
    """Whether the subject of the clause before does this too: “the dog runs, rolls over”."""
    is_bare = texts[0].endswith("s") and not lexicon.CAMERA_ONLY & {*texts}
    return is_bare and previous is not None and previous.role == "motion"


def is_motion(texts: Sequence[str], index: int) -> bool:
    """Whether the word at ``index`` says that something moves."""
    text = texts[index]
    before = texts[index - 1] if index else ""
    after = texts[index + 1] if index + 1 < len(texts) else ""
    if text in lexicon.EVENTS:
        return True
    if text == "does" and after in NEGATIONS:
        return False
    if text in lexicon.MANNER:
        return after not in lexicon.LIT and not after.endswith("ed")
    if text.endswith("ing") and len(text) > 4:
        is_noun = (before in ("a", "an", "the") and _ends_noun(after)) or after in lexicon.THINGS_FOR
        return text not in lexicon.NOT_GERUNDS and not is_noun and any(char in "aeiouy" for char in text[:-3])
    if text.endswith("ed") and before in ("is", "are", "being", "gets"):
        return {text[:-2], text[:-1], text[:-3]} & lexicon.BASE_FORMS != set()
    if text in lexicon.NOUN_TOO and after in lexicon.BASE_FORMS:
        return False  # “drops run down”: what follows is the verb, and this is what it is said of
    if text.endswith("s") and text not in lexicon.BASE_FORMS:
        return _is_third_person(texts, index, before, after)
    return text in lexicon.BASE_FORMS and _is_base_verb(texts, index, before, after)


def _is_third_person(texts: Sequence[str], index: int, before: str, after: str) -> bool:
    text = texts[index]
    if text in lexicon.STATIVE:
        return text not in ("is", "was", "has", "wears") and after in lexicon.DIRECTIONS and text != "hangs"
    if text in lexicon.ACTION_FORMS and text not in lexicon.NOUN_TOO:
        return True
    if before in lexicon.PRONOUNS or after in lexicon.OWN or before in lexicon.MANNER or after in lexicon.MANNER:
        return text not in lexicon.ARTICLES | lexicon.OWN and len(text) > 3
    if not before:
        # “…, jumps over the fence”: its subject stands in the clause before.
        return text in lexicon.ACTION_FORMS - lexicon.PLURALS and bool(after)
    if before in lexicon.PERSONS | lexicon.ANIMALS and after in lexicon.ARTICLES | lexicon.OWN:
        return True
    if (text, after) == ("lights", "up"):
        return True
    if index == 2 and texts[0] in lexicon.ARTICLES | lexicon.OWN and text in lexicon.ACTION_FORMS and _is_noun(after):
        return True
    if before not in lexicon.ADJECTIVES | lexicon.NUMBERS and _could_be_verb(texts, index, before, after):
        return True
    follows_noun = before not in lexicon.ARTICLES | lexicon.PREPOSITIONS | lexicon.OWN
    ends_clause = not after or after in lexicon.DIRECTIONS | lexicon.PREPOSITIONS | lexicon.ARTICLES
    ends_clause = ends_clause or after.endswith("ly")
    return text in lexicon.ACTION_FORMS and follows_noun and ends_clause and before not in lexicon.QUALITIES


def _ends_noun(after: str) -> bool:
    """Whether a noun ends before this word: “over a landing”, “the railing of the bridge”."""
    return not after or after in lexicon.PREPOSITIONS


def _is_noun(after: str) -> bool:
    """Whether what follows may be what something is done to, as in “the baker dusts flour over the dough”."""
    grammar = lexicon.PREPOSITIONS | lexicon.DIRECTIONS | lexicon.BASE_FORMS | lexicon.ACTION_FORMS | lexicon.STATIVE
    return bool(after) and after not in grammar and not after.endswith(("ing", "ed"))


def _could_be_verb(texts: Sequence[str], index: int, before: str, after: str) -> bool:
    """Whether an unknown word stands where a verb stands: “the kettle boils”, “the sailboat bobs on …”.

    Some plurals stand there too (“the city lights at night”): better to miss a description than to scold a movement.
    """
    text = texts[index]
    has_subject = index > 1 and bool({*texts[: index - 1]} & (lexicon.ARTICLES | lexicon.OWN)) and len(text) > 3
    is_noun = text.endswith(("ss", "us", "'s")) or text in lexicon.NOUN_TOO | lexicon.STATIVE | lexicon.COMMON_PLURALS
    follows = before not in lexicon.ARTICLES | lexicon.PREPOSITIONS | lexicon.OWN | {"is", "and"}
    ends = not after or after in lexicon.DIRECTIONS | lexicon.PREPOSITIONS | lexicon.ARTICLES | lexicon.OWN
    # A short subject such as “the grey wolf” leaves little doubt, whatever comes after: “the baker frosts cupcakes”.
    ends = ends or (index in (2, 3) and texts[0] in lexicon.ARTICLES | lexicon.OWN)
    return has_subject and not is_noun and follows and ends and not before.endswith("s")


def _is_base_verb(texts: Sequence[str], index: int, before: str, after: str) -> bool:
    text, opening = texts[index], texts[0]
    if before in ("to", "make", "makes", "let", "hand", "hands") or before in lexicon.MANNER | NEGATIONS:
        return True
    if (opening in ("make", "let") and index > 1 and text not in ("look", "come")) or (
        index and text in lexicon.NEVER_NOUNS
    ):
        return True
    is_plural = before.endswith("s") and before not in lexicon.OWN | {"is", "was", "has", "this"}
    if is_plural or before in lexicon.MANY | lexicon.PERSONS | lexicon.BASE_SUBJECTS:
        return True
    if _is_of_plural(texts[:index]) and (not after or after in lexicon.DIRECTIONS | lexicon.PREPOSITIONS):
        return True
    opens = (
        (text, after) != ("close", "up")
        and index == 0
        and (not after or after in lexicon.DIRECTIONS | lexicon.MANNER | lexicon.OWN | {"the"})
    )
    return opens or (before == "her" and after in lexicon.DIRECTIONS | lexicon.MANNER)


def _is_of_plural(subject: Sequence[str]) -> bool:
    """Whether it is “the pages of the book”."""
    return "of" in subject[2:-1] and subject[0] in lexicon.ARTICLES and subject[subject.index("of") - 1].endswith("s")
