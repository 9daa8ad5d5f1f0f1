"""The time that weights take to load is nobody's render time."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.catalog import Model, load_catalog
from generation.pipelines.base import Pipeline, Progress
from generation.pipelines.registry import Pipelines
from generation.request import compose
from generation.workers.child import Renderer
from generation.workers.protocol import Rendered, RenderTask


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class SlowToLoad(Pipelines):
    """The draft, on a device onto which a model takes 30 seconds to load."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def pipeline_for(self, model: Model, progress: Progress) -> Pipeline:
        for done in range(3):
            progress("load", done, 3)
            self._clock.now += 10
        progress("encode_prompt", 0, 1)
        self._clock.now += 5
        return super().pipeline_for(model, progress)


def test_loading_is_measured_apart_from_the_render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("generation.workers.child.time", clock)
    Image.fromarray(np.full((64, 64, 3), 90, np.uint8)).save(tmp_path / "still.png")
    request = compose(load_catalog()["draft"], prompt="pan left", still="x", shape_id="square", seconds=0.5, seed=1)
    task = RenderTask(
        job_id=1,
        attempt=1,
        request=request,
        still_path=tmp_path / "still.png",
        end_still_path=None,
        clip_path=tmp_path / "clip.mp4",
        size_limit_bytes=10_000_000,
    )
    rendered = Renderer(SlowToLoad(clock)).render(task, lambda _: None)

    assert isinstance(rendered, Rendered)
    assert (rendered.load_seconds, rendered.render_seconds) == (30.0, 5.0)
