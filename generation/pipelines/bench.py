"""Measures where a clip's time goes on this machine, beside the plain diffusers script on the same work."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from diffusers.utils import logging
from PIL import Image

from generation.catalog import Model, PresetName
from generation.errors import RenderFailed
from generation.pipelines.baseline import bare_call, encode_alone, export_alone
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.measuring import (
    Spent,
    count_operations,
    middle,
    peak_bytes,
    peak_flops,
    reset_peak,
    spent,
    synchronise,
)
from generation.pipelines.random_weights import RandomLoader
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from generation.request import ClipRequest
from generation.workers.child import Renderer
from generation.workers.protocol import Failed, Progressed, RenderTask, Stage, WorkerEvent

SIZE_LIMIT_BYTES: Final = 10 * 2**20

TURNS: Final = 5
"""Measurements of our job and of the plain calls, alternating: trouble on a busy machine meets all alike."""

TINY_TOKENS: Final = 8
"""Sides of a tiny clip in tokens of the transformer, which are 16 pixels wide in some models and 32 in others."""

TINY_LATENT_FRAMES: Final = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """One preset at one shape; stages in seconds, ``flops`` is one transformer call, ``peak_share`` of the card's own.

    ``whole`` is our worker's job, from its task to its finished file, with a prompt not seen before; ``again`` one
    with a prompt that was. ``bare`` is the pipeline's own call and ffmpeg on its frames, ``plain`` its own call and
    ``export_to_video``; neither includes the load.
    """

    shape: str
    preset: str
    load: float
    text: float
    step: float
    decode: float
    encode: float
    whole: Spent
    again: Spent
    bare: Spent
    plain: Spent
    peak_bytes: int
    flops: float
    peak_share: float | None


def bench(model: Model, settings: PipelineSettings, *, tiny: bool) -> Iterator[Figures]:
    """Figures for every preset and shape of ``model`` with random weights; ``tiny`` shrinks model and clips.

    One clip warms up and one counts operations; then jobs and plain calls take turns, and medians remain.
    """
    # Every export of the plain script would say which library diffusers prefers.
    logging.set_verbosity_error()
    with TemporaryDirectory() as folder:
        worker = _Worker(model, settings, Path(folder), tiny=tiny)
        for preset in model.presets:
            for request in _requests(model, preset, tiny=tiny):
                yield _measure(worker, request)
        worker.close()


def _requests(model: Model, preset: PresetName, *, tiny: bool) -> Iterator[ClipRequest]:
    side = TINY_TOKENS * model.side_step
    shapes = [(side, side)] if tiny else [(s.width, s.height) for s in model.shapes if not s.keeps_aspect]
    for width, height in shapes:
        yield ClipRequest(
            model=model,
            task=model.tasks[0],
            preset=preset,
            prompt=f"{preset}, {width}x{height}",
            width=width,
            height=height,
            frames=(TINY_LATENT_FRAMES - 1) * model.frames.step + 1 if tiny else model.frames.default,
            seed=0,
            still="random" if model.tasks[0] == "animate" else None,
            sound="sound" in model.features,
        )


class _Clock:
    """Takes a worker's events, and notes when each came, once the device has done what was asked of it."""

    def __init__(self) -> None:
        self._at: dict[tuple[Stage, int], float] = {}

    def __call__(self, event: WorkerEvent) -> None:
        if isinstance(event, Progressed) and (event.stage, event.done) not in self._at:
            synchronise()
            self._at[event.stage, event.done] = perf_counter()

    def between(self, stage: Stage, first: int, last: int) -> float:
        """Seconds from report ``first`` to report ``last`` of a stage; 0 if either did not come."""
        start, end = self._at.get((stage, first)), self._at.get((stage, last))
        return end - start if start is not None and end is not None else 0.0

    def since(self, stage: Stage, done: int) -> float:
        """Seconds since that report."""
        return perf_counter() - self._at[stage, done]


@dataclass(frozen=True, slots=True)
class _Job:
    """One finished job of the worker, and what its stages took in seconds."""

    spent: Spent
    load: float
    text: float
    step: float
    decode: float
    encode: float


class _Worker:
    """In this process what a worker's process runs, with one model of random weights."""

    def __init__(self, model: Model, settings: PipelineSettings, folder: Path, *, tiny: bool) -> None:
        self.folder = folder
        self._pipelines = Pipelines(settings, RandomLoader(tiny=tiny))
        self._renderer = Renderer(self._pipelines)
        pipeline = self._pipelines.pipeline_for(model, lambda *_: None)
        assert isinstance(pipeline, DiffusionPipeline)
        self.pipeline = pipeline

    def still(self, request: ClipRequest) -> Path:
        """A still of noise, in the size of the clip."""
        path = self.folder / f"{request.width}x{request.height}.png"
        if not path.exists():
            Image.effect_noise((request.width, request.height), 64).convert("RGB").save(path)
        return path

    def job(self, request: ClipRequest) -> _Job:
        """Make the clip as the worker makes any. Raises RenderFailed."""
        clock = _Clock()
        task = RenderTask(
            job_id=1,
            attempt=1,
            request=request,
            still_path=self.still(request) if request.still else None,
            end_still_path=None,
            clip_path=self.folder / "ours.mp4",
            size_limit_bytes=SIZE_LIMIT_BYTES,
        )
        took, ended = spent(lambda: self._renderer.render(task, clock))
        if isinstance(ended, Failed):
            raise RenderFailed(ended.fault, ended.cause)
        return _Job(
            took,
            load=clock.between("load", 0, 1),
            text=clock.between("encode_prompt", 0, 1),
            step=clock.between("denoise", 1, request.steps) / max(1, request.steps - 1),
            decode=clock.between("decode", 0, request.frames),
            encode=clock.since("decode", request.frames),
        )

    def bare(self, request: ClipRequest) -> tuple[Spent, Spent]:
        """The pipeline's own call on the same work, with ffmpeg and with ``export_to_video``."""
        called, output = spent(lambda: bare_call(self.pipeline, request, self.still(request)))
        encoded, _ = spent(lambda: encode_alone(self.pipeline.pipe, output, request, self.folder))
        exported, _ = spent(lambda: export_alone(output, request, self.folder))
        return called + encoded, called + exported

    def close(self) -> None:
        """Give back all memory."""
        self._pipelines.close()


def _measure(worker: _Worker, request: ClipRequest) -> Figures:
    load = worker.job(request).load
    counted = count_operations(worker.pipeline.pipe, lambda: worker.job(request))
    jobs, again, bare, plain, peaks = [], [], [], [], []
    for turn in range(TURNS):
        # Each with a prompt of its own, because the text of another turn would come from the cache.
        new = replace(request, prompt=f"{request.prompt}, {turn}")
        reset_peak()
        jobs.append(worker.job(new))
        peaks.append(peak_bytes())
        again.append(worker.job(new).spent)
        encoded, exported = worker.bare(new)
        bare.append(encoded)
        plain.append(exported)
    step, limit = median(job.step for job in jobs), peak_flops()
    return Figures(
        shape=f"{request.width}x{request.height}x{request.frames}",
        preset=request.preset,
        load=load,
        text=median(job.text for job in jobs),
        step=step,
        decode=median(job.decode for job in jobs),
        encode=median(job.encode for job in jobs),
        whole=middle(job.spent for job in jobs),
        again=middle(again),
        bare=middle(bare),
        plain=middle(plain),
        peak_bytes=max(peaks),
        flops=counted.flops,
        peak_share=counted.flops * counted.calls / request.steps / step / limit if limit else None,
    )
