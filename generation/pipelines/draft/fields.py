"""Smooth fields over the picture: a cheap guess of depth, and where wind and water move it."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.camera.plan import Nature
from generation.pipelines.base import Frame

Field = NDArray[np.float32]
"""Grid rows x grid columns; the grid has one point per CELL x CELL pixels, at the middle of the cell."""

CELL: Final = 4
"""Pixels per grid point: a sixth of the shortest wave, so that linear interpolation does not show."""


UNSURE: Final = 0.4
"""By how much less a picture moves that shows nothing of the colour of leaves or water: a sway bends what is stiff."""

WAVES: Final = 4
"""Enough that their sum does not repeat visibly."""


def grid_size(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of the grid that covers a picture."""
    return -(-width // CELL), -(-height // CELL)


def guess_depth(still: Frame) -> Field:
    """Nearness in 0..1 for every grid point: near at the bottom, in the middle, and where the picture is sharp.

    A guess from how photographs are usually taken (ground below, subject in the middle and in focus). Mostly a plane,
    because a plane keeps straight things straight, and far too smooth to tear.
    """
    height, width = still.shape[:2]
    columns, rows = grid_size(width, height)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = (x + 0.5) / columns, (y + 0.5) / rows
    middle = np.exp(-(((x - 0.5) / 0.28) ** 2 + ((y - 0.55) / 0.3) ** 2) / 2)
    grey = cv2.resize(cv2.cvtColor(still, cv2.COLOR_RGB2GRAY), (columns, rows), interpolation=cv2.INTER_AREA)
    detail = _blurred(np.abs(cv2.Laplacian(grey.astype(np.float32), cv2.CV_32F)), 0.09)
    nearness = 0.82 * y + 0.12 * middle + 0.06 * detail / max(float(detail.max()), 1e-6)
    return _normalised(_blurred(nearness.astype(np.float32), 0.06))


@dataclass(frozen=True, slots=True)
class _Wave:
    """One travelling wave: its vector in radians per pixel, its speed in radians per second, its push in pixels."""

    vector: tuple[float, float]
    omega: float
    phase: float
    push: tuple[float, float]


class NatureField:
    """How wind or water displaces the picture over time. Deterministic by seed; zero at the edges and at time 0."""

    def __init__(self, nature: Nature, still: Frame, random: np.random.Generator) -> None:
        height, width = still.shape[:2]
        strength = {"slow": 0.65, "normal": 1.0, "fast": 1.6}[nature.speed]
        self._waves = [_wave(nature.kind == "water", min(width, height), strength, random) for _ in range(WAVES)]
        columns, rows = grid_size(width, height)
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        angles = [(wave.vector[0] * x + wave.vector[1] * y) * CELL + np.float32(wave.phase) for wave in self._waves]
        mask = _where(nature, still)
        parts = [np.sin(angle) * mask for angle in angles] + [np.cos(angle) * mask for angle in angles]
        self._basis = np.stack(parts).reshape(len(parts), -1)
        self._shape = (rows, columns)
        self._gust_phase = float(random.uniform(0, 2 * np.pi))

    def at(self, seconds: float) -> tuple[Field, Field]:
        """Displacement in x and y, in pixels, of where each grid point is sampled."""
        onset = min(seconds / 0.8, 1.0)
        gust = 0.75 + 0.25 * np.sin(2 * np.pi * seconds / 3.1 + self._gust_phase)
        envelope = onset * onset * (3 - 2 * onset) * gust
        turned = np.array([wave.omega * seconds for wave in self._waves])
        pushes = np.array([wave.push for wave in self._waves]).T * envelope
        weights = np.hstack([pushes * np.cos(turned), -pushes * np.sin(turned)])
        dx, dy = (weights.astype(np.float32) @ self._basis).reshape(2, *self._shape)
        return dx, dy


def _wave(is_water: bool, side: int, strength: float, random: np.random.Generator) -> _Wave:
    """A wave for a picture whose short side is ``side`` pixels: long slow swaying in wind, short ripples on water."""
    if is_water:
        length = side * random.uniform(0.06, 0.14)
        angle = np.pi / 2 + random.uniform(-0.35, 0.35)
        push = (0.25 * random.uniform(-1, 1), 1.0)
        omega = 2 * np.pi * random.uniform(0.5, 1.1)
        reach = 0.02 * length
    else:
        length = side * random.uniform(0.18, 0.45)
        angle = random.uniform(-0.7, 0.7)
        push = (1.0, 0.3 * random.uniform(-1, 1))
        omega = 2 * np.pi * random.uniform(0.35, 0.8)
        reach = 0.012 * length
    turn = 2 * np.pi / length
    vector = (float(turn * np.cos(angle)), float(turn * np.sin(angle)))
    amount = strength * reach
    return _Wave(vector, float(omega), float(random.uniform(0, 2 * np.pi)), (push[0] * amount, push[1] * amount))


def _where(nature: Nature, still: Frame) -> Field:
    """How much each grid point moves, 0..1: what is green in wind, what is blue and low on water.

    Without that colour: all of the lower picture on water, and in wind what has fine texture, as leaves, hair and fur
    have it, the rest a little. Something moves in every picture that is not of one colour.
    """
    height, width = still.shape[:2]
    columns, rows = grid_size(width, height)
    small = cv2.resize(still, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows + np.zeros((1, columns), np.float32)
    lower = _smooth((y - 0.4) / 0.35)
    if nature.kind == "water":
        likely = np.clip((blue - red) * 4 + 0.2, 0, 1) * lower
        otherwise = lower
    else:
        likely = np.clip((2 * green - red - blue) * 6, 0, 1)
        otherwise = 0.25 + 0.75 * _texture(still, (columns, rows))
    share = float(np.clip((likely.mean() - 0.02) / 0.06, 0, 1))
    mask = _blurred((share * likely + (1 - share) * otherwise).astype(np.float32), 0.03)
    x = (np.arange(columns, dtype=np.float32)[None, :] + 0.5) / columns
    edge_x, edge_y = _smooth(np.minimum(x, 1 - x) / 0.06), _smooth(np.minimum(y, 1 - y) / 0.06)
    most = (1 - UNSURE * (1 - share)) / max(float(mask.max()), 1e-6)
    return np.asarray(mask * most * edge_x * edge_y, dtype=np.float32)


def _texture(still: Frame, grid: tuple[int, int]) -> Field:
    """How finely the picture is drawn around each grid point (columns, rows), 0..1."""
    grey = cv2.cvtColor(still, cv2.COLOR_RGB2GRAY).astype(np.float32)
    lines = cv2.resize(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), grid, interpolation=cv2.INTER_AREA)
    found = _blurred(np.asarray(lines, dtype=np.float32), 0.03)
    return np.asarray(np.clip(found / max(float(np.percentile(found, 90)), 1e-6), 0, 1), dtype=np.float32)


def _smooth(x: NDArray[np.floating[Any]]) -> Field:
    clipped = np.clip(x, 0, 1).astype(np.float32)
    return np.asarray(clipped * clipped * (3 - 2 * clipped), dtype=np.float32)


def _blurred(field: Field, share: float) -> Field:
    """Gaussian blur whose sigma is a share of the longer side."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), share * max(field.shape)), dtype=np.float32)


def _normalised(field: Field) -> Field:
    low, high = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(high - low, 1e-6), dtype=np.float32)
