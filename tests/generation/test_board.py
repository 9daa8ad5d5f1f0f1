"""The class's board as a picture."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor, ImageFont

from generation.board import BoardBar, BoardDrawing, BoardRow
from generation.media import board
from generation.media.board import draw_board
from generation.media.encoder import Metadata, encode
from generation.media.frames import decode_frames, frame_at
from generation.media.paper import CARD_PAPER, COLOURS, HEADER_HEIGHT, INK, PAPER, QUIET_INK

KINDS = ("The face changed", "Physics", "Characters mixed up", "Text", "A complex movement", "Length: it drifted away")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine frames, each brighter than the one before."""
    path = tmp_path_factory.mktemp("board") / "clip.mp4"
    frames = (np.full((64, 96, 3), 20 + 25 * number, np.uint8) for number in range(9))
    still = Metadata(title="brighter")
    encode(frames, width=96, height=64, fps=8, path=path, sound=None, metadata=still, size_limit_bytes=10**6)
    return path


def drawing(*rows: BoardRow, models: tuple[str, ...] = ("Draft", "Wan 2.2 A14B")) -> BoardDrawing:
    return BoardDrawing("Where our clips break", "7 marks by this class", "No marks yet.", models, rows)


def opened(drawn: BoardDrawing) -> Image.Image:
    return Image.open(io.BytesIO(draw_board(drawn))).convert("RGB")


def widths(image: Image.Image, top: int) -> list[int]:
    """Pixels of each model's colour along the middle of a row's bar."""
    line = np.asarray(image)[top]
    return [int((line == ImageColor.getrgb(colour)).all(axis=-1).sum()) for colour in COLOURS[:2]]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [part / 255 for part in ImageColor.getrgb(colour)[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_bars_are_as_long_as_their_counts() -> None:
    rows = [BoardRow("Text", (BoardBar(0, 3), BoardBar(1, 1))), BoardRow("Physics", (BoardBar(1, 2),))]
    image = opened(drawing(*rows))
    first = HEADER_HEIGHT + board.LEGEND_LINE + 16
    bars = [widths(image, first + number * board.ROW_HEIGHT + 60 - 12) for number in (0, 1)]

    assert bars[0][0] / bars[0][1] == pytest.approx(3, rel=0.15)
    assert bars[1][1] / bars[0][1] == pytest.approx(2, rel=0.15)
    assert 0 == bars[1][0]


def test_the_example_is_the_frame_at_the_marked_second(clip: Path) -> None:
    frames = list(decode_frames(clip))

    assert np.array_equal(frames[4], frame_at(clip, 0.5))
    assert np.array_equal(frames[8], frame_at(clip, 99.0))
    image = opened(drawing(BoardRow("Text", (BoardBar(0, 1),), clip, 0.5, "#7 at 0.5 s")))
    shown = image.getpixel((1200 - 48 - 88, HEADER_HEIGHT + board.LEGEND_LINE + 16 + 60))
    assert np.abs(np.array(shown, int) - frames[4][32, 48].astype(int)).max() <= 3


def test_a_lost_clip_leaves_the_board_without_its_frame(tmp_path: Path) -> None:
    image = opened(drawing(BoardRow("Text", (BoardBar(0, 1),), tmp_path / "gone.mp4", 0.5, "#7")))

    assert image.getpixel((1200 - 48 - 88, HEADER_HEIGHT + board.LEGEND_LINE + 16 + 60)) == ImageColor.getrgb(
        CARD_PAPER
    )


def test_an_empty_board_and_one_with_every_model_and_long_names_can_be_drawn() -> None:
    models = tuple(f"A model with quite a long name, number {number}" for number in range(12))
    full = drawing(*(BoardRow(kind * 3, tuple(BoardBar(n, 1 + n) for n in range(12))) for kind in KINDS), models=models)

    assert opened(drawing(models=())).height < opened(full).height
    assert 1200 == opened(full).width


def test_everything_written_can_be_read() -> None:
    assert min(contrast(ink, paper) for ink in (INK, QUIET_INK) for paper in (PAPER, CARD_PAPER)) >= 7
    assert min(contrast(colour, PAPER) for colour in COLOURS) >= 4.5


def test_the_font_has_the_letters_that_names_need() -> None:
    font = ImageFont.load_default(24)
    missing = font.getmask("\uffff").getbbox()

    assert all(font.getmask(char).getbbox() not in (None, missing) for char in "AZaz09#.,:%()")
