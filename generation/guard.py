"""The still-clip guard: what a person is told about a clip that did not move as asked.

Pure but for the measuring, which is in ``generation/media/motion.py``; both run beside the render.
"""

from itertools import pairwise
from typing import Final, Literal

from generation.camera import read_prompt
from generation.camera_plan import MotionPlan
from generation.media.motion import ClipMotion
from generation.pipelines.base import Remark
from generation.remarks import BLANK, FLASH, FREEZE, STILL

Advice = Literal["nothing", "camera", "only-still", "again"]

STILLNESS: Final = frozenset("frozen freeze freezes motionless stillness nothing unmoving photograph photo".split())
"""Words that ask for no movement where nothing else in the prompt asks for one."""

NONE_OF: Final = frozenset("no without zero nothing".split())
MOVEMENT: Final = frozenset("motion movement move moves moving".split())
HOLDING: Final = frozenset("completely perfectly totally absolutely stands stays remains hold holds".split())
"""Words before "still" that make it mean motionless."""

NOT_MOVING: Final = frozenset(
    "being building ceiling clothing during evening everything king lying meeting morning nothing painting posing ring"
    " sitting something spring standing staring string thing wedding wing".split()
)
"""Words that end like a movement and are none."""

MOVING: Final = frozenset(
    "blink blinks breathe breathes burn burns dance dances drift drifts drive drives fall falls flap flaps flicker"
    " flickers flow flows flutter flutters fly flies grow grows jump jumps laugh laughs leave leaves lift lifts move"
    " moves nod nods open opens pass passes play plays pour pours rise rises rock rocks rotate rotates run runs shake"
    " shakes smile smiles speak speaks spin spins sway sways swim swims swing swings talk talks turn turns walk walks"
    " wag wags wave waves wink winks".split()
)
"""What a subject does, as plain verbs; forms in -ing are known by their ending."""


def asks_for_movement(prompt: str) -> bool:
    """Whether anything in the prompt should move; a prompt that describes a picture counts as asking for some."""
    plan = read_prompt(prompt)
    words = {word.strip(".,;:!?\"'()“”") for word in prompt.lower().split()}
    if plan.is_default:
        return not _is_quiet(prompt) and not (STILLNESS & words and not _moving(words))
    if plan.moves or plan.nature:
        return True
    # The camera stands still as asked; what is left asks for movement only if something in it does something.
    return _moving({word for phrase in plan.leftover for word in phrase.lower().split()})


def remarks_on(motion: ClipMotion, prompt: str) -> tuple[Remark, ...]:
    """What to say about a clip made for ``prompt``; empty when all is well."""
    found: list[Remark] = []
    if motion.blank is not None:
        found.append(Remark(BLANK[motion.blank]))
    elif motion.is_still and asks_for_movement(prompt):
        found.append(Remark(STILL, {"advice": _advice(read_prompt(prompt))}))
    if motion.frozen is not None and motion.blank is None and not _asks_for_hold(prompt):
        start, end = motion.frozen
        found.append(Remark(FREEZE, {"start": round(start, 1), "end": round(end, 1)}))
    if motion.flash_seconds is not None:
        found.append(Remark(FLASH, {"at": round(motion.flash_seconds, 1)}))
    return tuple(found)


def _moving(words: set[str]) -> bool:
    return bool(words & MOVING) or any(word.endswith("ing") and word not in NOT_MOVING for word in words)


def _is_quiet(prompt: str) -> bool:
    words = [word.strip(".,;:!") for word in prompt.lower().split()]
    return any(
        (first in NONE_OF and second in MOVEMENT) or (first in HOLDING and second == "still")
        for first, second in pairwise(words)
    )


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
    return "camera" if plan.leftover else "only-still"
