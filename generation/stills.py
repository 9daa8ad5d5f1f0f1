"""A still as the pipelines want it: checked, upright, sRGB, bounded, free of metadata, with advice on its quality.

Everything here is plain and picklable, because it runs in another process than the bot.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from generation.media.decode import decode
from generation.media.quality import Advice, advise


@dataclass(frozen=True, slots=True)
class PreparedStill:
    """A usable still. ``png`` is RGB without any metadata; the sides are pixels.

    ``original_width`` and ``original_height`` are those of the picture as seen, before it was bounded.
    ``advice`` names what would make a better clip; it never stops one.
    """

    png: bytes
    width: int
    height: int
    original_width: int
    original_height: int
    advice: tuple[Advice, ...]


def prepare_still(data: bytes) -> PreparedStill:
    """Decode an attached picture. Raises StillError: type, broken, truncated, bomb or too_small.

    Deterministic: the same bytes give the same PNG. Takes about a second for a phone photo.
    """
    image, (original_width, original_height) = decode(data)
    advice = advise(image, min(original_width, original_height))
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=3)
    return PreparedStill(target.getvalue(), image.width, image.height, original_width, original_height, advice)


def crop_to(image: Image.Image, width: int, height: int) -> Image.Image:
    """The middle of ``image`` at ``width x height`` pixels: scaled by Lanczos until it covers, never stretched."""
    return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
