"""Two to four clips in one picture, in step, each with its letter, so that they can be compared at a glance."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from generation.media.fitting import Encoded, even, workplace
from generation.media.metadata import Metadata
from generation.media.montage import TO_VIDEO, common_fps, compose_clip, into_cell
from generation.media.plates import plate
from generation.media.probe import ClipFacts, probe

LONGEST_SIDE: Final = 1920
"""Pixels of the whole picture; more is decoded slowly by phones and shown smaller in the channel anyway."""


def side_by_side(clips: Sequence[tuple[str, Path]], destination: Path, limit_bytes: int, metadata: Metadata) -> Encoded:
    """Write (letter, clip) pairs as one MP4 of at most ``limit_bytes``, without sound.

    Every clip keeps its proportions, begins at the same moment and holds its last frame until the longest has ended.
    Raises RenderFailed: encoder or too_big.
    """
    facts = [probe(path) for _, path in clips]
    columns, rows = layout(facts)
    width, height = _cell(facts, columns, rows)
    fps = common_fps(facts)
    frames = round(max(one.duration_seconds for one in facts) * fps)
    with workplace(destination) as folder:
        plates = [_plate(name, height, folder) for name, _ in clips]
        graph = [
            f"[{number}:v]{into_cell(width, height)},fps={fps},{_held(one, frames, fps)}[c{number}];"
            f"[c{number}][{len(clips) + number}:v]overlay=0:0:format=auto[l{number}]"
            for number, one in enumerate(facts)
        ]
        cells = "".join(f"[l{number}]" for number in range(len(clips)))
        spots = "|".join(f"{x}_{y}" for x, y in _spots(len(clips), columns, width, height))
        graph.append(f"{cells}xstack=inputs={len(clips)}:layout={spots}:fill=black,{TO_VIDEO}[v]")
        inputs = [*(path for _, path in clips), *plates]
        return compose_clip(inputs, ";".join(graph), destination, limit_bytes, metadata=metadata)


def layout(facts: Sequence[ClipFacts]) -> tuple[int, int]:
    """(columns, rows): four in a square; two and three beside each other, or in a square if the row were too flat."""
    if len(facts) == 4:
        return 2, 2
    widest = max(one.width / one.height for one in facts)
    return (2, 2) if len(facts) == 3 and widest > 1 else (len(facts), 1)


def _cell(facts: Sequence[ClipFacts], columns: int, rows: int) -> tuple[int, int]:
    width, height = max(one.width for one in facts), max(one.height for one in facts)
    scale = min(1.0, LONGEST_SIDE / max(width * columns, height * rows))
    return even(width * scale), even(height * scale)


def _spots(count: int, columns: int, width: int, height: int) -> list[tuple[int, int]]:
    """Upper left corners, row by row; a last row that is not full stands in the middle."""
    found = []
    for number in range(count):
        row, column = divmod(number, columns)
        missing = columns - min(columns, count - row * columns)
        found.append((column * width + even(missing * width / 2) * (missing > 0), row * height))
    return found


def _held(facts: ClipFacts, frames: int, fps: int) -> str:
    """Exactly ``frames`` frames; one more than is missing, because the change of rate may have rounded either way."""
    missing = max(0, frames - int(facts.duration_seconds * fps)) + 1
    return f"tpad=stop_mode=clone:stop={missing},trim=end_frame={frames},setpts=PTS-STARTPTS"


def _plate(name: str, cell_height: int, folder: Path) -> Path:
    path = folder / f"letter-{name}.png"
    plate(name, cell_height).save(path)
    return path
