"""A name on a dark plate, as a picture: ffmpeg's own text needs a font that a machine may not have."""

from typing import Final

from PIL import Image, ImageDraw, ImageFont

PLATE_SHARE: Final = 0.11
"""Height of a plate as a share of its cell; readable where the channel shows the clip at 400 pixels."""

LEAST_PLATE: Final = 24
"""Pixels; below this a number cannot be told from its neighbours."""


def plate(name: str, cell_height: int) -> Image.Image:
    """White on dark, RGBA, as high as suits the cell and as wide as the name needs; letters and digits only."""
    height = max(LEAST_PLATE, round(cell_height * PLATE_SHARE))
    font = ImageFont.load_default(height * 0.8)
    width = max(height, round(font.getlength(name) + height * 0.5))
    image = Image.new("RGBA", (width, height), (0, 0, 0, 190))
    ImageDraw.Draw(image).text((width / 2, height / 2), name, "white", font, anchor="mm", stroke_width=height / 60)
    return image
