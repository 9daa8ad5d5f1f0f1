"""A lighthouse on a grassy headland at dusk."""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from sandbox.stills.paint import (
    WIDTH,
    Colour,
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

HORIZON: Final = 0.6
SUN_X: Final = 0.42
TOWER_X: Final = 1.24
TOWER_TOP: Final = 0.27
TOWER_FOOT: Final = 0.665
LANTERN_Y: Final = 0.225


def paint(seed: int = 7) -> Image.Image:
    """The finished picture, 1280 x 720; the same for the same seed."""
    random = np.random.default_rng(seed)
    picture = _sea(_sky(random), random)
    picture = _land(picture, random)
    picture = _tower(picture)
    picture = _light(picture)
    picture = _grass(picture, random)
    return finished(picture, random)


def _sky(random: np.random.Generator) -> Picture:
    stops: list[tuple[float, Colour]] = [
        (0.0, (22, 32, 74)),
        (0.28, (66, 62, 118)),
        (0.45, (164, 92, 120)),
        (0.54, (238, 142, 96)),
        (HORIZON, (255, 208, 142)),
    ]
    away = np.abs(X - SUN_X) * 0.1
    picture = gradient(np.asarray(Y - away, dtype=np.float32), stops)
    picture = lighten(picture, (255, 190, 110), 0.75 * glow(SUN_X, HORIZON - 0.015, 0.16, 1.6))
    wisps = noise(random, 5, 14, 6)
    band = smooth(Y, 0.05, 0.2) * (1 - smooth(Y, 0.46, 0.57))
    clouds = smooth(wisps, 0.5, 0.72) * band
    lit = gradient(Y, [(0.05, (86, 74, 124)), (0.3, (214, 120, 128)), (0.5, (255, 176, 118))])
    picture = over(picture, lit, np.asarray(0.75 * clouds, dtype=np.float32))
    shade = smooth(np.roll(wisps, -7, axis=0), 0.56, 0.78) * band
    picture = over(
        picture, gradient(Y, [(0.05, (30, 36, 76)), (0.5, (128, 78, 108))]), np.asarray(0.5 * shade, dtype=np.float32)
    )
    stars = (random.random(Y.shape) > 0.9994) * (1 - smooth(Y, 0.05, 0.3)) * (1 - clouds)
    return lighten(picture, (235, 240, 255), (0.8 * stars * random.random(Y.shape)).astype(np.float32))


def _sea(picture: Picture, random: np.random.Generator) -> Picture:
    depth = np.clip((Y - HORIZON) / (1 - HORIZON), 1e-3, 1)
    water = gradient(depth, [(0, (226, 158, 124)), (0.12, (126, 90, 116)), (0.45, (44, 56, 94)), (1, (18, 30, 60))])
    rows = 60 * np.log1p(9 * depth) / np.log(10)
    wobble = noise(random, 26, 60, 4)
    ripples = np.sin(rows * 2.6 + 9 * wobble) * 0.5 + 0.5
    water = over(water, water * 0.62, np.asarray(0.6 * ripples * smooth(depth, 0, 0.08), dtype=np.float32))
    path = np.exp(-(((X - SUN_X) / (0.035 + 0.2 * depth)) ** 2))
    glitter = path * smooth(np.asarray(ripples * 0.55 + noise(random, 90, 130, 3) * 0.75, dtype=np.float32), 0.6, 0.85)
    water = lighten(water, (255, 200, 130), np.asarray(0.95 * glitter * (1 - 0.5 * depth), dtype=np.float32))
    return over(picture, water, below(np.full((1, WIDTH), HORIZON, np.float32)))


def _land(picture: Picture, random: np.random.Generator) -> Picture:
    far = below(ridge(random, HORIZON + 0.012, 0.05, 5) + 0.09 * smooth(1.3 - X[:1], 0.0, 0.6))
    haze = gradient(Y, [(0.5, (128, 88, 118)), (HORIZON, (170, 112, 118))])
    picture = over(picture, haze, far * (Y < HORIZON + 0.002))
    rise = smooth(X[:1], 0.62, 1.16)
    line = 0.93 - 0.265 * rise + 0.012 * (noise(random, 30, 2)[:1] - 0.5)
    head = below(np.asarray(line, dtype=np.float32), 0.004)
    rock = noise(random, 40, 12, 5)
    slope = gradient(
        np.asarray(Y - line, dtype=np.float32), [(0, (86, 84, 58)), (0.05, (54, 56, 48)), (0.3, (26, 30, 38))]
    )
    slope = slope * (0.65 + 0.7 * rock[..., None])
    warm = (1 - smooth(X, 0.75, 1.5)) * (1 - smooth(np.asarray(Y - line, dtype=np.float32), 0.0, 0.05))
    return over(picture, lighten(slope, (255, 150, 84), 0.35 * warm), head)


def _round(base: Colour, half_width: float) -> Picture:
    """A cylinder's shading: lit warm from the left, cool on the right."""
    across = np.clip((X - TOWER_X) / half_width, -1, 1)
    shade = np.interp(across, [-1, -0.55, 0.1, 1], [0.82, 1.08, 0.7, 0.3])[..., None]
    tint = gradient(across, [(-1, (255, 206, 170)), (0.1, (220, 190, 200)), (1, (128, 132, 190))])
    return np.asarray(colour(base) * shade * tint * 1.08, dtype=np.float32)


def _tower(picture: Picture) -> Picture:
    def trapeze(top: float, foot: float) -> Mask:
        def half(y: float) -> float:
            return 0.03 + 0.022 * (y - TOWER_TOP) / (TOWER_FOOT - TOWER_TOP)

        a, b = half(top), half(foot)
        return polygon((TOWER_X - a, top), (TOWER_X + a, top), (TOWER_X + b, foot), (TOWER_X - b, foot))

    picture = over(picture, _round((250, 244, 236), 0.05), trapeze(TOWER_TOP, TOWER_FOOT + 0.012))
    step = (TOWER_FOOT - TOWER_TOP) / 5
    for stripe in (0, 2, 4):
        top = TOWER_TOP + stripe * step
        picture = over(picture, _round((206, 58, 46), 0.05), trapeze(top, top + step))
    iron: Colour = (44, 38, 46)
    for left, top, right, foot in (
        (-0.044, 0.262, 0.044, 0.272),
        (-0.026, 0.186, 0.026, 0.192),
        (-0.0235, 0.19, -0.0205, 0.265),
        (0.0205, 0.19, 0.0235, 0.265),
        (-0.0015, 0.19, 0.0015, 0.265),
        (-0.044, 0.238, 0.044, 0.241),
    ):
        box = polygon((TOWER_X + left, top), (TOWER_X + right, top), (TOWER_X + right, foot), (TOWER_X + left, foot))
        picture = over(picture, np.broadcast_to(colour(iron), picture.shape), box)
    roof = polygon((TOWER_X - 0.03, 0.188), (TOWER_X, 0.142), (TOWER_X + 0.03, 0.188))
    picture = over(picture, _round((150, 44, 40), 0.03), roof)
    return _house(picture)


def _house(picture: Picture) -> Picture:
    x, top, foot = TOWER_X + 0.075, 0.61, 0.68
    wall = polygon((x, top), (x + 0.15, top), (x + 0.15, foot), (x, foot))
    picture = over(picture, gradient(X, [(x, (196, 164, 156)), (x + 0.15, (104, 96, 124))]), wall)
    roof = polygon(
        (x - 0.012, top + 0.004), (x + 0.028, top - 0.048), (x + 0.122, top - 0.048), (x + 0.162, top + 0.004)
    )
    picture = over(picture, gradient(Y, [(top - 0.05, (128, 60, 54)), (top, (74, 40, 48))]), roof)
    for left in (x + 0.03, x + 0.095):
        pane = polygon((left, top + 0.022), (left + 0.022, top + 0.022), (left + 0.022, top + 0.05), (left, top + 0.05))
        picture = over(picture, np.broadcast_to(colour((255, 214, 130)), picture.shape), pane)
        picture = lighten(picture, (255, 180, 90), 0.35 * glow(left + 0.011, top + 0.036, 0.02, 2.2))
    return picture


def _light(picture: Picture) -> Picture:
    beam = polygon((TOWER_X, LANTERN_Y - 0.004), (-0.2, -0.02), (-0.2, 0.2), (TOWER_X, LANTERN_Y + 0.004), blur=7)
    fade = np.exp(-np.abs(X - TOWER_X) / 0.55)
    picture = lighten(picture, (255, 232, 178), np.asarray(0.55 * beam * fade, dtype=np.float32))
    back = polygon((TOWER_X, LANTERN_Y - 0.004), (2.1, 0.21), (2.1, 0.33), (TOWER_X, LANTERN_Y + 0.004), blur=7)
    picture = lighten(picture, (255, 232, 178), np.asarray(0.4 * back * fade, dtype=np.float32))
    lamp = glow(TOWER_X, LANTERN_Y, 0.02, 2.4)
    picture = lighten(picture, (255, 226, 160), np.asarray(0.98 * lamp, dtype=np.float32))
    return lighten(picture, (255, 190, 110), np.asarray(0.3 * glow(TOWER_X, LANTERN_Y, 0.09, 2.0), dtype=np.float32))


def _grass(picture: Picture, random: np.random.Generator) -> Picture:
    """Blades in rows from the far edge of the meadow to the very front, each row taller and darker."""
    for row in range(9):
        nearness = row / 8

        def blades(pen: ImageDraw.ImageDraw, unit: float, nearness: float = nearness) -> None:
            for x in random.uniform(-0.05, 1.83, int(1500 - 900 * nearness)):
                rise = float(np.interp(x, [0.55, 1.2], [0.0, 1.0])) * (1 - nearness)
                foot = 0.9 + 0.12 * nearness - 0.17 * rise + random.normal(0, 0.006)
                height = (0.025 + 0.1 * nearness) * random.uniform(0.5, 1.15)
                lean = height * random.normal(0.35, 0.22)
                width = 0.0011 + 0.0016 * nearness
                tip = ((x + lean) * unit, (foot - height) * unit)
                bend = ((x + 0.3 * lean) * unit, (foot - 0.6 * height) * unit)
                w = width * unit
                pen.polygon(
                    [(x * unit - w, foot * unit), bend, tip, (bend[0] + w, bend[1]), (x * unit + w, foot * unit)],
                    fill=255,
                )

        blade = shape(blades)
        dark = np.array([30, 40, 34]) * (1.15 - 0.5 * nearness)
        light = np.array([150, 136, 70]) * (1.0 - 0.45 * nearness)
        tone = noise(random, 14, 6, 4)
        mix = np.clip(1.9 * (tone - 0.28) - 0.25 * smooth(X, 0.9, 1.7), 0, 1)[..., None]
        tint = (dark * (1 - mix) + light * mix).astype(np.float32) / 255
        picture = over(picture, tint, blade)
    return picture
