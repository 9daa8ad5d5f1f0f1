"""Turns a still and a motion prompt into frames by warping alone: the honest baseline beside the models."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from PIL import Image

from generation.camera.plan import MotionPlan
from generation.camera.reading import read_prompt
from generation.errors import RenderFailed
from generation.pipelines.base import Frame, Progress, Remark, Rendering
from generation.pipelines.draft.fields import NatureField
from generation.pipelines.draft.path import camera_path
from generation.pipelines.draft.warp import Warper
from generation.request import ClipRequest

PREVIEW_EVERY: Final = 20
PREVIEW_SHARE: Final = 0.25


class DraftPipeline:
    """Moves a camera over the still, and lets wind and water warp it. Needs no model; deterministic by request."""

    def render(
        self,
        request: ClipRequest,
        still: Image.Image | None,
        end_still: Image.Image | None,
        progress: Progress,
    ) -> Rendering:
        """Start a clip. The first frame is the still; frames are rendered as they are read.

        The remarks say what was understood (draft-understood, or draft-default) and what was not (draft-needs-model),
        and that nothing beyond the still's edges can be shown where that was asked for (draft-edges).
        Raises RenderFailed("internal") for a still that was not cropped to the request.
        """
        if still is None or still.size != (request.width, request.height) or still.mode != "RGB":
            found = "no still" if still is None else f"a still {still.mode} {still.size}"
            raise RenderFailed("internal", f"draft needs RGB {request.width}x{request.height}, got {found}")
        plan = read_prompt(request.motion_prompt)
        return Rendering(_frames(request, plan, np.asarray(still), progress), remarks=_remarks(plan))

    def close(self) -> None:
        """Nothing is kept between clips."""


def _remarks(plan: MotionPlan) -> tuple[Remark, ...]:
    remarks = [Remark("draft-default" if plan.is_default else "draft-understood", {"camera": str(plan)})]
    if any(move.direction == "out" for move in plan.moves):
        remarks.append(Remark("draft-edges"))
    if plan.leftover:
        remarks.append(Remark("draft-needs-model", {"asked": "; ".join(plan.leftover[:3])}))
    return tuple(remarks)


def _frames(request: ClipRequest, plan: MotionPlan, still: Frame, progress: Progress) -> Iterator[Frame]:
    fps, count = request.model.fps, request.frames
    path = camera_path(plan, count, fps, request.width / request.height, request.seed)
    nature = [
        NatureField(item, still, np.random.default_rng((request.seed, 1000 + number)))
        for number, item in enumerate(plan.nature)
    ]
    warper = Warper(still, path, nature, fps)
    for index in range(count):
        frame = warper.frame(index)
        progress("decode", index + 1, count, _preview(frame) if index % PREVIEW_EVERY == 0 else None)
        yield frame


def _preview(frame: Frame) -> Frame:
    small = cv2.resize(frame, None, fx=PREVIEW_SHARE, fy=PREVIEW_SHARE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)
