"""What the still-clip guard adds to a clip, against rendering and encoding it without the guard."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from benchmarks.rows import Row
from generation.catalog import load_catalog
from generation.media.encoder import Metadata, encode
from generation.media.motion import MotionWatch
from generation.media.thumbnails import make_strip
from generation.pipelines.base import Frame
from generation.pipelines.draft import DraftPipeline
from generation.request import ClipRequest, compose
from generation.stills import crop_to

STILL: Final = Path(__file__).parents[1] / "sandbox" / "stills" / "lighthouse.jpg"
ROUNDS: Final = 5
NO_LIMIT_BYTES: Final = 10**9
SHARE: Final = 0.5
"""The draft model makes its frames in a second; beside a diffusion model's minutes the same work is nothing."""


def run() -> list[Row]:
    """The guard's time of its own beside a draft render's, and the time of the thumbnails; best of rounds."""
    model = load_catalog()["draft"]
    seconds = 81 / model.fps
    request = compose(model, prompt="slow zoom in", still="benchmark", shape_id="landscape", seconds=seconds, seed=1)
    with Image.open(STILL) as opened:
        still = crop_to(opened.convert("RGB"), request.width, request.height)
    with tempfile.TemporaryDirectory() as folder:
        clip, strip = Path(folder, "clip.mp4"), Path(folder, "strip.jpg")
        renders, guards, strips = [], [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            frames = _render(request, still, clip)
            rendered = time.perf_counter()
            _guard(frames, model.fps)
            guarded = time.perf_counter()
            make_strip(clip, strip)
            renders.append(rendered - begun)
            guards.append(guarded - rendered)
            strips.append(time.perf_counter() - guarded)
    ours, reference = min(guards), min(renders)
    ratio = ours / reference
    name = f"guard: {request.frames} frames {request.width}x{request.height}, beside a draft render"
    return [
        Row(
            name=name, ours=ours, reference=reference, ratio=ratio, unit="s", bound="at most half a draft render",
            ok=ratio <= SHARE,
        ),
        Row(
            name="guard: thumbnails of that clip", ours=min(strips), reference=None, ratio=None, unit="s", bound="",
            ok=None,
        ),
    ]  # fmt: skip


def _render(request: ClipRequest, still: Image.Image, clip: Path) -> list[Frame]:
    """Render and encode the clip; returns its frames."""
    frames: list[Frame] = []

    def made() -> Iterator[Frame]:
        for frame in DraftPipeline().render(request, still, None, _ignore).frames:
            frames.append(frame)
            yield frame

    encode(
        made(), width=request.width, height=request.height, fps=request.model.fps, path=clip, sound=None,
        metadata=Metadata(), size_limit_bytes=NO_LIMIT_BYTES,
    )  # fmt: skip
    return frames


def _guard(frames: list[Frame], fps: int) -> None:
    watch = MotionWatch(fps)
    for frame in frames:
        watch.see(frame)
    watch.judge()


def _ignore(stage: str, done: int, total: int, preview: Frame | None = None) -> None:
    """Nobody watches a benchmark."""
