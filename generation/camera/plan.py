"""What is read out of a motion prompt: camera moves in their phases, wind and water, and what is left over."""

from dataclasses import dataclass
from typing import Final, Literal

from generation.camera.words import Direction, MoveKind, NatureKind

Speed = Literal["slow", "normal", "fast"]


@dataclass(frozen=True, slots=True)
class Move:
    """One camera move; moves of the same ``phase`` happen together, phases follow each other."""

    kind: MoveKind
    direction: Direction = ""
    speed: Speed = "normal"
    phase: int = 0

    def __str__(self) -> str:
        """In the field's words, such as ``slow zoom in``."""
        speed = "" if self.speed == "normal" else self.speed
        return " ".join(part for part in (speed, self.kind, self.direction) if part)


@dataclass(frozen=True, slots=True)
class Nature:
    """Wind or water that the prompt asks for."""

    kind: NatureKind
    speed: Speed = "normal"

    def __str__(self) -> str:
        """Such as ``gentle wind`` or ``ripples``."""
        strength = {"slow": "gentle ", "normal": "", "fast": "strong "}[self.speed]
        return strength + {"wind": "wind", "water": "ripples"}[self.kind]


@dataclass(frozen=True, slots=True)
class MotionPlan:
    """What a warp can do of a prompt. No moves means a camera that stands still.

    ``is_default`` is true when the prompt named neither camera nor wind nor water and a gentle push-in was chosen.
    ``leftover`` quotes, in order and shortened, what only a model could do. ``phases`` are of equal length.
    ``is_held`` is true when the prompt says of the camera itself that it stands still, at some time.
    """

    moves: tuple[Move, ...]
    nature: tuple[Nature, ...] = ()
    leftover: tuple[str, ...] = ()
    is_default: bool = False
    phases: int = 1
    is_held: bool = False

    def __str__(self) -> str:
        """In the field's words, such as ``slow zoom in, handheld, gentle wind``."""
        phases = [", ".join(str(move) for move in self.moves if move.phase == phase) for phase in range(self.phases)]
        return ", ".join([", then ".join(phase or "static" for phase in phases), *map(str, self.nature)])


DEFAULT_MOVE: Final = Move("dolly", "in", "slow")
