"""The camera phrases that are offered: one table for the autocomplete, the coach and its rewrites."""

from dataclasses import dataclass
from typing import Final

from generation.camera.plan import Move
from generation.camera.words import Direction, MoveKind


@dataclass(frozen=True, slots=True)
class CameraPhrase:
    """One camera move in the words that models were trained on.

    ``key`` names its effect in the texts; ``phrase`` is English in every locale. No ``kind``: the camera stands still.
    """

    key: str
    phrase: str
    kind: MoveKind | None = None
    direction: Direction = ""


CAMERA_PHRASES: Final = (
    CameraPhrase("static", "static camera"),
    CameraPhrase("zoom-in", "slow zoom in", "zoom", "in"),
    CameraPhrase("zoom-out", "slow zoom out", "zoom", "out"),
    CameraPhrase("pan-left", "panning left", "pan", "left"),
    CameraPhrase("pan-right", "panning right", "pan", "right"),
    CameraPhrase("tilt-up", "tilting up", "tilt", "up"),
    CameraPhrase("tilt-down", "tilting down", "tilt", "down"),
    CameraPhrase("dolly-in", "dolly forward", "dolly", "in"),
    CameraPhrase("dolly-out", "dolly backward", "dolly", "out"),
    CameraPhrase("truck-left", "truck left", "truck", "left"),
    CameraPhrase("truck-right", "truck right", "truck", "right"),
    CameraPhrase("crane-up", "crane up", "crane", "up"),
    CameraPhrase("crane-down", "crane down", "crane", "down"),
    CameraPhrase("roll", "slow roll clockwise", "roll", "clockwise"),
    CameraPhrase("roll-back", "slow roll counterclockwise", "roll", "counterclockwise"),
    CameraPhrase("orbit", "slow orbit", "orbit", "right"),
    CameraPhrase("orbit-left", "slow orbit to the left", "orbit", "left"),
    CameraPhrase("handheld", "handheld", "handheld"),
)
"""In the order in which they are offered; ``read_prompt`` reads each of them as its own kind and direction."""

STATIC: Final = CAMERA_PHRASES[0]


def phrase_of(move: Move) -> str:
    """The offered phrase for a move that was read in a prompt; always a slow or plain one."""
    return next(one.phrase for one in CAMERA_PHRASES if (one.kind, one.direction) == (move.kind, move.direction))
