"""Requests, stills, and a recording of everything that happens while a pipeline makes a clip."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.catalog import Model
from generation.pipelines.base import Frame, JobCancelled, Pipeline, Rendering, Sound
from generation.pipelines.caches import hooked_modules
from generation.request import ClipRequest
from generation.workers.protocol import Stage

SIDE = 64
FRAMES = 9

Report = tuple[Stage, int, int]


class Recorder:
    """A Progress that keeps every report, and cancels at the first one for which ``cancel_at`` is true."""

    def __init__(self, cancel_at: Callable[[Report], bool] | None = None) -> None:
        self.reports: list[Report] = []
        self.previews: list[Frame] = []
        self.preview_steps: list[int] = []
        self._cancel_at = cancel_at

    def __call__(self, stage: Stage, done: int, total: int, preview: Frame | None = None) -> None:
        self.reports.append((stage, done, total))
        if preview is not None:
            self.previews.append(preview)
            self.preview_steps.append(done)
        if self._cancel_at is not None and self._cancel_at((stage, done, total)):
            raise JobCancelled

    def steps(self) -> list[int]:
        """The denoising steps reported, each once, in order."""
        return list(dict.fromkeys(done for stage, done, _ in self.reports if stage == "denoise"))


class Calls:
    """Counts the calls of a loaded pipeline's modules, and keeps what its transformers were asked."""

    def __init__(self, pipe: Any) -> None:
        self.count: Counter[str] = Counter()
        self.timesteps: list[int] = []
        self.samples: list[int] = []
        self.experts: list[str] = []
        self.cached: set[bool] = set()
        self._handles = [
            module.register_forward_pre_hook(self._counter(name), with_kwargs=True)
            for name, module in pipe.components.items()
            if name in ("transformer", "transformer_2", "text_encoder") and module is not None
        ]

    def stop(self) -> None:
        """Count no further."""
        for handle in self._handles:
            handle.remove()

    def _counter(self, name: str) -> Any:
        def count(module: Any, arguments: Any, named: Any) -> None:
            self.count[name] += 1
            if "timestep" in named:
                self.experts.append(name)
                self.cached.add(hooked_modules(module) > 0)
                self.timesteps.append(round(float(named["timestep"].flatten()[-1])))
                self.samples.append(named["hidden_states"].shape[0])

        return count


@dataclass(frozen=True)
class Run:
    """One clip of a model as the menu has it, and all that happened while it was made."""

    frames: NDArray[np.uint8]
    sound: Sound | None
    recorder: Recorder
    calls: Calls
    sigmas: list[float]


Runs = Callable[..., Run]
"""From model id, preset ("fast") and task (the model's first) to a clip that was made once."""


def a_still(seed: int = 0, side: int = SIDE) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)


def a_request(model: Model, **changes: Any) -> ClipRequest:
    task = changes.pop("task", model.tasks[0])
    values: dict[str, Any] = {"width": SIDE, "height": SIDE, "frames": FRAMES, "seed": 3, "prompt": "leaves sway"}
    values |= {"preset": "fast", "still": "a" * 64 if task == "animate" else None} | changes
    return ClipRequest(model=model, task=task, **values)


def brief(model: Model, steps: int = 2) -> Model:
    """The model with few steps in each quality, for tests that are not about their number."""
    presets = {
        name: preset.model_copy(update={"steps": steps, "sigmas": preset.sigmas and preset.sigmas[-steps:]})
        for name, preset in model.presets.items()
    }
    return model.model_copy(update={"presets": presets})


def render(
    pipeline: Pipeline, request: ClipRequest, recorder: Recorder | None = None, still: Image.Image | None = None
) -> Rendering:
    anchor = (still or a_still()) if request.task == "animate" else None
    end = a_still(9) if request.end_still else None
    return pipeline.render(request, anchor, end, recorder or Recorder())


def frames_of(
    pipeline: Pipeline, request: ClipRequest, recorder: Recorder | None = None, still: Image.Image | None = None
) -> NDArray[np.uint8]:
    """All frames of a clip, (frames, height, width, 3)."""
    return np.stack(list(render(pipeline, request, recorder, still).frames))
