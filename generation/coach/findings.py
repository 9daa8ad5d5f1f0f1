"""Reads a motion prompt as the course teaches it and says what will come out badly; pure, instant, no model.

It reads English. Of a prompt in another language it knows only the lengths, and says nothing else about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from generation.camera.plan import MotionPlan
from generation.camera.reading import read_prompt
from generation.catalog import Task
from generation.coach import words as lexicon
from generation.coach.reading import Clause, Reading, Word, read

RuleName = Literal[
    "no_movement",
    "description",
    "several_camera_moves",
    "competing_movements",
    "too_many_words",
    "vague",
    "rapid_camera",
    "text",
    "several_characters",
    "dance_or_fight",
    "too_long_clip",
]

WORD_LIMIT: Final = 30
"""Words of a motion prompt; the course's limit."""

LENGTH_LIMIT_SECONDS: Final = 10.0
"""Beyond it clips drift; both families were trained on about five seconds (their cards' 81 and 121 frames)."""

SOURCES: Final[dict[RuleName, str]] = {
    "no_movement": "Course, motion prompts: the still shows the picture, the prompt says what changes. PEERS A1: the"
    " loudest complaint is a clip that comes out still (LTX-2 #11, #117; Wan2GP #1966).",
    "description": "Course, motion prompts: describing the picture repeats what the still says already.",
    "several_camera_moves": "Course, camera: one camera move in a clip.",
    "competing_movements": "Course, motion prompts: one movement of the subject in a clip.",
    "too_many_words": "Course, motion prompts: at most 30 words.",
    "vague": "Course, motion prompts: “person moves” leaves the movement to chance; name it.",
    "rapid_camera": "Course, camera: slow moves; rapid and extreme ones smear. PEERS A1: distilled models move slowly.",
    "text": "Course, exercise C: letters that appear in a clip come out as signs that look like letters.",
    "several_characters": "Course, exercise C: several characters exchange faces and limbs.",
    "dance_or_fight": "Course, exercise C: complex movement of a whole body breaks.",
    "too_long_clip": "Course, exercise C: more than 10 seconds. Model cards: 81 frames at 16 fps (Wan 2.2), 121 at 24"
    " (LTX-2.3).",
}
"""Where each rule comes from."""

FOR_WORDS_ALONE: Final[frozenset[RuleName]] = frozenset(SOURCES) - {"no_movement", "description", "too_many_words"}
"""Rules for a clip without a still, whose prompt has to describe the picture."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found: the prompt's own words for it, and a number where the rule counts or measures."""

    rule: RuleName
    quote: str = ""
    count: float = 0


def coach(prompt: str, *, camera: str = "", seconds: float = 0.0, task: Task = "animate") -> tuple[Finding, ...]:
    """What a course would say about this wish, at most one finding a rule, in the rules' order; empty when all is well.

    ``camera`` is the phrase chosen beside the prompt, ``seconds`` the clip's length.
    """
    reading = read(prompt)
    found = {finding.rule: finding for finding in _findings(reading, camera, seconds)}
    return tuple(found[rule] for rule in SOURCES if rule in found and (task == "animate" or rule in FOR_WORDS_ALONE))


def _findings(reading: Reading, camera: str, seconds: float) -> Iterator[Finding]:
    if seconds > LENGTH_LIMIT_SECONDS:
        yield Finding("too_long_clip", count=seconds)
    if reading.word_count > WORD_LIMIT:
        yield Finding("too_many_words", count=reading.word_count)
    if not reading.is_english:
        return
    for look in (_camera_moves, _rapid, _text, _characters, _dance_or_fight, _competing, _unmoved):
        finding = look(reading, camera)
        if finding is not None:
            yield finding


def _camera_moves(reading: Reading, camera: str) -> Finding | None:
    moves = [move for clause in (*read(camera).clauses, *reading.clauses) for move in clause.moves]
    texts = {text for clause in reading.clauses for text in clause.texts}
    is_of_camera_alone = bool(moves) and not texts & (lexicon.PERSONS | lexicon.ANIMALS | lexicon.PRONOUNS)
    # Read as a whole, because “pan left and then right” repeats its verb across clauses; once, and only if it is used.
    plan = read_prompt(reading.prompt) if camera or is_of_camera_alone else MotionPlan(())
    if is_of_camera_alone and not plan.is_default:
        moves += plan.moves
    chosen = read_prompt(camera)
    is_held = bool(camera) and (_stands(chosen) or _stands(plan))
    moving = {(move.kind, move.direction): str(move) for move in moves if is_held or move.kind != "handheld"}
    named = [*moving.values()]
    if is_held and moving:
        # What was chosen beside the prompt comes first.
        named.insert(0 if _stands(chosen) else len(named), "static")
    return Finding("several_camera_moves", ", ".join(named), len(named)) if len(named) > 1 else None


def _stands(plan: MotionPlan) -> bool:
    """Whether the camera is to stand still and nothing else."""
    return plan.is_held and not plan.moves


def _rapid(reading: Reading, camera: str) -> Finding | None:
    for clause in (*reading.clauses, *read(camera).clauses):
        if clause.role != "camera" and not lexicon.CAMERA_ONLY & {*clause.said}:
            continue
        for index, word in enumerate(clause.words):
            if word.text in lexicon.EXTREME and not word.is_negated and _belongs_to_camera(clause, index):
                return Finding("rapid_camera", _around(reading, clause, index))
    return None


def _belongs_to_camera(clause: Clause, index: int) -> bool:
    """Near a word for the camera or its move, or an adverb that ends the clause."""
    texts = clause.texts
    near = {*texts[max(0, index - 2) : index + 3]}
    if texts[index] == "speed" and near & lexicon.EXTREME - {"speed"}:
        return True
    if index + 1 == len(texts) and texts[index].endswith("ly"):
        return True
    return bool(near & (lexicon.CAMERA_ONLY | {"spin", "spins", "rotates", "flies", "moves", "rushes"}))


def _around(reading: Reading, clause: Clause, index: int) -> str:
    if clause.words[-1].end > len(reading.prompt):
        return clause.words[index].text
    near = clause.words[max(0, index - 2) : index + 3]
    return reading.quote(near[0], near[-1])


def _text(reading: Reading, _: str) -> Finding | None:
    for clause in reading.clauses:
        for index, word in enumerate(clause.words):
            is_compound = reading.prompt[word.end : word.end + 1] == "-"
            if not word.is_negated and not is_compound and _is_shown_text(clause, index):
                return Finding("text", word.text)
    verbs = {word for clause in reading.clauses for word in clause.said} & lexicon.SHOWING
    if reading.quoted and verbs:
        return Finding("text", reading.quoted[0])
    return None


def _is_shown_text(clause: Clause, index: int) -> bool:
    text, said = clause.texts[index], clause.said
    before = {*clause.texts[max(0, index - 2) : index]}
    if text in lexicon.TEXT_ALWAYS:
        is_there_already = {"message", "stays", "stay", "remains", "unchanged"} & {*said}
        return not before & {"reads", "reading", "her", "his"} and not is_there_already
    if text in ("bubble", "bubbles") and "speech" in before:
        return True
    if text not in lexicon.TEXT_SHOWN or before & lexicon.SPEAKING:
        return False
    after = {*said[index + 1 :]} if len(said) > index else set()
    comes = lexicon.SHOWING | (lexicon.ARRIVING if text in lexicon.WRITTEN else set())
    is_put_in = text in lexicon.WRITTEN and bool(before & {"add", "put", "insert", "overlay"})
    return is_put_in or bool(after & comes) or bool(before & lexicon.SHOWING - {"say", "says"})


def _characters(reading: Reading, _: str) -> Finding | None:
    beings: dict[str, Word] = {}
    pronouns: set[str] = set()
    for clause in reading.clauses:
        for index, word in enumerate(clause.words):
            if word.is_negated:
                continue
            text = word.text.removesuffix("'s")
            if text in lexicon.MANY and not (_is_made(clause.texts, index) or _is_owner(reading.prompt, word)):
                return Finding("several_characters", word.text)
            if text in lexicon.PERSONS | lexicon.ANIMALS and not _is_made(clause.texts, index):
                beings.setdefault(text, word)
            pronouns |= {word.text} & {"he", "she"}
        if "they" in clause.said and {*clause.said} & lexicon.TOGETHER:
            return Finding("several_characters", "they")
        if {"each", "other"} <= {*clause.said} or {"one", "another"} <= {*clause.said}:
            return Finding("several_characters", "each other")
    if len(beings) > 1:
        return Finding("several_characters", ", ".join(beings))
    return Finding("several_characters", "he, she") if pronouns == {"he", "she"} else None


def _is_owner(prompt: str, word: Word) -> bool:
    """Whether something of theirs is meant: “the players' flag”."""
    return prompt[word.end : word.end + 2] in ("' ", "’ ")


def _is_made(texts: tuple[str, ...], index: int) -> bool:
    """Whether the being is only a picture or a figure, or the first half of a compound such as “robot arm”."""
    near = {*texts[max(0, index - 3) : index + 2]}
    return bool(near & lexicon.TOYS)


def _dance_or_fight(reading: Reading, _: str) -> Finding | None:
    for clause in reading.clauses:
        for index, word in enumerate(clause.words):
            if word.is_negated or word.text not in lexicon.DANCES | lexicon.FIGHTS:
                continue
            near = {*clause.texts[:index], *clause.texts[index + 1 : index + 2]}
            if not near & lexicon.THINGS:
                return Finding("dance_or_fight", word.text)
    return None


SCENE_MOVEMENTS: Final = 4
"""So many clauses with a movement of their own compete if one of them is of a body; a scene may sway all over."""


def _competing(reading: Reading, _: str) -> Finding | None:
    big: dict[str, Word] = {}
    small: dict[str, Word] = {}
    moving: list[Word] = []
    for clause in reading.clauses:
        if clause.role != "motion":
            continue
        moving += [clause.words[index] for index in clause.verbs[-1:]]
        for index in clause.verbs:
            word = clause.words[index]
            if word.text in lexicon.BIG_VERBS and not {*clause.texts[:index]} & lexicon.THINGS:
                big.setdefault(lexicon.BIG_VERBS[word.text], word)
            elif word.text in lexicon.SMALL_VERBS:
                small.setdefault(lexicon.SMALL_VERBS[word.text], word)
    found = sorted((*big.values(), *small.values()), key=lambda word: word.start)
    if big and len(moving) >= SCENE_MOVEMENTS:
        found = moving
    if len(big) > 1 or len(found) > 2:
        return Finding("competing_movements", ", ".join(word.text for word in found), len(found))
    return None


def _unmoved(reading: Reading, camera: str) -> Finding | None:
    """Vague, a description, or nothing about movement at all."""
    if (vague := _vague(reading)) is not None:
        return vague
    if _text(reading, camera) is not None or _dance_or_fight(reading, camera) is not None:
        return None
    roles = [clause.role for clause in reading.clauses]
    described = [clause for clause in reading.clauses if clause.role == "description"]
    is_moved = bool({"camera", "motion"} & {*roles}) or bool(camera) or _asks_for_stillness(reading)
    content = [text for clause in described for text in clause.said if text not in lexicon.ORDERS | lexicon.SHOP_TALK]
    if is_moved:
        return _mostly_description(reading, described)
    if content:
        return Finding("description", reading.quote(described[0].words[0], described[0].words[-1]))
    return Finding("no_movement")


def _asks_for_stillness(reading: Reading) -> bool:
    texts = {text for clause in reading.clauses for text in clause.texts}
    return bool(texts & {"static", "still", "motionless", "freeze", "stationary", "unmoving", "movement"})


DESCRIPTION_WORDS: Final = 10
DESCRIPTION_SHARE: Final = 0.6
"""Beside a movement a description of that many words is scolded, if it is that much of the prompt; chosen on the
labelled prompts."""


def _mostly_description(reading: Reading, described: list[Clause]) -> Finding | None:
    count = sum(len(clause.words) for clause in described)
    if count < DESCRIPTION_WORDS or count < DESCRIPTION_SHARE * reading.word_count:
        return None
    return Finding("description", reading.quote(described[0].words[0], described[0].words[-1]))


def _vague(reading: Reading) -> Finding | None:
    known = lexicon.SOMEBODY | lexicon.GENERIC | lexicon.GENERIC_REST
    for clause in reading.clauses:
        said = {*clause.said}
        if clause.role != "camera" and said <= known and said & lexicon.GENERIC and not said & {"no", "not"}:
            if clause.said == ("movement",) or any(word.is_negated for word in clause.words):
                continue
            return Finding("vague", reading.quote(clause.words[0], clause.words[-1]))
    return None
