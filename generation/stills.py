"""A still as the pipelines want it: checked, upright, sRGB, bounded, free of metadata, with advice on its quality.

Everything here is plain and picklable, because it runs in another process than the bot.
"""

import io
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from generation.media.decode import decode
from generation.media.quality import Advice, advise

SHOWN_QUALITY: Final = 85

PNG_OPTIONS: Final = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FAST_FILTERS),
)


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
    return prepare_image(*decode(data))


def prepare_image(image: Image.Image, original_size: tuple[int, int]) -> PreparedStill:
    """``prepare_still`` of a picture that is decoded already."""
    original_width, original_height = original_size
    advice = advise(image, min(original_width, original_height))
    return PreparedStill(_png(image), image.width, image.height, original_width, original_height, advice)


def shown_still(still: Image.Image, width: int, height: int) -> bytes:
    """The still as a model gets it at that size, as a JPEG to look at; scaled in half the time, which nobody sees."""
    target = io.BytesIO()
    crop_to(still, width, height, Image.Resampling.HAMMING).save(target, "JPEG", quality=SHOWN_QUALITY)
    return target.getvalue()


def crop_to(
    image: Image.Image, width: int, height: int, resampling: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    """The middle of ``image`` at ``width x height`` pixels: scaled until it covers, never stretched."""
    return ImageOps.fit(image, (width, height), resampling)


def _png(image: Image.Image) -> bytes:
    """A third of the time that Pillow takes, at the same size: people wait for their stills to be read."""
    pixels = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".png", pixels, PNG_OPTIONS)
    return data.tobytes()
