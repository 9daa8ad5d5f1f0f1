"""A small paint box on float pictures: gradients, clouds of noise, soft lights, anti-aliased shapes, composition."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Picture = NDArray[np.float32]
"""HEIGHT x WIDTH x 3 light of sRGB colours in 0..1."""

Mask = NDArray[np.float32]
"""HEIGHT x WIDTH coverage in 0..1."""

Colour = tuple[int, int, int]

WIDTH: Final = 1280
HEIGHT: Final = 720
_FINE: Final = 3

Y, X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32) / np.float32(HEIGHT)
"""Coordinates in picture heights: y from 0 to 1, x from 0 to 16/9."""


def colour(rgb: Colour) -> Picture:
    """A colour of 0..255 as a picture of one pixel."""
    return np.asarray(np.array(rgb).reshape(1, 1, 3) / 255, dtype=np.float32)


def gradient(position: Mask, stops: Sequence[tuple[float, Colour]]) -> Picture:
    """Colours blended along ``position``; ``stops`` are (position, colour) in rising order."""
    at = [stop for stop, _ in stops]
    channels = [np.interp(position, at, [rgb[channel] / 255 for _, rgb in stops]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def over(below: Picture, above: Picture, mask: Mask) -> Picture:
    """``above`` laid over ``below`` where the mask covers."""
    cover = mask[..., None]
    return np.asarray(below * (1 - cover) + above * cover, dtype=np.float32)


def lighten(below: Picture, light: Colour, amount: Mask) -> Picture:
    """Light added as on film: it brightens without ever clipping (screen blending)."""
    return np.asarray(1 - (1 - below) * (1 - colour(light) * amount[..., None]), dtype=np.float32)


def glow(x: float, y: float, radius: float, power: float = 2.0) -> Mask:
    """A soft round light, 1 at its middle."""
    distance = np.hypot(X - x, Y - y) / radius
    return np.asarray(1 / (1 + distance**power), dtype=np.float32)


def smooth(value: Mask, low: float, high: float) -> Mask:
    """0 below ``low``, 1 above ``high``, softly between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def noise(random: np.random.Generator, columns: float, rows: float, octaves: int = 5) -> Mask:
    """Fractal noise around 0.5 with ``columns x rows`` features in its coarsest octave."""
    total, weight = np.zeros((HEIGHT, WIDTH), np.float32), 0.0
    for octave in range(octaves):
        size = (max(2, int(columns * 2**octave)), max(2, int(rows * 2**octave)))
        grid = random.random(size[::-1], dtype=np.float32)
        total += cv2.resize(grid, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) * 0.5**octave
        weight += 0.5**octave
    return np.asarray(total / weight, dtype=np.float32)


def shape(draw: Callable[[ImageDraw.ImageDraw, float], None], blur: float = 0.0) -> Mask:
    """What ``draw`` draws in white, anti-aliased; it is given the pixels of one picture height."""
    image = Image.new("L", (WIDTH * _FINE, HEIGHT * _FINE))
    draw(ImageDraw.Draw(image), HEIGHT * _FINE)
    small = np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.BOX), dtype=np.float32) / 255
    return np.asarray(cv2.GaussianBlur(small, (0, 0), blur) if blur else small, dtype=np.float32)


def polygon(*points: tuple[float, float], blur: float = 0.0) -> Mask:
    """A filled polygon, corners in picture heights."""
    return shape(lambda pen, unit: pen.polygon([(x * unit, y * unit) for x, y in points], fill=255), blur)


def below(line: Mask, softness: float = 0.002) -> Mask:
    """Everything under a line; ``line`` is y for each column (1 x WIDTH) or each pixel."""
    return np.asarray(np.clip((Y - line) / softness + 0.5, 0, 1), dtype=np.float32)


def ridge(random: np.random.Generator, level: float, height: float, features: float) -> Mask:
    """A line of hills as y for each column (1 x WIDTH)."""
    return np.asarray(level - height * (noise(random, features, 2)[:1] - 0.35), dtype=np.float32)


def finished(picture: Picture, random: np.random.Generator, grain: float = 0.008) -> Image.Image:
    """The picture as a photograph would show it: a little vignette and a little grain."""
    vignette = 1 - 0.28 * smooth(np.hypot((X - 0.889) / 1.05, (Y - 0.5) / 0.85), 0.5, 1.35)
    grainy = picture * vignette[..., None] + random.normal(0, grain, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return Image.fromarray(np.rint(np.clip(grainy, 0, 1) * 255).astype(np.uint8))
