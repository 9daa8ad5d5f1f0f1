"""Joins the parts of a chain into one clip: a part's first frame is the last one of the part before, and shown once."""

from collections.abc import Sequence
from pathlib import Path

from generation.media.fitting import Encoded, even
from generation.media.metadata import Metadata
from generation.media.montage import common_fps, compose_clip, in_a_row, into_cell
from generation.media.probe import probe


def join_clips(parts: Sequence[Path], destination: Path, limit_bytes: int, metadata: Metadata) -> Encoded:
    """Write the parts, in order, as one MP4 of at most ``limit_bytes``: size of the first part, highest frame rate.

    At equal frame rates it has as many frames as the parts together, less one for each join. Parts without sound are
    silent where others have some. Raises RenderFailed: encoder or too_big.
    """
    facts = [probe(path) for path in parts]
    width, height, fps = even(facts[0].width), even(facts[0].height), common_fps(facts)
    pictures = [
        f"[{number}:v]{_trimmed(number)}{into_cell(width, height)},fps={fps},settb=1/{fps}[v{number}]"
        for number in range(len(parts))
    ]
    row, has_sound = in_a_row(facts, overlap_frames=1)
    graph = ";".join([*pictures, *row])
    return compose_clip(parts, graph, destination, limit_bytes, metadata=metadata, has_sound=has_sound)


def _trimmed(number: int) -> str:
    return "" if number == 0 else "trim=start_frame=1,setpts=PTS-STARTPTS,"
