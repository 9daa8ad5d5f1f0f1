"""Parts of a chain as one clip: nothing doubled, nothing skipped, in step with the sound, within the limit."""

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from synthetic import AMPLE, FPS, HEIGHT, WIDTH, make, moving, tone

from generation.media.frames import decode_frames
from generation.media.joining import join_clips
from generation.media.metadata import LABEL, Metadata
from generation.media.probe import probe
from generation.pipelines.base import Frame

PART = 17
TITLED = Metadata(title="three parts", description="a wave moves on")


def parts(folder: Path, **changes: object) -> list[Path]:
    """Three clips of one even movement, each beginning with the last frame of the one before."""
    paths = [folder / f"{number}.mp4" for number in range(3)]
    for number, path in enumerate(paths):
        begin = number * (PART - 1)
        make(path, islice(moving(begin + PART), begin, None), **changes)
    return paths


def steps(path: Path) -> list[float]:
    """How much each frame differs from the one before."""
    frames: Iterator[Frame] = decode_frames(path)
    return [float(np.abs(one.astype(float) - other).mean()) for one, other in pairwise(frames)]


def test_a_joined_chain_has_every_frame_once_and_moves_on_evenly(tmp_path: Path) -> None:
    joined = tmp_path / "joined.mp4"
    encoded = join_clips(parts(tmp_path), joined, AMPLE, TITLED)
    facts, moves = probe(joined), steps(joined)

    assert 3 * PART - 2 == facts.frames
    assert (WIDTH, HEIGHT, FPS, "yuv420p", True) == (
        facts.width, facts.height, facts.fps, facts.pixel_format, facts.faststart,
    )  # fmt: skip
    assert {"title": "three parts", "description": "a wave moves on", "artist": LABEL} == facts.metadata
    assert encoded.size_bytes == joined.stat().st_size
    # A doubled frame would be a step of nothing, a skipped one a step of twice the usual.
    assert min(moves) > 0.75 * float(np.median(moves))
    assert max(moves) < 1.25 * float(np.median(moves))


def test_sound_stays_with_its_picture_and_silence_fills_what_has_none(tmp_path: Path) -> None:
    paths = parts(tmp_path, sound=tone(PART / FPS))
    make(paths[1], moving(PART))
    joined = tmp_path / "joined.mp4"
    join_clips(paths, joined, AMPLE, Metadata())
    facts = probe(joined)

    assert "mp4a" == facts.sound_codec
    assert (3 * PART - 2) / FPS == pytest.approx(facts.sound_seconds, abs=0.1)


def test_parts_of_other_sizes_and_rates_fit_the_first_one(tmp_path: Path) -> None:
    paths = parts(tmp_path)
    make(paths[1], moving(25, 96, 112), width=96, height=112, fps=24)
    joined = tmp_path / "joined.mp4"
    join_clips(paths, joined, AMPLE, Metadata())
    facts = probe(joined)

    assert (WIDTH, HEIGHT, 24) == (facts.width, facts.height, facts.fps)
    assert (PART + 2 * (PART - 1)) / FPS == pytest.approx(facts.duration_seconds, abs=0.15)


def test_a_long_chain_is_made_smaller_until_it_fits(tmp_path: Path) -> None:
    joined = tmp_path / "joined.mp4"
    whole = join_clips(parts(tmp_path), joined, AMPLE, Metadata()).size_bytes
    limit = whole // 2
    join_clips(parts(tmp_path), joined, limit, Metadata())

    assert joined.stat().st_size <= limit
    assert 3 * PART - 2 == probe(joined).frames
    assert [joined.name] == sorted(path.name for path in tmp_path.iterdir() if path.stem not in {"0", "1", "2"})
