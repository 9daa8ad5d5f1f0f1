"""Contact sheets and reels, made of clips whose colours are known."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from synthetic import tone

from generation.errors import RenderFailed
from generation.media.anonymous import without_texts
from generation.media.contact_sheet import GAP, GOLD, contact_sheet
from generation.media.encoder import Metadata, encode
from generation.media.ffmpeg import ffmpeg_output
from generation.media.frames import decode_frames
from generation.media.probe import probe
from generation.media.reel import make_reel
from generation.pipelines.base import Sound

SECRET = Metadata("a title", "a secret wish", '{"prompt": "a secret wish", "seed": 7}')
RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


def clip(
    folder: Path,
    name: str,
    colour: tuple[int, int, int],
    width: int = 96,
    height: int = 64,
    frames: int = 8,
    sound: Sound | None = None,
) -> Path:
    picture = np.full((height, width, 3), colour, np.uint8)
    path = folder / f"{name}.mp4"
    frames_ = (picture for _ in range(frames))
    encode(
        frames_,
        width=width,
        height=height,
        fps=8,
        path=path,
        sound=sound,
        metadata=SECRET,
        size_limit_bytes=10**7,
    )
    return path


def near(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(picture.reshape(-1, 3).mean(0) - colour).max() < 12)


def test_a_sheet_has_a_frame_of_each_entry_and_gold_around_the_winners(tmp_path: Path) -> None:
    clips = [
        ("1", clip(tmp_path, "a", RED)),
        ("2", clip(tmp_path, "b", GREEN)),
        ("12", clip(tmp_path, "c", BLUE, 64, 96)),
    ]
    contact_sheet(clips, {"2"}, tmp_path / "sheet.png", 10**7)
    page = np.asarray(Image.open(tmp_path / "sheet.png").convert("RGB"))
    height, width = (page.shape[0] - 3 * GAP) // 2, (page.shape[1] - 3 * GAP) // 2

    def middle(row: int, column: int) -> np.ndarray:
        y, x = GAP + row * (height + GAP) + height // 2, GAP + column * (width + GAP) + width // 2
        return page[y - 5 : y + 5, x - 5 : x + 5]

    assert [True] * 3 == [near(middle(*at), colour) for at, colour in (((0, 0), RED), ((0, 1), GREEN), ((1, 0), BLUE))]
    right_edge = page[GAP + height // 2, 2 * GAP + 2 * width - 2]
    assert GOLD == tuple(right_edge)


def test_a_sheet_that_no_size_makes_small_enough_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed) as caught:
        contact_sheet([("1", clip(tmp_path, "a", RED))], (), tmp_path / "sheet.png", 100)
    assert "too_big" == caught.value.fault
    assert not (tmp_path / "sheet.png").exists()


def test_a_reel_shows_every_entry_whole_in_order_with_its_number(tmp_path: Path) -> None:
    clips = [
        ("1", clip(tmp_path, "a", RED)),
        ("2", clip(tmp_path, "b", GREEN, 64, 96, 5)),
        ("3", clip(tmp_path, "c", BLUE)),
    ]
    made = make_reel(clips, tmp_path / "reel.mp4", 10**6, Metadata("Tides"))
    frames = list(decode_frames(tmp_path / "reel.mp4"))
    seen = [
        near(frames[at][40:56, 40:56], colour)
        for at, colour in ((0, RED), (7, RED), (8, GREEN), (12, GREEN), (13, BLUE), (20, BLUE))
    ]

    assert (96, 96, 21, 21) == (made.width, made.height, made.frames, len(frames))
    assert [True] * 6 == seen
    plate = frames[9][:24, :24].astype(int)
    assert plate.max() - plate.min() > 120
    assert "Tides" == probe(tmp_path / "reel.mp4").metadata["title"]
    assert "" == probe(tmp_path / "reel.mp4").sound_codec


def test_a_reel_keeps_the_sound_of_entries_that_have_it_in_step_and_the_others_silent(tmp_path: Path) -> None:
    clips = [
        ("1", clip(tmp_path, "a", RED)),
        ("2", clip(tmp_path, "b", GREEN, frames=16, sound=tone(2))),
        ("3", clip(tmp_path, "c", BLUE, frames=8)),
    ]
    make_reel(clips, tmp_path / "reel.mp4", 10**6, Metadata())
    facts = probe(tmp_path / "reel.mp4")
    loud = loudness(tmp_path / "reel.mp4")

    assert ("mp4a", 32) == (facts.sound_codec, facts.frames)
    assert facts.duration_seconds == pytest.approx(facts.sound_seconds, abs=0.1)
    assert loud[:8].max() < 0.01 < 0.1 < loud[12:28].min()
    assert loud[32:].max() < 0.01


def loudness(path: Path) -> np.ndarray:
    """Root mean square of every tenth of a second, 1 the loudest there is; of the whole part of a silent clip 0."""
    arguments = ["-i", str(path), "-f", "f32le", "-ac", "1", "-ar", "8000", "-"]
    with ffmpeg_output(arguments) as stream:
        samples = np.frombuffer(stream.read(), np.float32)
    parts = samples[: len(samples) // 800 * 800].reshape(-1, 800)
    return np.sqrt((parts**2).mean(axis=1))


def test_a_clip_without_texts_has_the_same_picture_and_sound_and_not_a_word(tmp_path: Path) -> None:
    source = clip(tmp_path, "a", RED, sound=tone(1))
    without_texts(source, tmp_path / "bare.mp4")
    whole, bare = probe(source), probe(tmp_path / "bare.mp4")

    assert ({}, b"secret") == (bare.metadata, b"secret" if b"secret" in source.read_bytes() else b"")
    assert b"secret" not in (tmp_path / "bare.mp4").read_bytes()
    assert (whole.payload_bytes, whole.frames, whole.sound_rate) == (bare.payload_bytes, bare.frames, bare.sound_rate)
    assert bare.faststart
    assert np.array_equal(list(decode_frames(source)), list(decode_frames(tmp_path / "bare.mp4")))
