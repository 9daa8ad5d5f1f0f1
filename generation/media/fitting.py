"""Makes a finished MP4 smaller until it fits an upload limit: two passes at a chosen rate, then a smaller picture."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from generation.errors import RenderFailed
from generation.media.ffmpeg import run_ffmpeg
from generation.media.probe import ClipFacts, probe

TARGET_SHARE: Final = 0.93
"""Of the limit; measured: two-pass x264 aimed here has not gone over the limit at ordinary rates."""

CORRECTABLE: Final = 1.3
"""A file larger than the limit by at most this factor is tried once more at the same size."""

LEAST_BITS_PER_PIXEL: Final = 0.03
"""Below this rate x264 smears a moving picture, and a smaller picture looks better than a smeared one."""

SCALES: Final = (1.0, 0.75, 0.5, 0.375, 0.25, 0.125)
"""Sides tried in turn, as shares of the clip's own."""

SOUND_KILOBITS: Final = (128, 96, 64, 48, 32)
"""Sound rates; the largest that takes at most SOUND_SHARE of the file, and none at all as the very last resort."""

SOUND_SHARE: Final = 0.25

_TOO_FEW_BITS: Final = "bitrate is too low"
"""What x264 says between the passes when no quantiser reaches the rate."""

BT709_TAGS: Final = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A finished clip: its size, its picture's sides in pixels, and how many encodes it took (0: copied)."""

    size_bytes: int
    width: int
    height: int
    frames: int
    passes: int


@dataclass(frozen=True, slots=True)
class _Rung:
    """One attempt; without video kilobits it is a single pass at the coarsest quantiser, the least that x264 makes."""

    width: int
    height: int
    video_kilobits: float
    sound_kilobits: int


def fit(source: Path, destination: Path, limit_bytes: int) -> Encoded:
    """Write ``source`` to ``destination`` at ``limit_bytes`` or less, keeping metadata, frames and frame rate.

    Atomic: ``destination`` appears complete and synced, or not at all. A source that fits already is copied.
    Raises RenderFailed: too_big when even the smallest rung does not fit, encoder when ffmpeg fails.
    """
    with workplace(destination) as folder:
        finished, encoded = fit_within(source, folder, limit_bytes)
        if finished == source:
            finished = Path(shutil.copyfile(source, folder / "copy.mp4"))
        publish(finished, destination)
    return encoded


def fit_within(source: Path, folder: Path, limit_bytes: int) -> tuple[Path, Encoded]:
    """The first rung of the ladder that fits, as a file in ``folder``; ``source`` itself if it fits."""
    facts = probe(source)
    if facts.size_bytes <= limit_bytes:
        return source, Encoded(facts.size_bytes, facts.width, facts.height, facts.frames, 0)
    target = folder / "fitted.mp4"
    passes = 0
    for rung in _ladder(facts, limit_bytes):
        attempt: _Rung | None = rung
        while attempt is not None:
            passes += 2 if attempt.video_kilobits else 1
            reached = _encode_rung(source, target, folder / "passes", attempt)
            size_bytes = target.stat().st_size if reached else 0
            if 0 < size_bytes <= limit_bytes:
                return target, Encoded(size_bytes, rung.width, rung.height, facts.frames, passes)
            attempt = _corrected(rung, size_bytes / limit_bytes) if attempt is rung else None
    raise RenderFailed("too_big", f"{facts.size_bytes} bytes, limit {limit_bytes}, after {passes} passes")


def _corrected(rung: _Rung, overshoot: float) -> _Rung | None:
    """The same rung at a rate lower by what it was too large, if that is little; short clips overshoot by a tenth."""
    if not (1 < overshoot <= CORRECTABLE and rung.video_kilobits):
        return None
    return replace(rung, video_kilobits=rung.video_kilobits * TARGET_SHARE / overshoot)


@contextmanager
def workplace(destination: Path) -> Iterator[Path]:
    """A folder beside ``destination``, on the same file system, that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f".{destination.stem}-", dir=destination.parent) as folder:
        yield Path(folder)


def publish(finished: Path, destination: Path) -> None:
    """Sync ``finished`` to disk and rename it to ``destination``; atomic, and durable once this returns."""
    for path, flags in ((finished, os.O_RDWR), (destination.parent, os.O_RDONLY)):
        if path == destination.parent:
            finished.replace(destination)
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _ladder(facts: ClipFacts, limit_bytes: int) -> Iterator[_Rung]:
    """Rungs from the largest picture whose bits suffice down to the smallest; sound is given up only after that."""
    overhead_bytes = facts.size_bytes - facts.payload_bytes
    kilobits = (TARGET_SHARE * limit_bytes - overhead_bytes) * 8 / 1000 / facts.duration_seconds
    if facts.sound_rate:
        sound = next((rate for rate in SOUND_KILOBITS if rate <= SOUND_SHARE * kilobits), SOUND_KILOBITS[-1])
        yield from _pictures(facts, kilobits - sound, sound)
    yield from _pictures(facts, kilobits, 0)
    yield _Rung(even(facts.width * SCALES[-1]), even(facts.height * SCALES[-1]), 0.0, 0)


def _pictures(facts: ClipFacts, video_kilobits: float, sound_kilobits: int) -> Iterator[_Rung]:
    for scale in SCALES:
        width, height = even(facts.width * scale), even(facts.height * scale)
        if video_kilobits * 1000 >= LEAST_BITS_PER_PIXEL * width * height * facts.fps:
            yield _Rung(width, height, video_kilobits, sound_kilobits)


def even(side: float) -> int:
    """The nearest even number of pixels, at least 2: 4:2:0 halves the colours in both directions."""
    return max(2, round(side / 2) * 2)


def _encode_rung(source: Path, target: Path, log: Path, rung: _Rung) -> bool:
    """Encode one rung; False when x264 cannot reach so low a rate at this size."""
    video = [
        "-i", str(source), "-map", "0:v:0", "-c:v", "libx264", "-preset", "medium", "-profile:v", "high",
        "-vf", f"scale={rung.width}:{rung.height}:flags=lanczos+accurate_rnd,setsar=1,format=yuv420p,{BT709_TAGS}",
    ]  # fmt: skip
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", f"{rung.sound_kilobits}k"] if rung.sound_kilobits else ["-an"]
    output = [*sound, "-map_metadata", "0", "-movflags", "+faststart", "-f", "mp4", str(target)]
    if not rung.video_kilobits:
        run_ffmpeg([*video, "-crf", "51", *output])
        return True
    rate = ["-b:v", f"{rung.video_kilobits:.3f}k", "-passlogfile", str(log)]
    run_ffmpeg([*video, *rate, "-pass", "1", "-an", "-f", "null", os.devnull])
    try:
        run_ffmpeg([*video, *rate, "-pass", "2", *output])
    except RenderFailed as failure:
        if _TOO_FEW_BITS in failure.cause:
            return False
        raise
    return True
