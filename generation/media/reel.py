"""All entries of a challenge one after another in one clip, each with its number, to be watched together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from generation.media.fitting import Encoded, even, workplace
from generation.media.metadata import Metadata
from generation.media.montage import common_fps, compose_clip, in_a_row, into_cell
from generation.media.plates import plate
from generation.media.probe import ClipFacts, probe

LONGEST_SIDE: Final = 1280
"""Pixels; a reel is long, and more would leave it too few bits within the upload limit."""


def make_reel(clips: Sequence[tuple[str, Path]], destination: Path, limit_bytes: int, metadata: Metadata) -> Encoded:
    """Write (number, clip) pairs in their order as one MP4 of at most ``limit_bytes``.

    Every clip keeps its proportions, its length and its sound; those without are silent where others have some.
    Atomic. Raises RenderFailed: encoder or too_big.
    """
    facts = [probe(path) for _, path in clips]
    width, height = _sides(facts)
    fps, count = common_fps(facts), len(clips)
    with workplace(destination) as folder:
        plates = []
        for at, (name, _) in enumerate(clips):
            plates.append(folder / f"plate-{at}.png")
            plate(name, height).save(plates[-1])
        pictures = [
            f"[{at}:v]{into_cell(width, height)},fps={fps},settb=1/{fps}[c{at}];"
            f"[c{at}][{count + at}:v]overlay=0:0:format=auto,format=yuv420p,setsar=1[v{at}]"
            for at in range(count)
        ]
        row, has_sound = in_a_row(facts)
        inputs, graph = [*(path for _, path in clips), *plates], ";".join([*pictures, *row])
        return compose_clip(inputs, graph, destination, limit_bytes, metadata=metadata, has_sound=has_sound)


def _sides(facts: Sequence[ClipFacts]) -> tuple[int, int]:
    """Wide and high enough for every clip, within LONGEST_SIDE."""
    width, height = max(one.width for one in facts), max(one.height for one in facts)
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return even(width * scale), even(height * scale)
