"""The still-clip guard: what a person is told about a clip that did not move as asked.

Pure but for the measuring, which ``generation/media/motion.py`` joins; both run beside the render.
"""

from itertools import pairwise
from typing import Final, Literal

from generation.camera.plan import MotionPlan
from generation.camera.reading import read_prompt
from generation.camera.words import HOLDING, NEUTRAL
from generation.coach.reading import Clause, is_motion, read
from generation.media.defects import Blank
from generation.media.motion import ClipMotion
from generation.pipelines.base import Remark
from generation.remarks import BLANK, BLANK_STILL, FLASH, FREEZE, STILL

Advice = Literal["nothing", "camera", "only-still", "again", "draft"]

STILLNESS: Final = frozenset("frozen freeze freezes motionless stillness nothing unmoving".split())
"""Words that ask for no movement where nothing else in the prompt asks for one."""

BEFORE_STILL: Final = HOLDING | frozenset("totally absolutely stand stands standing sit sits sitting".split())
"""Words before "still" that make it mean motionless, and not the picture or "as before"."""


def asks_for_movement(prompt: str) -> bool:
    """Whether anything in the prompt should move; a prompt that describes a picture counts as asking for some."""
    plan = read_prompt(prompt)
    if (plan.moves and not plan.is_default) or plan.nature:
        return True
    reading = read(prompt)
    # A camera that stands still as asked says nothing about what is in the picture: that has to do something.
    if not plan.is_default or any(map(_is_quiet, reading.clauses)):
        return any(map(_moves, reading.clauses))
    return not reading.clauses or not all(map(_is_held, reading.clauses))


def remarks_on(
    motion: ClipMotion, prompt: str, *, still: Blank | None = None, is_computed: bool = False
) -> tuple[Remark, ...]:
    """What to say about a clip made for ``prompt``; ``still`` is how its picture is blank. Empty when all is well.

    ``is_computed`` for a draft: it moves what it can, and no other seed or wording moves more.
    """
    found: list[Remark] = []
    if motion.blank is not None and motion.blank == still:
        found.append(Remark(BLANK_STILL))
    elif motion.blank is not None:
        found.append(Remark(BLANK[motion.blank]))
    elif motion.is_still and asks_for_movement(prompt):
        found.append(Remark(STILL, {"advice": "draft" if is_computed else _advice(read_prompt(prompt))}))
    if motion.frozen is not None and motion.blank is None and not _asks_for_hold(prompt):
        start, end = motion.frozen
        found.append(Remark(FREEZE, {"start": round(start, 1), "end": round(end, 1)}))
    if motion.flash_seconds is not None:
        found.append(Remark(FLASH, {"at": round(motion.flash_seconds, 1)}))
    return tuple(found)


def _moves(clause: Clause) -> bool:
    """Whether something moves in it that is not the camera, of which “the camera stays still” is said."""
    return any({*clause.texts[:index]} - NEUTRAL or clause.role != "camera" for index in clause.verbs)


def _is_quiet(clause: Clause) -> bool:
    """Whether it has a word for stillness."""
    texts = clause.texts
    return bool(STILLNESS & {*texts}) or any(
        after == "still" and (before in BEFORE_STILL or (before in ("is", "are") and texts[-1] == "still"))
        for before, after in pairwise(texts)
    )


def _is_held(clause: Clause) -> bool:
    """Whether it says of somebody only that they do not move: “she does not blink”."""
    is_unmoved = any(word.is_negated and is_motion(clause.texts, index) for index, word in enumerate(clause.words))
    return is_unmoved and not clause.verbs


def _asks_for_hold(prompt: str) -> bool:
    """Whether the camera is to stand still before or after a move, or everything always."""
    plan = read_prompt(prompt)
    holds = plan.phases > 1 and plan.phases > len({move.phase for move in plan.moves})
    return holds or not asks_for_movement(prompt)


def _advice(plan: MotionPlan) -> Advice:
    if plan.is_default:
        return "nothing"
    if plan.moves:
        return "again"
    if plan.leftover:
        return "camera"
    return "again" if any(item.speed == "fast" for item in plan.nature) else "only-still"
