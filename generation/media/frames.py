"""Reads the frames of a finished clip back, as RGB."""

from collections import deque
from collections.abc import Generator
from itertools import islice
from pathlib import Path

import numpy as np

from generation.errors import RenderFailed
from generation.media.ffmpeg import ffmpeg_output
from generation.media.probe import probe
from generation.pipelines.base import Frame


def decode_frames(path: Path) -> Generator[Frame, None, None]:
    """Every frame in order, height x width x 3, RGB, full range. Raises RenderFailed("encoder") on a broken clip."""
    facts = probe(path)
    size_bytes = facts.width * facts.height * 3
    arguments = [
        "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough",
        "-vf", "scale=in_color_matrix=bt709:in_range=tv:out_range=pc:flags=bicubic+accurate_rnd+full_chroma_int",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
    ]  # fmt: skip
    with ffmpeg_output(arguments) as stream:
        while len(data := stream.read(size_bytes)) == size_bytes:
            yield np.frombuffer(data, np.uint8).reshape(facts.height, facts.width, 3)


def frame_at(path: Path, seconds: float) -> Frame:
    """The frame that is shown at that second, the last one beyond the end; what follows is not decoded."""
    facts = probe(path)
    index = min(int(seconds * facts.fps), facts.frames - 1)
    frames = decode_frames(path)
    try:
        return next(islice(frames, max(0, index), None))
    except StopIteration as error:
        raise RenderFailed("bad_frames", "the clip ends early") from error
    finally:
        frames.close()


def last_frame(path: Path) -> Frame:
    """The last frame, from which a clip may be continued."""
    tail = deque(decode_frames(path), maxlen=1)
    if not tail:
        raise RenderFailed("bad_frames", "the clip has no frame")
    return tail[0]
