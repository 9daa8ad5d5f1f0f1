"""Measures that tell whether a still will animate well: its size, its light, its sharpness."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Advice = Literal["small", "dark", "blurred"]

GOOD_SHORT_SIDE: Final = 512
"""Pixels of the shorter side below which the models have less to work with than they were trained on."""

DARK_KEY: Final = 0.03
"""Log-average luminance; Reinhard et al. 2002 place low-key photographs at 0.045 and average ones at 0.18."""

DARK_HIGHLIGHT: Final = 0.1
"""Luminance that nine tenths stay under; a lit subject before a black backdrop is above it and is not dark."""

BLURRED_SHARPNESS: Final = 0.03
"""Sharp photographs measure 0.3 to 1.3; the same under a Gaussian of 1.5 pixels in 512 measure 0.009 to 0.017."""

_MEASURED_SIDE: Final = 512
_TILES: Final = 8


def advise(image: Image.Image, original_short_side: int) -> tuple[Advice, ...]:
    """What would make a better still than this RGB one, in a fixed order; empty when nothing."""
    small = image.copy()
    # Averaged down by whole steps first: half the time, and sharp photographs stay twenty times above the limit.
    small.thumbnail((_MEASURED_SIDE, _MEASURED_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.0)
    key, highlight = light(small)
    found: dict[Advice, bool] = {
        "small": original_short_side < GOOD_SHORT_SIDE,
        "dark": key < DARK_KEY and highlight < DARK_HIGHLIGHT,
        "blurred": sharpness(small) < BLURRED_SHARPNESS,
    }
    return tuple(name for name, true in found.items() if true)


def light(image: Image.Image) -> tuple[float, float]:
    """Log-average luminance (the "key" of Reinhard et al., Photographic Tone Reproduction, 2002) and 90th percentile.

    Both of linear light in 0..1, of an sRGB image.
    """
    encoded = np.asarray(image.convert("RGB"), dtype=np.float32) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    return float(np.exp(np.log(luminance + 1e-3).mean())), float(np.percentile(luminance, 90))


def sharpness(image: Image.Image) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000) over the variance of the picture, both of the best tenth.

    Measured on tiles, so that a sharp subject before a soft background is sharp; divided by the contrast, so that a
    dark picture is not taken for a blurred one. A picture without any contrast is 0.
    """
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    middle = grey[1:-1, 1:-1]
    laplacian = grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1] - 4 * middle
    contrast = _best_tenth(middle)
    return _best_tenth(laplacian) / contrast if contrast > 1.0 else 0.0


def _best_tenth(values: NDArray[np.float32]) -> float:
    height, width = values.shape[0] // _TILES, values.shape[1] // _TILES
    tiles = values[: height * _TILES, : width * _TILES].reshape(_TILES, height, _TILES, width).swapaxes(1, 2)
    return float(np.percentile(tiles.reshape(_TILES * _TILES, -1).var(axis=1), 90))
