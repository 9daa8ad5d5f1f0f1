"""Does anything but the light move in a clip: does flow explain what changed, or do blocks of it sway to and fro?

Noise and grain do not count, because no flow explains them and because they differ as much from frame to frame as over
half a second; noise that stays for some frames, as a video model can leave it, may be taken for movement.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

MOMENTS: Final = 9
"""Moments, evenly spread, each an average of three frames, between which flow is looked for."""

EXPLAINED: Final = 0.6
"""A pixel moved if its difference, after the flow is undone, is below this share of what it was."""

MOVING_SHARE: Final = 0.3
"""Share of the textured pixels that must have moved between two moments. Calibrated on draft clips: 0.62 to 1.0 with
a camera move, slow ones of two seconds included; 0.0 to 0.08 for stills under noise, grain and drifting light."""

SWAY_FRAMES: Final = 48
"""Frames from the middle of the clip in which swaying is looked for: two to three seconds, and it goes on all along."""

SWAY_RISE: Final = 3.0
"""How many times more a block must differ over half a second than from frame to frame to be swaying; noise gives 1."""

SWAY_LEVELS: Final = 1.5
"""Grey levels of 255 that such a block must differ by. Drifting light that clips gives up to 1.3."""

SWAY_SHARE: Final = 0.02
"""Share of the picture that must sway for the clip to move. Calibrated on draft clips: 0.03 to 0.6 with wind or water
at 832 x 480; 0.0 for stills under noise, grain and drifting light, 0.008 at most at 160 x 160."""

BLOCKS: Final = 16
LIGHT_SHARE: Final = 0.1
"""Radius of the light that is taken out, as a share of the long side."""


def share_moved(planes: NDArray[np.uint8]) -> float:
    """The share of textured pixels, 0 to 1, that moved from moment to moment or from start to middle to end.

    Of grey frames (frames x height x width). The largest, but the first that reaches MOVING_SHARE ends the search: each
    look takes three milliseconds. Flow: Farnebäck, Two-Frame Motion Estimation Based on Polynomial Expansion, 2003.
    """
    count = len(planes)
    if count < 2:
        return 0.0
    edge = min(1, (count - 1) // 2)
    centres = np.unique(np.linspace(edge, count - 1 - edge, min(MOMENTS, count)).round().astype(int))
    moments = [planes[c - edge : c + edge + 1].mean(axis=0) for c in centres]
    even = without_light(np.stack(moments).astype(np.float32))
    last, middle = len(centres) - 1, len(centres) // 2
    if last == 0:
        return 0.0
    pairs = [*zip(range(last), range(1, last + 1), strict=True), (0, last), (0, middle), (middle, last)]
    largest = 0.0
    for before, after in pairs:
        if before != after and largest < MOVING_SHARE:
            largest = max(largest, _share_between(even[before], even[after]))
    return largest


def _share_between(before: Plane, after: Plane) -> float:
    scale = 32 / max(float(before.std()), 1.0)
    pair = [np.clip(plane * scale + 128, 0, 255).astype(np.uint8) for plane in (before, after)]
    # One iteration of the least polynomials: three of wider ones cost nearly twice as much and gave the same verdicts
    # for 196 clips of known movement; of dense thin rain they saw a little more (0.35 where 0.24 is seen).
    flow = cv2.calcOpticalFlowFarneback(pair[0], pair[1], np.empty(0), 0.5, 3, 15, 1, 5, 1.1, 0)
    first, second = (plane.astype(np.float32) for plane in pair)
    height, width = first.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    undone = cv2.remap(second, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    difference, left = (cv2.GaussianBlur((other - first) ** 2, (0, 0), 3) for other in (second, undone))
    slopes = cv2.Sobel(first, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(first, cv2.CV_32F, 0, 1) ** 2
    texture = cv2.GaussianBlur(slopes, (0, 0), 3)
    textured = texture > np.median(texture)
    moved = textured & (left < EXPLAINED * difference)
    return float(moved.sum() / textured.sum()) if textured.any() else 0.0


def share_swaying(planes: Sequence[NDArray[np.uint8]], fps: float) -> float:
    """Share of blocks that differ more over a quarter or half a second than from frame to frame, drifts taken out.

    From 0 to 1, of grey frames (height x width) at ``fps`` a second; SWAY_FRAMES in the middle are looked at.
    """
    spare = max(0, len(planes) - SWAY_FRAMES) // 2
    even = without_light(planes[spare : spare + SWAY_FRAMES])
    count = len(even)
    far = [lag for lag in (max(2, round(fps / 4)), max(3, round(fps / 2))) if lag <= count // 2]
    if not far:
        return 0.0
    lags = (1, *far)
    squares = {lag: np.zeros_like(even[0]) for lag in lags}
    change, recent = np.empty_like(even[0]), deque[Plane](maxlen=max(lags))
    for index, level in enumerate(_without_drift(even, max(3, round(fps) | 1))):
        for lag, square in squares.items():
            if index >= lag:
                cv2.accumulateSquare(cv2.subtract(level, recent[-lag], dst=change), square)
        recent.append(level)
    near, *rest = (_blocks(square / (count - lag)) for lag, square in squares.items())
    most = np.max(rest, axis=0)
    return float(((most > SWAY_RISE * near) & (most - near > SWAY_LEVELS**2)).mean())


def _without_drift(even: Plane, window: int) -> Iterator[Plane]:
    """Each frame less the average of the ``window`` frames around it (an odd number), mirrored at the ends."""
    last = len(even) - 1
    reach = min(window // 2, last)
    total = np.zeros_like(even[0])
    for index in range(-reach, reach + 1):
        cv2.accumulate(even[abs(index)], total)
    for index, plane in enumerate(even):
        yield np.asarray(cv2.addWeighted(plane, 1, total, -1 / (2 * reach + 1), 0), dtype=np.float32)
        ahead = index + reach + 1
        cv2.accumulate(even[ahead if ahead <= last else 2 * last - ahead], total)
        cv2.subtract(total, even[abs(index - reach)], dst=total)


def _blocks(plane: Plane) -> Plane:
    return np.asarray(cv2.resize(plane, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA), dtype=np.float32)


def without_light(planes: Sequence[NDArray[np.uint8]] | NDArray[np.uint8] | Plane) -> Plane:
    """Each grey frame less its slow shades, all at the same contrast (frames x height x width, levels about zero).

    Frame by frame, so that each stays in the cache.
    """
    local = np.empty((len(planes), *planes[0].shape), np.float32)
    for plane, into in zip(planes, local, strict=True):
        level = np.asarray(plane, np.float32)
        cv2.subtract(level, _shades(level), dst=into)
    spreads = np.maximum([float(cv2.meanStdDev(plane)[1].item()) for plane in local], 1.0)
    for plane, gain in zip(local, np.median(spreads) / spreads, strict=True):
        plane *= np.float32(gain)
    return local


def _shades(plane: Plane) -> Plane:
    """The light alone: blurred at an eighth of the size, a twentieth of the work of a wide blur."""
    height, width = plane.shape
    tiny = cv2.resize(plane, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(tiny, (0, 0), max(tiny.shape) * LIGHT_SHARE)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
