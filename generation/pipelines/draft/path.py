"""Where the camera is at every frame: pure arithmetic from a motion plan to numbers per frame.

The first frame of every path is the still itself. A move that needs room (pan, tilt, roll, handheld …) gets it by
coming closer just as much as it moves away from the middle, so the view never leaves the picture. Zooming and dollying
out would leave it; there the middle shrinks while the edges stay where they are and stretch.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generation.camera.plan import MotionPlan, Move, Speed

Curve = NDArray[np.float64]

SPEED: Final[dict[Speed, float]] = {"slow": 0.55, "normal": 1.0, "fast": 1.8}

# Amounts after REFERENCE_SECONDS at normal speed; a longer clip goes further at the same speed, up to the limits.
REFERENCE_SECONDS: Final = 5.0
ZOOM: Final = 1.28
ZOOM_LIMIT: Final = 1.8
OUT: Final = 0.13
OUT_LIMIT: Final = 0.19
PAN: Final = 0.09
PAN_LIMIT: Final = 0.18
REACH_LIMIT: Final = 2 * PAN_LIMIT
"""All moves together: at half a side there would be nothing left to show."""
ROLL_DEGREES: Final = 7.0
ROLL_LIMIT_DEGREES: Final = 14.0
DOLLY_ZOOM: Final = 1.12
DOLLY_OUT: Final = 0.06
PARALLAX: Final = 0.18
PARALLAX_LIMIT: Final = 0.3
ORBIT: Final = 0.045
KEYSTONE: Final = 0.07
ORBIT_PIVOT: Final = 0.6

SHAKE: Final = 0.011
SHAKE_DEGREES: Final = 0.35
SHAKE_HERTZ: Final = (0.31, 0.73, 1.37, 2.6)
"""Frequencies of a hand: slow sway of the body and faster tremor of the arms, weaker the faster."""

EASE_SHARE: Final = 0.22
"""Share of a move spent speeding up, and again slowing down."""


@dataclass(frozen=True, slots=True)
class CameraPath:
    """One number per frame for each freedom of the camera; all are 0 (``scale``: 1) in the first frame.

    ``scale`` is the magnification; ``shift_x`` and ``shift_y`` are where the camera points, as shares of the sides;
    ``roll`` is radians, clockwise turns of the camera. ``push`` magnifies near things more than far ones; ``slide_x``
    and ``slide_y`` move the camera past them, as shares of the sides; ``pivot`` is the depth that a slide leaves in
    place; ``keystone`` brings the right side nearer. ``widen`` shrinks the middle by that share within edges that stay.
    """

    scale: Curve
    shift_x: Curve
    shift_y: Curve
    roll: Curve
    push: Curve
    slide_x: Curve
    slide_y: Curve
    keystone: Curve
    widen: Curve

    @property
    def is_still(self) -> bool:
        """Whether the camera never moves."""
        return self.is_flat and not (np.any(self.scale != 1) or np.any(self.shift_x) or np.any(self.shift_y))

    @property
    def is_flat(self) -> bool:
        """Whether every frame is a plain crop of the picture, with no depth in it."""
        return not any(map(np.any, (self.push, self.slide_x, self.slide_y, self.keystone, self.widen)))


def camera_path(plan: MotionPlan, frames: int, fps: int, aspect: float, seed: int) -> CameraPath:
    """The path for a plan; ``aspect`` is width over height. Deterministic in all arguments."""
    freedoms = _Freedoms.at_rest(frames)
    seconds = frames / fps / plan.phases
    for number, move in enumerate(plan.moves):
        amount = SPEED[move.speed] * seconds / REFERENCE_SECONDS
        progress = ease(np.linspace(0, plan.phases, frames) - move.phase)
        if move.kind == "handheld":
            freedoms.shake(SPEED[move.speed], frames, fps, np.random.default_rng((seed, number)))
        else:
            freedoms.add(move, amount, progress)
    return freedoms.path(aspect)


def ease(x: Curve) -> Curve:
    """0 before 0, 1 after 1, and between them a movement that starts and stops softly at constant speed in between."""
    grid = np.linspace(0.0, 1.0, 1025)
    speed = _smoothstep(grid / EASE_SHARE) * _smoothstep((1 - grid) / EASE_SHARE)
    distance = np.concatenate([[0.0], np.cumsum(speed[1:] + speed[:-1])])
    return np.asarray(np.interp(x, grid, distance / distance[-1]), dtype=np.float64)


def _smoothstep(x: Curve) -> Curve:
    clipped = np.clip(x, 0.0, 1.0)
    return np.asarray(clipped * clipped * (3 - 2 * clipped), dtype=np.float64)


@dataclass(slots=True)
class _Freedoms:
    """The sum of all moves; ``zoom`` is the logarithm of the wanted magnification, ``sway`` bounds the shaking.

    A ``zoom`` below 0 is, as far as it is, a share that the middle shrinks. Shaking is kept apart, because the room it
    needs follows its bound: following the shaking itself, the picture would pulse.
    """

    zoom: Curve
    shift_x: Curve
    shift_y: Curve
    roll: Curve
    push: Curve
    slide_x: Curve
    slide_y: Curve
    keystone: Curve
    shake_x: Curve
    shake_y: Curve
    shake_roll: Curve
    sway: Curve

    @classmethod
    def at_rest(cls, frames: int) -> "_Freedoms":
        return cls(*(np.zeros(frames) for _ in fields(cls)))

    def add(self, move: Move, amount: float, progress: Curve) -> None:
        """Add one move that goes ``amount`` times its reference distance along ``progress`` (0 to 1)."""
        sign = {"left": -1.0, "up": -1.0, "out": -1.0, "counterclockwise": -1.0}.get(move.direction, 1.0)
        travel = sign * min(PAN * amount, PAN_LIMIT) * progress
        match move.kind:
            case "zoom":
                nearer, limit = (np.log(ZOOM), np.log(ZOOM_LIMIT)) if sign > 0 else (OUT, OUT_LIMIT)
                self.zoom += sign * min(nearer * amount, limit) * progress
            case "dolly":
                nearer, limit = (np.log(DOLLY_ZOOM), np.log(ZOOM_LIMIT)) if sign > 0 else (DOLLY_OUT, OUT_LIMIT / 2)
                self.zoom += sign * min(nearer * amount, limit) * progress
                self.push += sign * min(PARALLAX * amount, PARALLAX_LIMIT) * progress
            case "pan":
                self.shift_x += travel
            case "tilt":
                self.shift_y += travel
            case "truck":
                self.slide_x += 0.6 * travel
                self.shift_x += 0.6 * ORBIT_PIVOT * travel
            case "crane":
                self.slide_y += 0.6 * travel
                self.shift_y += 0.6 * ORBIT_PIVOT * travel
            case "roll":
                self.roll += sign * np.radians(min(ROLL_DEGREES * amount, ROLL_LIMIT_DEGREES)) * progress
            case "orbit":
                self.slide_x += sign * min(ORBIT * amount, PAN_LIMIT) * progress
                self.keystone += sign * min(KEYSTONE * amount, 2 * KEYSTONE) * progress

    def shake(self, strength: float, frames: int, fps: int, random: np.random.Generator) -> None:
        """Add a hand's shaking that sets in over the first second."""
        seconds = np.arange(frames) / fps
        envelope = strength * _smoothstep(seconds)
        weights = np.array([1.0, 0.6, 0.3, 0.12])
        weights /= weights.sum()
        phases = random.uniform(0, 2 * np.pi, (3, len(SHAKE_HERTZ), 1))
        angles = 2 * np.pi * np.array(SHAKE_HERTZ)[:, None] * seconds + phases
        sway_x, sway_y, turn = (weights[:, None] * np.sin(angles)).sum(axis=1)
        self.shake_x += SHAKE * envelope * sway_x
        self.shake_y += SHAKE * envelope * sway_y
        self.shake_roll += np.radians(SHAKE_DEGREES) * envelope * turn
        self.sway += SHAKE * envelope

    def _keep_within_reach(self) -> None:
        """Shorten all moves to the side alike if their sum goes too far."""
        reach_x = np.abs(self.shift_x) + np.abs(self.slide_x) * ORBIT_PIVOT
        reach_y = np.abs(self.shift_y) + np.abs(self.slide_y) * ORBIT_PIVOT
        share = REACH_LIMIT / max(REACH_LIMIT, float(reach_x.max()), float(reach_y.max()))
        for curve in (self.shift_x, self.shift_y, self.slide_x, self.slide_y):
            curve *= share

    def path(self, aspect: float) -> CameraPath:
        """The whole movement, magnified just enough that the view stays inside the picture."""
        self._keep_within_reach()
        reach_x = np.abs(self.shift_x) + np.abs(self.slide_x) * ORBIT_PIVOT + self.sway
        reach_y = np.abs(self.shift_y) + np.abs(self.slide_y) * ORBIT_PIVOT + self.sway
        turn = np.abs(self.roll) + self.sway * np.radians(SHAKE_DEGREES) / SHAKE
        room = (np.cos(turn) + max(aspect, 1 / aspect) * np.sin(turn)) / (1 - 2 * np.maximum(reach_x, reach_y))
        room *= 1 + 0.5 * np.maximum(self.push, 0) + np.abs(self.keystone)
        return CameraPath(
            scale=np.exp(np.maximum(self.zoom, 0)) * room,
            shift_x=self.shift_x + self.shake_x,
            shift_y=self.shift_y + self.shake_y,
            roll=self.roll + self.shake_roll,
            push=self.push,
            slide_x=self.slide_x,
            slide_y=self.slide_y,
            keystone=self.keystone,
            widen=np.clip(-self.zoom, 0, OUT_LIMIT),
        )
