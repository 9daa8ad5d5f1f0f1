"""Streams frames into the bundled ffmpeg as they come, and leaves one finished MP4 that fits the limit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from generation.errors import RenderFailed
from generation.media.ffmpeg import FrameSink
from generation.media.fitting import BT709_TAGS, Encoded, fit, fit_within, publish, workplace
from generation.media.metadata import Metadata
from generation.pipelines.base import Frame, Sound

__all__ = ["Encoded", "Metadata", "encode", "fit"]

CRF: Final = 20
"""Constant rate factor of the first encode: between x264's "visually lossless" 18 and its default 23."""

FRAMES_AHEAD: Final = 4
"""Frames made ahead of the encoder: enough to hide its pauses, 11 MB at 1280 x 720."""

SOUND_KILOBITS: Final = 128


NO_METADATA: Final = Metadata()


def encode(
    frames: Iterator[Frame],
    *,
    width: int,
    height: int,
    fps: int,
    path: Path,
    sound: Sound | None,
    metadata: Metadata,
    size_limit_bytes: int,
) -> Encoded:
    """Encode ``frames`` (height x width x 3, RGB, uint8) to ``path``: H.264 High, yuv420p, BT.709, faststart, AAC.

    Frames are pulled in the calling thread and encoded meanwhile; one must not change after it was yielded. An odd
    side loses its last row or column. Atomic: ``path`` appears complete, synced and within the limit, or not at all.
    Raises RenderFailed: bad_frames, encoder or too_big; whatever ``frames`` raises passes, and ffmpeg is gone then.
    """
    with workplace(path) as folder:
        first = folder / "first.mp4"
        sound_input = _sound_input(sound, folder)
        arguments = first_encode_arguments(width, height, fps, sound_input, metadata)
        count = 0
        with FrameSink([*arguments, str(first)], FRAMES_AHEAD) as sink:
            for frame in frames:
                _check_frame(frame, width, height, count)
                sink.write(np.ascontiguousarray(frame))
                count += 1
            if not count:
                raise RenderFailed("bad_frames", "no frame came")
        finished, encoded = fit_within(first, folder, size_limit_bytes)
        publish(finished, path)
    return replace(encoded, passes=encoded.passes + 1)


def first_encode_arguments(
    width: int, height: int, fps: int, sound_input: Sequence[str] = (), metadata: Metadata = NO_METADATA
) -> list[str]:
    """What ffmpeg is told, all but the file's name, to encode raw RGB frames from its standard input."""
    pictures = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "pipe:0"]
    return [*pictures, *sound_input, *_outputs(bool(sound_input), metadata)]


def _sound_input(sound: Sound | None, folder: Path) -> list[str]:
    if sound is None:
        return []
    if sound.samples.ndim != 2 or not np.isfinite(sound.samples).all():
        raise RenderFailed("bad_frames", f"sound of shape {sound.samples.shape} or not finite")
    raw = folder / "sound.f32"
    sound.samples.T.astype("<f4").tofile(raw)
    return ["-f", "f32le", "-ar", str(sound.rate), "-ac", str(len(sound.samples)), "-i", str(raw)]


def _outputs(has_sound: bool, metadata: Metadata) -> list[str]:
    """RGB becomes BT.709 in a filter, tags included, because ffmpeg ignores the tagging options for piped RGB."""
    to_video = (
        "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0,"
        "scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=bicubic+accurate_rnd,"
        f"format=yuv420p,{BT709_TAGS}"
    )
    video = ["-map", "0:v:0", "-vf", to_video, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high"]
    audio = ["-map", "1:a:0", "-c:a", "aac", "-b:a", f"{SOUND_KILOBITS}k"] if has_sound else []
    return [*video, "-crf", str(CRF), *audio, *metadata.arguments(), "-movflags", "+faststart", "-f", "mp4"]


def _check_frame(frame: Frame, width: int, height: int, index: int) -> None:
    if frame.shape != (height, width, 3) or frame.dtype != np.uint8:
        raise RenderFailed("bad_frames", f"frame {index} is {frame.dtype}{list(frame.shape)}, not {height}x{width}x3")
