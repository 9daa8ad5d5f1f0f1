"""Clips beside each other: in step, each whole and in its own proportions, each with its letter."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from synthetic import AMPLE, FPS, HEIGHT, WIDTH, make, moving

from generation.media.frames import decode_frames, last_frame
from generation.media.metadata import LABEL, Metadata
from generation.media.probe import probe
from generation.media.side_by_side import side_by_side
from generation.pipelines.base import Frame


def clip(folder: Path, name: str, count: int = 17, **changes: object) -> tuple[str, Path]:
    path = folder / f"{name}.mp4"
    width, height = changes.get("width", WIDTH), changes.get("height", HEIGHT)
    make(path, moving(count, width, height), **changes)  # type: ignore[arg-type] # sides are whole numbers
    return name, path


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(2, 2, 1), (3, 2, 2), (4, 2, 2)], ids=["two", "three wide ones", "four"]
)
def test_the_grid_holds_every_clip_at_its_own_size(tmp_path: Path, count: int, columns: int, rows: int) -> None:
    target = tmp_path / "all.mp4"
    side_by_side([clip(tmp_path, name) for name in "ABCD"[:count]], target, AMPLE, Metadata(title="A and B"))
    facts = probe(target)

    assert (columns * WIDTH, rows * HEIGHT, 17, FPS) == (facts.width, facts.height, facts.frames, facts.fps)
    assert ("yuv420p", True, "", {"title": "A and B", "artist": LABEL}) == (
        facts.pixel_format, facts.faststart, facts.sound_codec, facts.metadata,
    )  # fmt: skip


def test_three_tall_ones_stand_in_a_row(tmp_path: Path) -> None:
    target = tmp_path / "all.mp4"
    side_by_side([clip(tmp_path, name, width=112, height=192) for name in "ABC"], target, AMPLE, Metadata())

    assert (336, 192) == (probe(target).width, probe(target).height)


def test_a_shorter_clip_holds_its_last_frame_and_a_slower_one_stays_in_step(tmp_path: Path) -> None:
    target = tmp_path / "all.mp4"
    short, slow = clip(tmp_path, "A", 9, fps=16), clip(tmp_path, "B", 33, fps=24)
    side_by_side([short, slow], target, AMPLE, Metadata())
    frames = list(decode_frames(target))
    left = [frame[40:, :WIDTH].astype(float) for frame in frames]

    assert (24, 33) == (round(probe(target).fps), len(frames))
    moved = [float(np.abs(one - other).mean()) > 0.7 for one, other in pairwise(left)]
    # Nine frames at 16 a second end after 13 or 14 of 24 a second.
    assert any(moved[8:13])
    assert not any(moved[14:])
    assert np.abs(left[-1] - last_frame(short[1])[40:].astype(float)).mean() < 4


def test_proportions_are_kept_on_black(tmp_path: Path) -> None:
    target = tmp_path / "all.mp4"
    side_by_side([clip(tmp_path, "A"), clip(tmp_path, "B", width=112, height=112)], target, AMPLE, Metadata())
    frame = last_frame(target)

    assert frame[:, -30:].max() < 24
    assert frame[:, WIDTH + 60 : WIDTH + 130].mean() > 60


def test_every_cell_carries_its_own_letter(tmp_path: Path) -> None:
    target = tmp_path / "all.mp4"
    clips = [clip(tmp_path, name, width=240, height=240) for name in "ABCD"]
    side_by_side(clips, target, AMPLE, Metadata())
    frame = last_frame(target)
    plates = [frame[row : row + 26, column : column + 26] for row in (0, 240) for column in (0, 240)]

    assert all(white_share(plate) > 0.04 and dark_share(plate) > 0.4 for plate in plates)
    differences = [np.abs(one.astype(int) - other).mean() for i, one in enumerate(plates) for other in plates[:i]]
    assert min(differences) > 8


def white_share(plate: Frame) -> float:
    return float((plate.min(axis=-1) > 200).mean())


def dark_share(plate: Frame) -> float:
    return float((plate.max(axis=-1) < 90).mean())


def test_a_picture_larger_than_screens_is_made_smaller(tmp_path: Path) -> None:
    target = tmp_path / "all.mp4"
    side_by_side([clip(tmp_path, name, 3, width=1280, height=720) for name in "AB"], target, AMPLE, Metadata())

    assert (1920, 540) == (probe(target).width, probe(target).height)
