"""Clips made of arithmetic, for the tests of the encoder."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generation.media.encoder import Encoded, Metadata, encode
from generation.pipelines.base import Frame, Sound

WIDTH, HEIGHT, FPS = 192, 112, 16
AMPLE = 10**8


def moving(count: int = 24, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Frame]:
    y, x = np.mgrid[0:height, 0:width]
    for index in range(count):
        wave = np.sin((x + 2 * index) / 9)
        planes = (128 + 100 * wave, 128 + 60 * np.cos(y / 13), 90 + 50 * wave)
        yield np.stack(planes, axis=-1).astype(np.uint8)


def noisy(count: int = 24) -> Iterator[Frame]:
    random = np.random.default_rng(3)
    for _ in range(count):
        yield random.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def make(path: Path, frames: Iterator[Frame], **changes: object) -> Encoded:
    options: dict[str, object] = {
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "sound": None,
        "metadata": Metadata(),
        "size_limit_bytes": AMPLE,
    }
    return encode(frames, path=path, **{**options, **changes})


def tone(seconds: float, channels: int = 2) -> Sound:
    wave = 0.3 * np.sin(np.arange(int(24000 * seconds)) * 2 * np.pi * 440 / 24000)
    return Sound(np.tile(wave.astype(np.float32), (channels, 1)), 24000)
