"""Draws the class's board of limits: bars by model, and a frame of an example where it broke."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from generation.board import BoardDrawing, BoardRow
from generation.errors import RenderFailed
from generation.media.frames import frame_at
from generation.media.paper import (
    COLOURS,
    GAP,
    HEADER_HEIGHT,
    INK,
    MARGIN,
    PAPER,
    RAIL,
    SWATCH_TEXT,
    WIDTH,
    card,
    cut,
    empty_card,
    font,
    sheet,
    swatch,
    swatch_width,
    to_png,
)

LEGEND_LINE: Final = 34
ROW_HEIGHT: Final = 132
FRAME: Final = (176, 100)
BAR_LEFT: Final = 372
BAR_RIGHT: Final = WIDTH - MARGIN - FRAME[0] - 84
BAR_HEIGHT: Final = 34


def draw_board(drawing: BoardDrawing) -> bytes:
    """The board as a PNG, 1200 pixels wide and as high as it has rows. A clip that cannot be read has no frame."""
    lines = _legend_lines(drawing)
    top = HEADER_HEIGHT + len(lines) * LEGEND_LINE + 16
    height = top + max(1, len(drawing.rows)) * ROW_HEIGHT + MARGIN
    image, draw = sheet(height, drawing.title, drawing.subtitle)
    _draw_legend(draw, lines)
    most = max((row.marks for row in drawing.rows), default=1)
    for index, row in enumerate(drawing.rows):
        _draw_row(image, draw, row, top + index * ROW_HEIGHT, most)
    if not drawing.rows:
        empty_card(draw, drawing.empty, top, top + ROW_HEIGHT - GAP)
    return to_png(image)


def _legend_lines(drawing: BoardDrawing) -> list[list[tuple[str, str, int]]]:
    """Colour, name and left edge of every model, in as many lines as they need."""
    lines: list[list[tuple[str, str, int]]] = []
    left = WIDTH
    for index, model in enumerate(drawing.models):
        name = cut(model, SWATCH_TEXT, 360)
        width = swatch_width(name) + 34
        if left + width > WIDTH - MARGIN:
            lines.append([])
            left = MARGIN
        lines[-1].append((_colour(index), name, left))
        left += width
    return lines


def _draw_legend(draw: ImageDraw.ImageDraw, lines: list[list[tuple[str, str, int]]]) -> None:
    for number, line in enumerate(lines):
        middle = HEADER_HEIGHT + 20 + number * LEGEND_LINE
        for colour, name, left in line:
            swatch(draw, left, middle, colour, name)


def _draw_row(image: Image.Image, draw: ImageDraw.ImageDraw, row: BoardRow, top: int, most: int) -> None:
    middle = top + (ROW_HEIGHT - GAP) // 2
    card(draw, top, top + ROW_HEIGHT - GAP)
    draw.text((MARGIN, middle), cut(row.label, 24, BAR_LEFT - MARGIN - 24), INK, font(24), anchor="lm")
    _draw_bars(draw, row, middle, most)
    right = BAR_RIGHT + 24
    draw.text((right, middle), str(row.marks), INK, font(28), anchor="lm")
    frame = None if row.clip is None else _frame(row.clip, row.at_seconds)
    left = WIDTH - MARGIN - FRAME[0]
    if frame is not None:
        image.paste(frame, (left, middle - FRAME[1] // 2), _rounded(FRAME))
        _draw_caption(draw, row.caption, left, middle + FRAME[1] // 2)


def _draw_bars(draw: ImageDraw.ImageDraw, row: BoardRow, middle: int, most: int) -> None:
    box = (BAR_LEFT, middle - BAR_HEIGHT // 2, BAR_RIGHT, middle + BAR_HEIGHT // 2)
    draw.rounded_rectangle(box, 3, fill=RAIL)
    left = float(BAR_LEFT)
    for bar in row.bars:
        right = left + bar.marks / most * (BAR_RIGHT - BAR_LEFT)
        draw.rounded_rectangle((left, box[1], max(left + 4, right - 2), box[3]), 3, fill=_colour(bar.model))
        if right - left > 34:
            draw.text(((left + right - 2) / 2, middle), str(bar.marks), PAPER, font(19), anchor="mm")
        left = right


def _draw_caption(draw: ImageDraw.ImageDraw, caption: str, left: int, bottom: int) -> None:
    text = cut(caption, 15, FRAME[0] - 16)
    width = font(15).getlength(text)
    draw.rounded_rectangle((left + 4, bottom - 26, left + 16 + width, bottom - 4), 5, fill=PAPER)
    draw.text((left + 10, bottom - 15), text, INK, font(15), anchor="lm")


def _frame(clip: Path, at_seconds: float) -> Image.Image | None:
    try:
        frame = frame_at(clip, at_seconds)
    except (RenderFailed, OSError):
        return None
    return ImageOps.fit(Image.fromarray(frame), FRAME, Image.Resampling.LANCZOS)


def _rounded(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), 8, fill=255)
    return mask


def _colour(model: int) -> str:
    return COLOURS[model % len(COLOURS)]
