"""What every picture of the class is drawn with: one width, one paper, colours that can be told apart, one font."""

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1200
MARGIN: Final = 48
HEADER_HEIGHT: Final = 118
GAP: Final = 12
"""Pixels between two cards."""

PAPER: Final = "#1e1f24"
CARD_PAPER: Final = "#282a31"
RAIL: Final = "#363943"
INK: Final = "#f2f3f5"
QUIET_INK: Final = "#b5bac1"
"""At least 7:1 on both papers, by WCAG 2's formula."""

COLOURS: Final = ("#7aa2f7", "#f7b955", "#6fcf97", "#f28ba8", "#c9a6ff", "#5fd0d8", "#e8e07a", "#f29166")
"""Told apart also with a colour vision deficiency by their lightness and order; a legend names them in that order."""

SWATCH_TEXT: Final = 19
SWATCH_ROOM: Final = 26
"""Pixels from a swatch's left edge to the name beside it."""


def sheet(height: int, title: str, subtitle: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty picture of that height with its heading, and what draws on it."""
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 38), cut(title, 38, WIDTH - 2 * MARGIN), INK, font(38), anchor="lt")
    draw.text((MARGIN, 88), cut(subtitle, 20, WIDTH - 2 * MARGIN), QUIET_INK, font(20), anchor="lt")
    return image, draw


def card(draw: ImageDraw.ImageDraw, top: int, bottom: int) -> None:
    """The ground of one part of a picture, from margin to margin."""
    draw.rounded_rectangle((MARGIN - 16, top, WIDTH - MARGIN + 16, bottom), 12, fill=CARD_PAPER)


def empty_card(draw: ImageDraw.ImageDraw, text: str, top: int, bottom: int) -> None:
    """A card that says why there is nothing on it."""
    card(draw, top, bottom)
    middle = (WIDTH // 2, (top + bottom) // 2)
    draw.text(middle, cut(text, 24, WIDTH - 2 * MARGIN), QUIET_INK, font(24), anchor="mm")


def swatch(draw: ImageDraw.ImageDraw, left: float, middle: float, colour: str, name: str) -> None:
    """A colour and what it stands for, ``swatch_width`` pixels wide."""
    draw.rounded_rectangle((left, middle - 8, left + 16, middle + 8), 4, fill=colour)
    draw.text((left + SWATCH_ROOM, middle), name, INK, font(SWATCH_TEXT), anchor="lm")


def swatch_width(name: str) -> int:
    """Pixels that ``swatch`` takes."""
    return SWATCH_ROOM + round(font(SWATCH_TEXT).getlength(name))


def to_png(image: Image.Image) -> bytes:
    """The finished picture."""
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font that Pillow carries, so that no machine has to have one; it knows few letters beyond ASCII."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def cut(text: str, size: int, width: float) -> str:
    """The text, shortened until it fits."""
    letters = font(size)
    if letters.getlength(text) <= width:
        return text
    while text and letters.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text.rstrip()}..."
