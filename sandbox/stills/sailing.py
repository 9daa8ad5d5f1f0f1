"""A small sailing boat on a calm bay in the morning."""

from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from sandbox.stills.paint import (
    HEIGHT,
    WIDTH,
    Mask,
    Picture,
    X,
    Y,
    below,
    colour,
    finished,
    glow,
    gradient,
    lighten,
    noise,
    over,
    polygon,
    ridge,
    shape,
    smooth,
)

WATERLINE: Final = 0.56
BOAT_X: Final = 0.74
BOAT_Y: Final = 0.69
SUN: Final = (1.42, 0.3)


def paint(seed: int = 3) -> Image.Image:
    """The finished picture, 1280 x 720; the same for the same seed."""
    random = np.random.default_rng(seed)
    shore = _hills(_sky(random), random)
    scene, boat = _boat(shore)
    picture = _water(shore, scene, boat, random)
    return finished(_gulls(picture), random)


def _sky(random: np.random.Generator) -> Picture:
    picture = gradient(
        Y, [(0, (92, 152, 196)), (0.25, (148, 192, 210)), (0.42, (226, 216, 196)), (0.56, (255, 222, 176))]
    )
    picture = lighten(picture, (255, 224, 160), np.asarray(0.6 * glow(*SUN, 0.3, 1.7), dtype=np.float32))
    picture = lighten(picture, (255, 246, 220), glow(*SUN, 0.036, 6.0))
    puffs = noise(random, 6, 7, 6)
    band = smooth(Y, 0.02, 0.14) * (1 - smooth(Y, 0.34, 0.5))
    body = smooth(puffs, 0.5, 0.66) * band
    rise, run = np.gradient(cv2.GaussianBlur(puffs, (0, 0), 3))
    lit = np.asarray(np.clip((rise + run) * 95 + 0.6, 0, 1), dtype=np.float32)
    tint = gradient(lit, [(0, (170, 178, 196)), (0.5, (244, 226, 208)), (1, (255, 248, 234))])
    return over(picture, tint, np.asarray(0.85 * body, dtype=np.float32))


def _hills(picture: Picture, random: np.random.Generator) -> Picture:
    layers = (
        (0.5, 0.2, 4.0, (168, 182, 190), (226, 208, 186)),
        (0.525, 0.13, 6.0, (112, 140, 148), (182, 180, 160)),
        (0.55, 0.085, 9.0, (62, 98, 92), (120, 134, 100)),
    )
    for level, height, features, dark, warm in layers:
        line = ridge(random, level, height, features)
        rough = 0.006 * (noise(random, 160, 2, 2)[:1] - 0.5)
        sunny = smooth(X + 0.5 * (noise(random, 20, 14, 4) - 0.5), 0.5, 1.5)
        hill = gradient(sunny, [(0, dark), (1, warm)])
        mist = smooth(Y, level - 0.06, WATERLINE + 0.02)
        hill = over(hill, np.broadcast_to(colour((236, 216, 188)), hill.shape), np.asarray(0.45 * mist, np.float32))
        picture = over(picture, hill, below(np.asarray(line + rough, dtype=np.float32), 0.003))
    return picture


def _boat(picture: Picture) -> tuple[Picture, Mask]:
    """The scene with the boat on it, and where the boat is."""
    x, y = BOAT_X, BOAT_Y
    main = polygon(*_curve((x + 0.012, y - 0.5), (x + 0.15, y - 0.3), (x + 0.215, y - 0.07)), (x + 0.012, y - 0.075))
    jib = polygon(*_curve((x - 0.004, y - 0.44), (x - 0.04, y - 0.2), (x - 0.185, y - 0.055)), (x - 0.02, y - 0.06))
    mast = polygon((x - 0.002, y - 0.52), (x + 0.004, y - 0.52), (x + 0.006, y - 0.03), (x - 0.004, y - 0.03))
    boom = polygon((x, y - 0.073), (x + 0.222, y - 0.066), (x + 0.222, y - 0.06), (x, y - 0.064))
    hull = polygon(
        *_curve((x - 0.215, y - 0.05), (x - 0.16, y + 0.0), (x - 0.1, y + 0.012)),
        *_curve((x + 0.17, y + 0.012), (x + 0.215, y - 0.0), (x + 0.225, y - 0.045)),
        *_curve((x + 0.225, y - 0.045), (x, y - 0.022), (x - 0.215, y - 0.05)),
    )
    cabin = polygon((x - 0.07, y - 0.035), (x - 0.055, y - 0.062), (x + 0.06, y - 0.06), (x + 0.075, y - 0.035))
    seams = np.asarray(0.035 * np.cos((Y - y + 0.12 * (X - x)) * 95) ** 16, dtype=np.float32)[..., None]
    across = np.asarray((X - x) / 0.22, dtype=np.float32)
    cloth = gradient(
        across, [(-0.9, (255, 244, 224)), (-0.05, (214, 208, 208)), (0.05, (246, 236, 222)), (1, (255, 240, 206))]
    )
    wood = gradient(
        np.asarray(Y - y, np.float32), [(-0.05, (190, 62, 48)), (-0.012, (140, 38, 36)), (0.012, (70, 24, 30))]
    )
    pennant = polygon((x + 0.002, y - 0.52), (x + 0.05, y - 0.508), (x + 0.002, y - 0.496))
    sheer = np.asarray(Y - y + 0.028 * across**2, dtype=np.float32)
    parts: list[tuple[Mask, Picture]] = [
        (cabin, gradient(Y, [(y - 0.06, (236, 222, 200)), (y - 0.035, (160, 140, 130))])),
        (jib, cloth - seams),
        (main, cloth - seams),
        (boom, _flat(120, 84, 58)),
        (mast, _flat(104, 76, 58)),
        (hull, wood),
        (np.asarray(hull * (1 - smooth(sheer, -0.013, -0.009)), dtype=np.float32), _flat(250, 240, 224)),
        (pennant, _flat(206, 58, 46)),
    ]
    for part, paint_ in parts:
        picture = over(picture, np.asarray(paint_, dtype=np.float32), part)
    boat = np.maximum.reduce([main, jib, mast, boom, hull, cabin, pennant])
    return picture, np.asarray(boat, dtype=np.float32)


def _flat(red: int, green: int, blue: int) -> Picture:
    return np.asarray(np.broadcast_to(colour((red, green, blue)), (HEIGHT, WIDTH, 3)), dtype=np.float32)


def _curve(
    start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """A quadratic curve as a row of points."""
    t = np.linspace(0, 1, 24)[:, None]
    points = (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(bend) + t**2 * np.array(end)
    return [(float(px), float(py)) for px, py in points]


def _water(shore: Picture, scene: Picture, boat: Mask, random: np.random.Generator) -> Picture:
    """The bay: mirrors hills at the far shore and the boat at its own waterline, broken up by ripples."""
    depth = np.clip((Y - WATERLINE) / (1 - WATERLINE), 1e-3, 1)
    rows = 46 * np.log1p(14 * depth)
    waves = np.sin(rows * 1.5 + 11 * noise(random, 16, 40, 4)) + 0.7 * np.sin(
        rows * 3.4 + 13 * noise(random, 34, 70, 4)
    )
    push = np.asarray(waves * (1.5 + 15 * depth), dtype=np.float32)
    columns = np.arange(WIDTH, dtype=np.float32)[None, :] + push
    rows_from = (2 * WATERLINE - Y) * HEIGHT + 0.6 * push
    mirrored = cv2.remap(
        shore, columns, rows_from.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    deep = gradient(depth, [(0, (206, 202, 186)), (0.25, (92, 142, 156)), (1, (20, 66, 92))])
    water = over(deep, np.asarray(mirrored, np.float32), np.asarray(0.72 - 0.5 * depth, dtype=np.float32))
    shade = smooth(np.asarray(waves, np.float32), 0.1, 1.5)
    water = over(water, water * 0.72, np.asarray(0.7 * shade, dtype=np.float32))
    path = np.exp(-(((X - SUN[0]) / (0.05 + 0.3 * depth)) ** 2))
    water = lighten(
        water, (255, 226, 170), np.asarray(0.85 * path * smooth(np.asarray(-waves, np.float32), 0.55, 1.4), np.float32)
    )
    foot = (2 * (BOAT_Y + 0.01) - Y) * HEIGHT + 0.4 * push
    at = foot.astype(np.float32)
    image = cv2.remap(scene, columns, at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    cover = cv2.remap(boat, columns, at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    fade = np.asarray(cover * np.clip(0.78 - 0.75 * (Y - BOAT_Y), 0, 1) * (Y > BOAT_Y), dtype=np.float32)
    water = over(water, np.asarray(image * 0.82, dtype=np.float32), fade)
    picture = over(shore, water, below(np.full((1, WIDTH), WATERLINE, np.float32), 0.004))
    picture = over(picture, scene, boat)
    line = shape(lambda pen, unit: _bow_wave(pen, unit), blur=0.8)
    return lighten(picture, (255, 250, 236), np.asarray(0.7 * line, dtype=np.float32))


def _bow_wave(pen: ImageDraw.ImageDraw, unit: float) -> None:
    for side, length in ((-1, 0.2), (1, 0.27)):
        start = BOAT_X + (-0.12 if side < 0 else 0.16)
        points = _curve(
            (start, BOAT_Y + 0.012), (start + side * length / 2, BOAT_Y + 0.012), (start + side * length, BOAT_Y + 0.03)
        )
        pen.line([(px * unit, py * unit) for px, py in points], fill=150, width=int(0.002 * unit))
    pen.line(
        [((BOAT_X - 0.13) * unit, (BOAT_Y + 0.013) * unit), ((BOAT_X + 0.19) * unit, (BOAT_Y + 0.013) * unit)],
        fill=190,
        width=int(0.003 * unit),
    )


def _gulls(picture: Picture) -> Picture:
    def birds(pen: ImageDraw.ImageDraw, unit: float) -> None:
        for gx, gy, span in ((0.32, 0.2, 0.03), (0.39, 0.235, 0.022), (0.27, 0.255, 0.018), (1.12, 0.14, 0.02)):
            for side in (-1, 1):
                wing = _curve(
                    (gx, gy), (gx + side * span * 0.45, gy - span * 0.5), (gx + side * span, gy - span * 0.12)
                )
                pen.line([(px * unit, py * unit) for px, py in wing], fill=255, width=max(2, int(0.09 * span * unit)))

    return over(picture, _flat(70, 84, 104), np.asarray(0.85 * shape(birds), dtype=np.float32))
