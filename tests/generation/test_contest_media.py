"""Contact sheets and reels, made of clips whose colours are known."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.errors import RenderFailed
from generation.media.contact_sheet import GAP, GOLD, contact_sheet
from generation.media.encoder import Metadata, encode
from generation.media.frames import decode_frames
from generation.media.probe import probe
from generation.media.reel import make_reel

RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


def clip(
    folder: Path, name: str, colour: tuple[int, int, int], width: int = 96, height: int = 64, frames: int = 8
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
        sound=None,
        metadata=Metadata(),
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
