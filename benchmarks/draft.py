"""A draft clip, rendered and encoded, against ffmpeg alone fed the same finished frames."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import imageio_ffmpeg
from PIL import Image

from benchmarks.rows import Row
from generation.catalog import load_catalog
from generation.media.encoder import Metadata, encode, first_encode_arguments
from generation.pipelines.base import Frame
from generation.pipelines.draft import DraftPipeline
from generation.request import ClipRequest, compose
from generation.stills import crop_to

STILL: Final = Path(__file__).parents[1] / "sandbox" / "stills" / "lighthouse.jpg"
PROMPTS: Final = ("pan right", "slow zoom in, gentle wind", "dolly in, handheld")
RATIO: Final = 2.0
ROUNDS: Final = 5
NO_LIMIT_BYTES: Final = 10**9


def run() -> list[Row]:
    """One row per prompt; each figure is the best of rounds in which the two take turns, to see the same load."""
    model = load_catalog()["draft"]
    rows = []
    with Image.open(STILL) as opened:
        image = opened.convert("RGB")
    for prompt in PROMPTS:
        request = compose(model, prompt=prompt, still="benchmark", shape_id="landscape", seconds=81 / model.fps, seed=1)
        still = crop_to(image, request.width, request.height)
        ours, reference = _take_turns(request, still)
        name = f"draft: {request.frames} frames {request.width}x{request.height}, {prompt}"
        ratio = ours / reference
        rows.append(
            Row(
                name=name,
                ours=ours,
                reference=reference,
                ratio=ratio,
                unit="s",
                bound="at most 2x ffmpeg alone",
                ok=ratio <= RATIO,
            )
        )
    return rows


def _take_turns(request: ClipRequest, still: Image.Image) -> tuple[float, float]:
    ours, reference = [], []
    with tempfile.TemporaryDirectory() as folder:
        clip, raw = Path(folder, "clip.mp4"), Path(folder, "frames.rgb")
        with raw.open("wb") as file:
            for frame in _frames(request, still):
                file.write(frame.data)
        for _ in range(ROUNDS):
            reference.append(_seconds(lambda: _ffmpeg_alone(request, raw, clip)))
            ours.append(_seconds(lambda: _render_and_encode(request, still, clip)))
    return min(ours), min(reference)


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _frames(request: ClipRequest, still: Image.Image) -> list[Frame]:
    return list(DraftPipeline().render(request, still, None, _ignore).frames)


def _ignore(stage: str, done: int, total: int, preview: Frame | None = None) -> None:
    """Nobody watches a benchmark."""


def _render_and_encode(request: ClipRequest, still: Image.Image, clip: Path) -> None:
    encode(
        DraftPipeline().render(request, still, None, _ignore).frames,
        width=request.width,
        height=request.height,
        fps=request.model.fps,
        path=clip,
        sound=None,
        metadata=Metadata(),
        size_limit_bytes=NO_LIMIT_BYTES,
    )


def _ffmpeg_alone(request: ClipRequest, raw: Path, clip: Path) -> None:
    arguments = first_encode_arguments(request.width, request.height, request.model.fps)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", *arguments, str(clip)]
    with raw.open("rb") as frames:
        subprocess.run(command, stdin=frames, check=True)
