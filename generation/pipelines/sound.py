"""A sound track exactly as long as its clip."""

import numpy as np
from numpy.typing import NDArray

from generation.pipelines.base import Sound


def fit_sound(samples: NDArray[np.float32], rate: int, frames: int, fps: int) -> Sound:
    """Cut samples (channels, n) at ``rate`` Hz, or pad them with silence, to the length of ``frames`` at ``fps``.

    The vocoder ends some tens of milliseconds before the last frame; values outside [-1, 1] are clipped.
    """
    wanted = round(frames * rate / fps)
    cut = np.clip(samples[:, :wanted], -1.0, 1.0)
    padded = np.pad(cut, ((0, 0), (0, wanted - cut.shape[1])))
    return Sound(np.ascontiguousarray(padded, dtype=np.float32), rate)
