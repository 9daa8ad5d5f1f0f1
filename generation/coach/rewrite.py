"""A motion-first rewrite of a prompt from its own words: the movement, one camera phrase, none of the picture."""

from collections.abc import Sequence
from typing import Final

from generation.camera.phrases import STATIC, phrase_of
from generation.catalog import Task
from generation.coach import words as lexicon
from generation.coach.findings import Finding, coach
from generation.coach.reading import Clause, Reading, Word, read

MOVEMENT_WORDS: Final = 14
"""Most words of one movement that are kept."""

SUBJECT_WORDS: Final = 5
"""A subject of more words than these is cut before what describes it."""

_ENDS_SUBJECT: Final = lexicon.PREPOSITIONS | lexicon.STATIVE | {"who", "that", "which", "made", "covered", "dressed"}


def rewrite(prompt: str, *, camera: str = "", seconds: float = 0.0, task: Task = "animate") -> str | None:
    """The prompt with its first movement first and one camera phrase, or None where nothing sensible comes of it.

    Deterministic. What is returned has fewer findings than the prompt and none that the prompt has not; a ``camera``
    chosen beside the prompt stays the only one. Clips from words alone need their description, so they get None.
    """
    if task != "animate":
        return None
    reading = read(prompt)
    parts = [*_movements(reading), *([] if camera else _camera(reading))]
    better = ", ".join(part for part in parts if part)
    found = coach(prompt, camera=camera, seconds=seconds)
    return better if better and _mends(found, coach(better, camera=camera, seconds=seconds)) else None


def _mends(before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    return {one.rule for one in after} < {one.rule for one in before}


def _movements(reading: Reading) -> list[str]:
    """The first movement that can be made; a second one only if the two do not compete."""
    before = dict(zip(reading.clauses[1:], reading.clauses, strict=False))
    moving = [
        clause
        for clause in reading.clauses
        if clause.role == "motion" and not _shows_text(clause) and not _is_half(reading, before.get(clause), clause)
    ]
    kept: list[str] = []
    for clause in moving:
        movement = _shortened(reading, clause)
        candidate = ", ".join([*kept, movement])
        if not kept or (_has_subject(clause) and not {f.rule for f in coach(candidate)} - {"no_movement"}):
            kept.append(movement)
        if len(kept) == 2:
            break
    return kept


def _is_half(reading: Reading, before: Clause | None, clause: Clause) -> bool:
    """Whether half of its subject stands in the clause before: “mother and son wave” is no “son wave”."""
    if before is None or before.role != "description" or clause.texts[clause.verbs[0]] not in lexicon.BASE_FORMS:
        return False
    return reading.prompt[before.words[-1].end : clause.words[0].start].split() in (["and"], ["or"])


def _has_subject(clause: Clause) -> bool:
    return bool(clause.verbs) and (clause.verbs[0] > 0 or clause.texts[0] in lexicon.EVENTS)


def _shows_text(clause: Clause) -> bool:
    texts = {*clause.said}
    return bool(texts & lexicon.TEXT_ALWAYS) or bool(texts & lexicon.TEXT_SHOWN and texts & lexicon.SHOWING)


def _shortened(reading: Reading, clause: Clause) -> str:
    """The clause without praise, and without what describes its subject."""
    first = clause.verbs[0]
    if clause.texts[first] in lexicon.MANNER:
        # Only the manner is known: the verb itself stands somewhere before it and must not be cut away.
        return " ".join(_own(reading, word) for word in _ended(clause.words))
    while first and clause.texts[first - 1].endswith("ly"):
        first -= 1
    subject, rest = list(clause.words[:first]), clause.words[first:]
    if len(subject) > SUBJECT_WORDS:
        end = next((i for i, word in enumerate(subject) if i and word.text in _ENDS_SUBJECT), len(subject))
        subject = subject[:end]
    kept = [word for word in subject if word.text not in lexicon.QUALITIES]
    return " ".join(_own(reading, word) for word in (*kept, *_ended(rest)))


def _ended(rest: Sequence[Word]) -> Sequence[Word]:
    """At most MOVEMENT_WORDS, not ending on a word that wants another."""
    kept = list(rest[:MOVEMENT_WORDS])
    while len(kept) > 1 and len(kept) < len(rest) and kept[-1].text in _OPEN:
        kept.pop()
    return kept


_OPEN: Final = lexicon.PREPOSITIONS | lexicon.ARTICLES | lexicon.OWN | lexicon.QUALITIES | {"to", "very"}


def _own(reading: Reading, word: Word) -> str:
    return reading.prompt[word.start : word.end]


def _camera(reading: Reading) -> list[str]:
    """The first camera move by its offered phrase, or a camera that stands still."""
    moves = [move for clause in reading.clauses for move in clause.moves]
    if moves:
        return [phrase_of(moves[0])]
    if any({"static", "still"} & {*clause.said} and clause.role in ("camera", "manner") for clause in reading.clauses):
        return [STATIC.phrase]
    return []
