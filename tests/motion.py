"""How a clip moves, measured by optical flow, and how alike two pictures are."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.pipelines.base import Frame

LOOKED_AT = 320
"""Width in pixels at which motion is measured; figures are for this width."""


@dataclass(frozen=True)
class Motion:
    """Of the content over the whole clip: shift in pixels at LOOKED_AT wide, growth as a share (0.1 is 10 %)."""

    right: float
    down: float
    growth: float


def motion_of(frames: Iterable[Frame], every: int = 8) -> Motion:
    """The sum of the steps from each eighth frame to the next: shift and growth fitted to dense flow on texture."""
    looked = [_grey(frame) for index, frame in enumerate(frames) if index % every == 0]
    steps = [_step(before, after) for before, after in pairwise(looked)]
    right, down, growth = np.sum(steps, axis=0)
    return Motion(float(right), float(down), float(growth))


def psnr(one: Frame, other: Frame) -> float:
    """Peak signal to noise ratio in dB of two pictures of one size."""
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def has_black_border(frame: Frame) -> bool:
    """Whether a line at an edge is far darker than the picture just inside it."""
    turned = [frame, frame[::-1], frame.transpose(1, 0, 2), frame[:, ::-1].transpose(1, 0, 2)]
    return any(side[0].mean() < 0.5 * side[6].mean() - 2 for side in turned)


def _grey(frame: Frame) -> NDArray[np.uint8]:
    height = round(frame.shape[0] * LOOKED_AT / frame.shape[1])
    return cv2.cvtColor(cv2.resize(frame, (LOOKED_AT, height), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)


def _step(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float64]:
    flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 4, 25, 3, 7, 1.5, 0)
    height, width = before.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x - width / 2, y - height / 2
    texture = np.hypot(cv2.Sobel(before, cv2.CV_64F, 1, 0), cv2.Sobel(before, cv2.CV_64F, 0, 1))
    seen = texture > np.percentile(texture, 80)
    u, v, x, y = flow[..., 0][seen], flow[..., 1][seen], x[seen], y[seen]
    zeros, ones = np.zeros_like(x), np.ones_like(x)
    equations = np.concatenate([np.stack([ones, zeros, x], 1), np.stack([zeros, ones, y], 1)])
    solution, *_ = np.linalg.lstsq(equations, np.concatenate([u, v]), rcond=None)
    return solution
