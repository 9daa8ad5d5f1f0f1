"""What every pipeline offers the worker, and what the worker offers every pipeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.request import ClipRequest
from generation.workers.protocol import Stage

Frame = NDArray[np.uint8]
"""One frame: height x width x 3, RGB, full range."""


class JobCancelled(Exception):
    """Raised by ``Progress`` inside a pipeline when its job was cancelled; a pipeline lets it pass."""


class Progress(Protocol):
    """How a pipeline says where it is; every call is also the point at which a cancelled job stops."""

    def __call__(self, stage: Stage, done: int, total: int, preview: Frame | None = None) -> None:
        """Report ``done`` of ``total`` units of ``stage``. Raises JobCancelled when the job was cancelled."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound track: float32 samples in [-1, 1], shape (channels, samples), at ``rate`` Hz."""

    samples: NDArray[np.float32]
    rate: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the person should know about how the request was read: a text key and its variables."""

    key: str
    details: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A clip under way: frames come as they are decoded, exactly ``request.frames`` of them, and are read once.

    ``recipe`` is what this machine added to the request's own recipe, as plain JSON values.
    """

    frames: Iterator[Frame]
    sound: Sound | None = None
    remarks: tuple[Remark, ...] = ()
    recipe: Mapping[str, str] = field(default_factory=dict)


class Pipeline(Protocol):
    """One loaded model. One job at a time; after any exception the next job is as on a fresh pipeline."""

    def render(
        self,
        request: ClipRequest,
        still: Image.Image | None,
        end_still: Image.Image | None,
        progress: Progress,
    ) -> Rendering:
        """Start a clip. Stills are RGB and already cropped to ``request.width x request.height``.

        Raises RenderFailed, or JobCancelled out of ``progress``; so does reading the frames.
        """

    def close(self) -> None:
        """Give back all memory; the pipeline is not used afterwards."""
