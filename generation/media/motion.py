"""Measures what happens in a clip on small grey copies of its frames: movement, standstill, flashes, blank pictures.

Nothing here knows what was asked for. Light that drifts is taken out before anything is compared; noise and grain do
not count, because no flow explains them and because they differ as much from frame to frame as over half a second;
noise that stays for some frames, as a video model can leave it, may be taken for movement.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.pipelines.base import Frame

Plane = NDArray[np.float32]
Blank = Literal["black", "green", "plain"]

LONG_SIDE: Final = 256
"""Longest side of the small copies in pixels: ripples of a pixel or two at 832 x 480 are still seen in them."""

FLOW_SIDE: Final = 128
"""Longest side of the copies in which flow, standstill and flashes are looked for; a shift of a pixel is seen there."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipMotion:
    """What was seen. Times are seconds from the start of the clip; None where there was nothing of the kind.

    ``moved_share`` is the share of textured pixels that moved between two moments: the largest, or the first found to
    be enough. ``sway_share`` is the share of the picture that moves to and fro, looked for where nothing else moves;
    ``frozen`` is the longest standstill of a clip that else moves.
    """

    moved_share: float
    sway_share: float
    frozen: tuple[float, float] | None
    flash_seconds: float | None
    blank: Blank | None
    duration_seconds: float

    @property
    def is_still(self) -> bool:
        """Whether nobody would say that anything moves."""
        return self.moved_share < MOVING_SHARE and self.sway_share < SWAY_SHARE


class MotionWatch:
    """Looks at frames on their way to the encoder, at about a millisecond each at 832 x 480."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._judged: ClipMotion | None = None
        self._planes: list[NDArray[np.uint8]] = []
        self._colours: list[NDArray[np.float64]] = []

    def passing(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The same frames, seen; judged after the last one, while the encoder still has work to do."""
        for frame in frames:
            self.see(frame)
            yield frame
        self._judged = self._judge() if self._planes else None

    def see(self, frame: Frame) -> None:
        """Take one frame (height x width x 3, RGB) into account; nothing of it is kept but a small copy."""
        self._judged = None
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        self._planes.append(_shrunk(grey, LONG_SIDE))
        self._colours.append(frame[::8, ::8].reshape(-1, 3).mean(axis=0))

    def judge(self) -> ClipMotion:
        """What happened in the frames seen so far; at least one."""
        self._judged = self._judged or self._judge()
        return self._judged

    def _judge(self) -> ClipMotion:
        planes = np.stack([_shrunk(plane, FLOW_SIDE) for plane in self._planes])
        moved_share = _moved_share(planes)
        moves = moved_share >= MOVING_SHARE
        frozen = _frozen(_without_light(planes)) if moves else None
        if frozen is not None and _moved_share(planes[frozen[0] : frozen[1]]) >= MOVING_SHARE:
            frozen = None
        flash = _flash(planes)
        return ClipMotion(
            moved_share=moved_share,
            sway_share=0.0 if moves else self._sway_share(),
            frozen=None if frozen is None else (frozen[0] / self._fps, frozen[1] / self._fps),
            flash_seconds=None if flash is None else flash / self._fps,
            blank=_blank(planes, np.stack(self._colours)),
            duration_seconds=len(planes) / self._fps,
        )

    def _sway_share(self) -> float:
        spare = max(0, len(self._planes) - SWAY_FRAMES) // 2
        return _sway_share(_without_light(self._planes[spare : spare + SWAY_FRAMES]), self._fps)


def blank_of(frame: Frame) -> Blank | None:
    """What a picture is, if it is blank (height x width x 3, RGB)."""
    watch = MotionWatch(fps=1.0)
    watch.see(frame)
    return watch.judge().blank


def _shrunk(plane: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    scale = side / max(plane.shape)
    if scale >= 1:
        return plane.copy()
    size = (max(8, round(plane.shape[1] * scale)), max(8, round(plane.shape[0] * scale)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _without_light(planes: Sequence[NDArray[np.uint8]] | NDArray[np.uint8] | Plane) -> Plane:
    """Each frame less its slow shades, all at the same contrast. Frame by frame, so that each stays in the cache."""
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


def _moved_share(planes: NDArray[np.uint8]) -> float:
    """The share of textured pixels that moved, from moment to moment or from start to middle to end.

    The largest, but the first that is enough ends the search: each look takes three milliseconds.
    """
    count = len(planes)
    if count < 2:
        return 0.0
    edge = min(1, (count - 1) // 2)
    centres = np.unique(np.linspace(edge, count - 1 - edge, min(MOMENTS, count)).round().astype(int))
    moments = [planes[c - edge : c + edge + 1].mean(axis=0) for c in centres]
    even = _without_light(np.stack(moments).astype(np.float32))
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


def _sway_share(even: Plane, fps: float) -> float:
    """Share of blocks that differ more over a quarter or half a second than from frame to frame, drifts taken out."""
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


def _frozen(even: Plane) -> tuple[int, int] | None:
    """First and last frame of the longest standstill, if it is long enough and begins in the first half."""
    count = len(even)
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


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _flash(planes: NDArray[np.uint8]) -> int | None:
    """The first frame of a flash."""
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


def _blank(planes: NDArray[np.uint8], colours: NDArray[np.float64]) -> Blank | None:
    """What most of the blank frames are, if there are enough of them."""
    black = (planes < BLACK_LEVEL).mean(axis=(1, 2)) >= BLACK_AREA
    plain = np.array([cv2.meanStdDev(plane)[1].item() for plane in planes]) < PLAIN_LEVELS
    red, green, blue = colours.T
    is_green = plain & (green > red + GREEN_LEVELS) & (green > blue + GREEN_LEVELS)
    kinds: dict[Blank, NDArray[np.bool_]] = {"black": black, "green": is_green, "plain": plain}
    return next((name for name, found in kinds.items() if found.mean() >= BLANK_SHARE), None)
