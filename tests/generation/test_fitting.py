"""Clips that fit under an upload limit, whatever is in them."""

from pathlib import Path

import pytest
from synthetic import AMPLE, FPS, HEIGHT, WIDTH, make, moving, noisy, tone

from generation.errors import RenderFailed
from generation.media.encoder import Metadata, fit
from generation.media.metadata import LABEL
from generation.media.probe import probe


def test_a_clip_within_the_limit_is_encoded_once(tmp_path: Path) -> None:
    size = make(tmp_path / "clip.mp4", moving()).size_bytes
    assert make(tmp_path / "again.mp4", moving(), size_limit_bytes=size).passes == 1


@pytest.mark.parametrize("share", [0.8, 0.4, 0.15, 0.04, 0.012])
def test_heavy_noise_is_fitted_under_every_limit(tmp_path: Path, share: float) -> None:
    free = make(tmp_path / "free.mp4", noisy()).size_bytes
    limit = int(free * share)
    encoded = make(tmp_path / "clip.mp4", noisy(), size_limit_bytes=limit, metadata=Metadata(description="noise"))
    facts = probe(tmp_path / "clip.mp4")
    assert encoded.size_bytes == facts.size_bytes <= limit
    assert (facts.frames, facts.fps, facts.faststart) == (24, FPS, True)
    assert (facts.profile, facts.pixel_format) == ("High", "yuv420p")
    assert facts.colours == ("bt709", "bt709", "bt709", "tv")
    assert facts.metadata == {"description": "noise", "artist": LABEL}
    assert encoded.passes >= 3
    assert (facts.width % 2, facts.height % 2) == (0, 0)
    assert facts.width / facts.height == pytest.approx(WIDTH / HEIGHT, rel=0.06)


def test_the_picture_shrinks_only_when_its_bits_run_out(tmp_path: Path) -> None:
    free = make(tmp_path / "free.mp4", noisy()).size_bytes
    mild = make(tmp_path / "mild.mp4", noisy(), size_limit_bytes=free // 2)
    hard = make(tmp_path / "hard.mp4", noisy(), size_limit_bytes=free // 100)
    assert (mild.width, mild.height) == (WIDTH, HEIGHT)
    assert hard.width < WIDTH


def test_sound_is_given_up_last(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", noisy(), sound=tone(1.5))
    fit(tmp_path / "clip.mp4", tmp_path / "some.mp4", 60_000)
    fit(tmp_path / "clip.mp4", tmp_path / "least.mp4", 6_000)
    assert probe(tmp_path / "some.mp4").sound_codec == "mp4a"
    assert probe(tmp_path / "least.mp4").sound_codec == ""


def test_a_finished_clip_is_refitted_and_its_source_is_kept(tmp_path: Path) -> None:
    source = make(tmp_path / "clip.mp4", noisy())
    smaller = fit(tmp_path / "clip.mp4", tmp_path / "smaller.mp4", source.size_bytes // 3)
    assert smaller.size_bytes <= source.size_bytes // 3
    assert probe(tmp_path / "clip.mp4").size_bytes == source.size_bytes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "smaller.mp4"]


def test_a_finished_clip_that_fits_is_copied_unchanged(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", moving())
    assert fit(tmp_path / "clip.mp4", tmp_path / "copy.mp4", AMPLE).passes == 0
    assert (tmp_path / "copy.mp4").read_bytes() == (tmp_path / "clip.mp4").read_bytes()


def test_only_a_limit_below_the_smallest_clip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed) as caught:
        make(tmp_path / "clip.mp4", noisy(), size_limit_bytes=900)
    assert caught.value.fault == "too_big"
    assert list(tmp_path.iterdir()) == []
