"""Reads camera moves, speed, wind and water out of a motion prompt; pure, cheap to import, honest about the rest.

Directions are the camera's: "pan right" turns the camera to the right, so what is in the picture moves to the left.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from generation.camera import words
from generation.camera.plan import DEFAULT_MOVE, MotionPlan, Move, Nature, Speed
from generation.camera.words import Meaning

QUOTE_LIMIT: Final = 60
"""Characters of one left-over phrase that are quoted back."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BREAK: Final = re.compile(r"[.,;:!?()\n…–—]")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Clause:
    connector: str
    words: tuple[_Word, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.words)


@dataclass(slots=True)
class _Reading:
    """What has been understood so far, and where the last clause stood."""

    moves: list[Move] = field(default_factory=list)
    nature: list[Nature] = field(default_factory=list)
    left: list[tuple[int, int]] = field(default_factory=list)
    held_phases: set[int] = field(default_factory=set)
    phase: int = 0
    was_left: bool = False
    was_negated: bool = False
    is_open: bool = False
    """Whether the last move was named without a direction."""
    is_held: bool = False

    def leave(self, found: Sequence[_Word]) -> None:
        """Quote these words, unless they say nothing."""
        if any(word.text not in words.NEUTRAL for word in found):
            self.left.append((found[0].start, found[-1].end))
            self.was_left = True


def read_prompt(prompt: str) -> MotionPlan:
    """Understand a prompt in English. Never fails: what is not understood is quoted in ``leftover``."""
    reading = _Reading()
    for clause in _clauses(prompt):
        _read_clause(clause, reading)
    nature = tuple({item.kind: item for item in reading.nature}.values())
    leftover = tuple(_quote(text) for text in _merged(prompt, reading.left))
    if not (reading.moves or nature or reading.held_phases):
        return MotionPlan((DEFAULT_MOVE,), (), leftover, is_default=True)
    used = sorted({move.phase for move in reading.moves} | reading.held_phases)
    moves = tuple(dict.fromkeys(replace(move, phase=used.index(move.phase)) for move in reading.moves))
    return MotionPlan(moves, nature, leftover, phases=max(1, len(used)), is_held=reading.is_held)


def _clauses(prompt: str) -> Iterator[_Clause]:
    clause: list[_Word] = []
    connector, end = "", 0
    for word in _joined([_Word(_canonical(m.group()), m.start(), m.end()) for m in _WORD.finditer(prompt)]):
        # “zoom in not out” says what is wanted first, and then what is not.
        turns = word.text in words.NEGATIONS and _first_move(tuple(before.text for before in clause), False) is not None
        if turns or _BREAK.search(prompt, end, word.start) or word.text in words.CONNECTORS:
            if clause:
                yield _Clause(connector, tuple(clause))
                connector = ""
            clause = []
        if word.text in words.CONNECTORS:
            connector = "then" if word.text in {"then", "followed", "before"} or connector == "then" else word.text
        else:
            clause.append(word)
        end = word.end
    if clause:
        yield _Clause(connector, tuple(clause))


def _canonical(text: str) -> str:
    lower = text.lower().replace("’", "'")
    return words.CANONICAL.get(lower, lower)


def _joined(found: Sequence[_Word]) -> Iterator[_Word]:
    """The words with known groups made one, such as "left to right"."""
    position = 0
    while position < len(found):
        for length in (4, 3, 2):
            group = found[position : position + length]
            meaning = words.PAIRS.get(tuple(word.text for word in group))
            if meaning is not None:
                yield _Word(meaning, group[0].start, group[-1].end)
                position += length
                break
        else:
            yield found[position]
            position += 1


def _read_clause(clause: _Clause, reading: _Reading) -> None:
    texts = clause.texts
    if clause.connector == "then":
        reading.phase += 1
    follows_left, reading.was_left = reading.was_left and clause.connector == "and", False
    was_open, reading.is_open = reading.is_open, False
    negated = bool(words.NEGATIONS & {*texts}) or (clause.connector in {"or", "nor"} and reading.was_negated)
    stops = next((text for text in texts if text not in words.NEUTRAL), "") == "stop"
    negated = negated or stops
    reading.was_negated = negated
    if stops and {*texts} <= words.NEUTRAL | {"stop"}:
        # “zoom in and stop”
        reading.phase += bool(reading.moves) and clause.connector != "then"
        reading.held_phases.add(reading.phase)
        reading.is_held |= bool(words.CAMERA & {*texts})
    elif _is_static(texts, negated):
        reading.held_phases.add(reading.phase)
        reading.is_held |= _is_of_camera(texts, negated)
    elif reading.moves and {*texts} <= words.DIRECTIONS | words.NEUTRAL and words.DIRECTIONS & {*texts}:
        _repeat(texts, was_open and not clause.connector, reading)
    elif reading.moves and {*texts} <= words.NEUTRAL and _speed(texts) != "normal":
        reading.moves[-1] = replace(reading.moves[-1], speed=_speed(texts))
    elif not _read_moves(clause, follows_left, reading) and not _read_nature(clause.words, follows_left, reading):
        reading.leave(clause.words)


def _is_static(texts: Sequence[str], negated: bool) -> bool:
    """Whether the clause says that the camera stands still, or only that some move is not wanted."""
    rest = {*texts} - words.NEUTRAL - {"stop"}
    if negated:
        unwanted = words.VERBS.keys() | words.DIRECTIONS | words.ANY_MOVE | {"static", "anything", "everything"}
        return bool(rest | (words.ANY_MOVE & {*texts})) and rest <= unwanted
    is_order = bool((words.CAMERA | words.HOLDING) & {*texts})
    return "static" in rest or (is_order and bool(rest - {"everything", "anything"}) and rest <= words.STILLNESS)


def _is_of_camera(texts: Sequence[str], negated: bool) -> bool:
    """Whether what stands still is the camera: “no movement” may be the subject's, “no zoom” leaves other moves."""
    if negated:
        return bool(words.CAMERA & {*texts} and words.ANY_MOVE & {*texts})
    return bool(words.CAMERA & {*texts}) or {*texts} - words.NEUTRAL == {"static"}


def _repeat(texts: Sequence[str], is_completion: bool, reading: _Reading) -> None:
    """A direction alone repeats the move before it ("pan left and then right"), or completes it ("pan: left")."""
    last = reading.moves[-1]
    verb = words.VERBS.get(last.kind)
    meaning = next((verb.meanings[text] for text in texts if verb and text in verb.meanings), None)
    if meaning == (last.kind, last.direction):
        return  # “closer and closer”
    if meaning is not None and is_completion:
        reading.moves[-1] = replace(last, kind=meaning[0], direction=meaning[1])
    elif meaning is not None:
        reading.phase = max(reading.phase, last.phase + 1)
        reading.moves.append(Move(*meaning, speed=last.speed, phase=reading.phase))


def _read_moves(clause: _Clause, follows_left: bool, reading: _Reading) -> bool:
    """Take every camera move out of the clause; False when there is none."""
    rest, count = clause.words, len(reading.moves)
    while (found := _first_move(tuple(word.text for word in rest), follows_left)) is not None:
        meaning, start, end = found
        nears = reading.moves[-1].kind in ("zoom", "dolly") if len(reading.moves) > count else False
        if nears and rest[start].text in words.NEARNESS:
            rest = (*rest[:start], *rest[end:])  # “zoom in closer to her face”
            if rest[start:] and rest[start].text in words.PREPOSITIONS:
                return True
            continue
        reading.leave(_trimmed(rest[:start]))
        at_once = [move for move in reading.moves if (move.phase, move.kind) == (reading.phase, meaning[0])]
        if any(move.direction != meaning[1] for move in at_once):
            reading.phase += 1  # “zoom in zoom out”: one after the other
        reading.moves.append(Move(*meaning, speed=_speed(clause.texts), phase=reading.phase))
        rest, reading.is_open = rest[end:], end - start == 1
        if rest and (rest[0].text in words.PREPOSITIONS or meaning[0] == "orbit"):
            return True
    if len(reading.moves) > count and {word.text for word in rest} == {"stop"}:
        reading.phase += 1  # “zoom out to a stop”
        reading.held_phases.add(reading.phase)
    elif len(reading.moves) > count and not _read_nature(rest, follows_left, reading):
        reading.leave(rest)
    return len(reading.moves) > count


def _trimmed(found: Sequence[_Word]) -> Sequence[_Word]:
    """The words without the speed at their end, which is the following move's."""
    while found and found[-1].text in words.SLOW | words.FAST:
        found = found[:-1]
    return found


def _first_move(texts: Sequence[str], follows_left: bool) -> tuple[Meaning, int, int] | None:
    """The first camera move among these words, and where it starts and ends."""
    for index, text in enumerate(texts):
        verb = words.VERBS.get(text)
        if verb is None:
            continue
        start, end, meaning = _direction(texts, index, verb)
        before = {*texts[:start]}
        by_camera = bool(words.CAMERA & before) and not words.PRONOUNS & before
        clean = (before <= words.NEUTRAL and not follows_left) or (meaning is not None and _is_shot(texts, index, end))
        if meaning is None:
            is_whole = {*texts[end:]} <= words.NEUTRAL or texts[end] in words.PREPOSITIONS or text == "orbit"
            meaning = verb.alone if is_whole or by_camera or not verb.of_camera else None
        if meaning is not None and (clean or by_camera or not verb.of_camera):
            return meaning, start, end
    return None


def _is_shot(texts: Sequence[str], index: int, end: int) -> bool:
    """Whether the verb at ``index``, which has a direction, can only be a shot's: "sunset pan left", "slow tilt up"."""
    text, before = texts[index], texts[index - 1] if index else ""
    if text == "pan":
        return before not in words.ARTICLES | words.COOKWARE
    may_be_push = end == len(texts) or text not in {"push", "pull"}
    return text in words.SHOTS and before in words.UNHURRIED and may_be_push


def _direction(texts: Sequence[str], index: int, verb: words.Verb) -> tuple[int, int, Meaning | None]:
    """Where the move starts and ends and what its direction makes of it: after the verb, or just before it."""
    end = index + 1
    while end < len(texts) and texts[end] not in verb.meanings and texts[end] in words.GLUE:
        end += 1
    if end < len(texts) and texts[end] in words.ACROSS and texts[-2:-1] == ("from",) and texts[-1] in verb.meanings:
        return index, len(texts), verb.meanings[texts[-1]]  # “pan across the skyline from left to right”
    if end < len(texts) and texts[end] in verb.meanings:
        return index, end + 1, verb.meanings[texts[end]]
    if index and texts[index - 1] in verb.meanings:
        return index - 1, index + 1, verb.meanings[texts[index - 1]]
    return index, index + 1, None


def _speed(texts: Sequence[str]) -> Speed:
    found = {*texts}
    if found & words.FAST:
        return "slow" if found & words.NEGATIONS else "fast"
    return "slow" if found & words.SLOW else "normal"


def _read_nature(found: Sequence[_Word], follows_left: bool, reading: _Reading) -> bool:
    """Take wind or water out of these words; what they ask beyond a gentle warp is left over. False when none."""
    texts = tuple(word.text for word in found)
    index = next(
        (i for i, text in enumerate(texts) if text in words.NATURE and _is_thing(texts, i, follows_left)), None
    )
    if index is None:
        return False
    if not (words.NEGATIONS | words.CALM) & {*texts}:
        reading.nature.append(Nature(words.NATURE[texts[index]], _speed(texts)))
    plain = words.NEUTRAL | words.PREPOSITIONS | words.SWAYS | words.CALM | words.NATURE.keys()
    strange = [i for i, text in enumerate(texts) if text not in plain]
    is_adjective = strange == [index - 1] and not texts[index - 1].endswith("ing")
    if (strange and not is_adjective) or words.PRONOUNS & {*texts}:
        reading.leave(found)
    return True


def _is_thing(texts: Sequence[str], index: int, follows_left: bool) -> bool:
    """Whether the word at ``index`` names wind or water, rather than what somebody does ("she waves")."""
    if texts[index] not in words.ALSO_VERBS:
        return True
    if index + 1 < len(texts) and texts[index + 1] in words.OBJECTS:
        return False
    if index == 0:
        return not follows_left
    before = texts[index - 1]
    return before in words.NEUTRAL | words.PREPOSITIONS | words.SWAYS | words.NATURE.keys()


def _merged(prompt: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The quoted parts of the prompt; parts with only a joining word between them are one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and {*_WORD.findall(prompt[joined[-1][1] : start].lower())} <= words.CONNECTORS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return (prompt[start:end] for start, end in joined)


def _quote(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTE_LIMIT else plain[: QUOTE_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,") + "…"
