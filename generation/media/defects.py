"""What is broken in a clip? A stretch that stands still, a flash, or frames that are black, green or one colour."""

from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Blank = Literal["black", "green", "plain"]

FROZEN_SHARE: Final = 0.3
"""Shortest standstill worth a word, as a share of the clip."""

FROZEN_DEPTH: Final = 0.08
"""A stretch stands still if its frames differ, squared and beyond noise, by less than this share of the rest's."""

FLASH_LEVELS: Final = 10.0
FLASH_DEPTH: Final = 4.0
FLASH_FRAMES: Final = 3
"""A flash is one to three frames apart from both sides by more than this many grey levels, and this many times what
frames usually differ, while the frames on its two sides are alike."""

BLANK_SHARE: Final = 0.25
BLACK_LEVEL: Final = 16
BLACK_AREA: Final = 0.98
PLAIN_LEVELS: Final = 3.0
GREEN_LEVELS: Final = 40.0
"""A clip is blank if this share of its frames is: black, if BLACK_AREA of the pixels are below BLACK_LEVEL; plain, if
they spread by less than PLAIN_LEVELS; green, if plain and that many levels greener than red and blue. Levels of 255."""


def longest_standstill(even: NDArray[np.float32]) -> tuple[int, int] | None:
    """First and last frame of the longest standstill, if it is long enough and begins in the first half.

    Of grey frames without their light (frames x height x width), in which else something moves.
    """
    count = len(even)
    if count < 3:
        return None
    lag = max(2, count // 12)
    near = ((even[1:] - even[:-1]) ** 2).mean(axis=(1, 2))
    far = ((even[lag:] - even[:-lag]) ** 2).mean(axis=(1, 2))
    # Noise differs from frame to frame as much as over the lag; only what is beyond it is movement.
    noise = np.minimum(near[: len(far)], float(np.median(near)))
    beyond = np.maximum(far - 1.3 * noise, 0.0)
    runs = _runs(beyond <= FROZEN_DEPTH * np.percentile(beyond, 90))
    first, after = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    last = after - 1 + lag
    is_long = after > first and last - first >= FROZEN_SHARE * count
    return (first, last) if is_long and first < count / 2 else None


def first_flash(planes: NDArray[np.uint8]) -> int | None:
    """The first frame of the first flash, in grey frames (frames x height x width, levels of 255)."""
    level = planes.astype(np.float32)

    def apart(a: int, b: int) -> float:
        return float(np.abs(level[a] - level[b]).mean())

    steps = np.abs(level[1:] - level[:-1]).mean(axis=(1, 2))
    least = max(FLASH_LEVELS, FLASH_DEPTH * float(np.median(steps))) if len(steps) else np.inf
    for first in range(1, len(level)):
        if steps[first - 1] < least:
            continue
        for after in range(first + 1, min(first + FLASH_FRAMES + 1, len(level))):
            leap = min(float(steps[first - 1]), float(steps[after - 1]))
            if leap >= least and apart(after, first - 1) < leap / 2:
                return first
    return None


def blank_kind(planes: NDArray[np.uint8], colours: NDArray[np.float64]) -> Blank | None:
    """How the clip is blank, if at least BLANK_SHARE of its frames are: the first of black, green and plain to hold.

    ``planes`` are grey (frames x height x width), ``colours`` their average colours (frames x 3, RGB); levels of 255.
    """
    black = (planes < BLACK_LEVEL).mean(axis=(1, 2)) >= BLACK_AREA
    plain = np.array([cv2.meanStdDev(plane)[1].item() for plane in planes]) < PLAIN_LEVELS
    red, green, blue = colours.T
    is_green = plain & (green > red + GREEN_LEVELS) & (green > blue + GREEN_LEVELS)
    kinds: dict[Blank, NDArray[np.bool_]] = {"black": black, "green": is_green, "plain": plain}
    return next((name for name, found in kinds.items() if found.mean() >= BLANK_SHARE), None)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
