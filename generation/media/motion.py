"""What happened in a clip: what moved in it and what is broken, both seen on small grey copies of its frames.

Nothing here knows what was asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.media.defects import Blank, blank_kind, first_flash, longest_standstill
from generation.media.movement import MOVING_SHARE, SWAY_SHARE, share_moved, share_swaying, without_light
from generation.pipelines.base import Frame

LONG_SIDE: Final = 256
"""Longest side of the small copies in pixels: ripples of a pixel or two at 832 x 480 are still seen in them."""

FLOW_SIDE: Final = 128
"""Longest side of the copies in which flow, standstill and flashes are looked for; a shift of a pixel is seen there."""


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
        moved_share = share_moved(planes)
        moves = moved_share >= MOVING_SHARE
        frozen = longest_standstill(without_light(planes)) if moves else None
        if frozen is not None and share_moved(planes[frozen[0] : frozen[1]]) >= MOVING_SHARE:
            frozen = None
        flash = first_flash(planes)
        return ClipMotion(
            moved_share=moved_share,
            sway_share=0.0 if moves else share_swaying(self._planes, self._fps),
            frozen=None if frozen is None else (frozen[0] / self._fps, frozen[1] / self._fps),
            flash_seconds=None if flash is None else flash / self._fps,
            blank=blank_kind(planes, np.stack(self._colours)),
            duration_seconds=len(planes) / self._fps,
        )


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
