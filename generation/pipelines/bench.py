"""Measures where a clip's time goes on this machine, beside the plain diffusers script on the same work."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from diffusers.utils import export_to_video
from PIL import Image
from torch.utils.flop_counter import FlopCounterMode

from generation.catalog import Model, PresetName
from generation.media.encoder import Metadata, encode
from generation.pipelines.base import Frame, Sound
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.random_weights import RandomLoader
from generation.pipelines.registry import load_pipeline
from generation.pipelines.settings import PipelineSettings
from generation.request import ClipRequest
from generation.workers.protocol import Stage

SIZE_LIMIT_BYTES = 10 * 2**20

TURNS = 3
"""Measurements of our job and of the bare call, alternating."""

PEAK_FLOPS = {"H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "RTX 4090": 165e12, "RTX 5090": 210e12}
"""Dense bfloat16 operations a second, from NVIDIA's data sheets, by a part of the device's name."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One preset at one shape. Seconds; ``flops`` is one transformer call, ``peak_share`` of the card's own.

    ``again`` is the clip with a prompt that was seen before, ``bare`` the pipeline's own call and our encoder on its
    frames, ``plain`` its own call and ``export_to_video``. Neither ``bare`` nor ``plain`` includes the load.
    ``work`` is ``again`` over ``bare`` in seconds of processor time, encoder included; None on a card.
    """

    shape: str
    preset: str
    load: float
    text: float
    step: float
    decode: float
    encode: float
    whole: float
    again: float
    bare: float
    plain: float
    work: float | None
    peak_bytes: int
    flops: float
    peak_share: float | None


class _Clock:
    """A Progress that notes when each report came, once the device has done what was asked of it."""

    def __init__(self) -> None:
        self._at: dict[tuple[Stage, int], float] = {}

    def __call__(self, stage: Stage, done: int, total: int, preview: Frame | None = None) -> None:
        if (stage, done) not in self._at:
            _synchronise()
            self._at[stage, done] = time.perf_counter()

    def between(self, stage: Stage, first: int, last: int) -> float:
        """Seconds from report ``first`` to report ``last`` of a stage; 0 if either did not come."""
        start, end = self._at.get((stage, first)), self._at.get((stage, last))
        return end - start if start is not None and end is not None else 0.0


def bench(model: Model, settings: PipelineSettings, *, tiny: bool) -> Iterator[Figures]:
    """Figures for every preset and shape of ``model`` with random weights; ``tiny`` shrinks model and shapes.

    One clip warms up, one counts operations, one is measured with a prompt not seen before; then clips with that
    prompt and the plain calls take turns.
    """
    settings = settings.model_copy(update={"repeat_seconds": 3600.0})
    pipeline = load_pipeline(model, settings, load=RandomLoader(tiny=tiny))
    for preset in model.presets:
        for request in _requests(model, preset, tiny=tiny):
            yield _measure(pipeline, request)
    pipeline.close()


def _requests(model: Model, preset: PresetName, *, tiny: bool) -> Iterator[ClipRequest]:
    shapes = [(128, 128)] if tiny else [(s.width, s.height) for s in model.shapes if not s.keeps_aspect]
    for width, height in shapes:
        yield ClipRequest(
            model=model,
            task=model.tasks[0],
            preset=preset,
            prompt="warm-up",
            width=width,
            height=height,
            frames=25 if tiny else model.frames.default,
            seed=0,
            still="random" if model.tasks[0] == "animate" else None,
            sound="sound" in model.features,
        )


def _measure(pipeline: DiffusionPipeline, request: ClipRequest) -> Figures:
    loading, timed = _Clock(), _Clock()
    with TemporaryDirectory() as name:
        folder = Path(name)
        _clip(pipeline, request, loading, folder)
        flops = _flops(pipeline, request, folder)
        _reset_peak()
        # A prompt of its own, because the text of another row would come from the cache.
        request = replace(request, prompt=f"measured, {request.preset}, {request.width}x{request.height}")
        whole, encoding = _clip(pipeline, request, timed, folder)
        peak = _peak_bytes()
        second, bare, plain, work = _turns(pipeline, request, folder)
    steps = request.steps
    step = timed.between("denoise", 1, steps) / max(1, steps - 1)
    calls_per_step = flops[1] / steps
    rate = flops[0] * calls_per_step / step if step else 0.0
    peak_rate = _peak_rate()
    return Figures(
        shape=f"{request.width}x{request.height}x{request.frames}",
        preset=request.preset,
        load=loading.between("load", 0, 1),
        text=timed.between("encode_prompt", 0, 1),
        step=step,
        decode=timed.between("decode", 0, request.frames),
        encode=encoding,
        whole=whole,
        again=second,
        bare=bare,
        plain=plain,
        work=work,
        peak_bytes=peak,
        flops=flops[0],
        peak_share=rate / peak_rate if peak_rate else None,
    )


def _turns(pipeline: DiffusionPipeline, request: ClipRequest, folder: Path) -> tuple[float, float, float, float | None]:
    """Medians of our job, the bare call and the plain script, which take turns; and ours over bare in processor time.

    Turns trouble all alike on a machine that is busy now and then. One that is busy all the time makes seconds
    meaningless, and there processor time still tells what our part costs.
    """
    ours, bare, plain, work = [], [], [], []
    for _ in range(TURNS):
        start = _processor_seconds()
        ours.append(_clip(pipeline, request, _Clock(), folder)[0])
        middle = _processor_seconds()
        own, script, own_work = _plain(pipeline, request, folder)
        bare.append(own)
        plain.append(script)
        work.append((middle - start) / own_work)
    on_card = torch.device(pipeline.settings.place).type == "cuda"
    return median(ours), median(bare), median(plain), None if on_card else median(work)


def _processor_seconds() -> float:
    """Time that this process and its ended children, the encoders, have had on a processor."""
    return sum(os.times()[:4])


def _still(request: ClipRequest) -> Image.Image | None:
    size = (request.width, request.height)
    return Image.effect_noise(size, 64).convert("RGB") if request.task == "animate" else None


def _clip(pipeline: DiffusionPipeline, request: ClipRequest, clock: _Clock, folder: Path) -> tuple[float, float]:
    """Seconds for a whole clip, and those after its last frame, while the encoder finishes."""
    _synchronise()
    start = time.perf_counter()
    rendering = pipeline.render(request, _still(request), None, clock)
    ended = [start]

    def noted() -> Iterator[Frame]:
        yield from rendering.frames
        ended.append(time.perf_counter())

    _encode(request, noted(), rendering.sound, folder)
    finished = time.perf_counter()
    return finished - start, finished - ended[-1]


def _flops(pipeline: DiffusionPipeline, request: ClipRequest, folder: Path) -> tuple[float, int]:
    """Floating point operations of one transformer call, and how many calls a clip makes."""
    counter, calls, total = FlopCounterMode(display=False), [0], [0.0]

    def before(module: Any, arguments: Any) -> None:
        calls[0] += 1
        if calls[0] == 1:
            counter.__enter__()  # type: ignore[no-untyped-call]

    def after(module: Any, arguments: Any, output: Any) -> None:
        if calls[0] == 1:
            counter.__exit__(None, None, None)  # type: ignore[no-untyped-call]
            total[0] = float(counter.get_total_flops())

    parts = [part for name in ("transformer", "transformer_2") if (part := getattr(pipeline.pipe, name, None))]
    handles = [part.register_forward_pre_hook(before) for part in parts]
    handles += [part.register_forward_hook(after) for part in parts]
    _clip(pipeline, request, _Clock(), folder)
    for handle in handles:
        handle.remove()
    return total[0], calls[0]


def _plain(pipeline: DiffusionPipeline, request: ClipRequest, folder: Path) -> tuple[float, float, float]:
    """Seconds of the pipeline's own call with our encoder, of the script in the model's documentation, and the
    processor time of the first."""
    preset = request.model.presets[request.preset]
    arguments = pipeline._arguments(request, preset)
    for ours in ("callback_on_step_end", "return_dict"):
        del arguments[ours]
    if preset.guidance > 1:
        arguments["negative_prompt"] = request.model.negative_prompt
    if request.task == "animate":
        arguments["image"] = _still(request)
    arguments |= {"prompt": request.prompt, "output_type": "np"}
    _synchronise()
    start, busy = time.perf_counter(), _processor_seconds()
    output = pipeline.pipe(**arguments)
    frames = output.frames[0]
    called = time.perf_counter()
    sound = None
    if request.sound:
        rate = int(pipeline.pipe.vocoder.config.output_sampling_rate)
        sound = Sound(output.audio[0].float().cpu().numpy(), rate)
    _encode(request, ((frame * 255).round().astype(np.uint8) for frame in frames), sound, folder)
    encoded, busy = time.perf_counter(), _processor_seconds() - busy
    export_to_video(frames, str(folder / "plain.mp4"), fps=request.model.fps)
    return encoded - start, called - start + time.perf_counter() - encoded, busy


def _encode(request: ClipRequest, frames: Iterator[Frame], sound: Sound | None, folder: Path) -> None:
    encode(
        frames,
        width=request.width,
        height=request.height,
        fps=request.model.fps,
        path=folder / "clip.mp4",
        sound=sound,
        metadata=Metadata(),
        size_limit_bytes=SIZE_LIMIT_BYTES,
    )


def _synchronise() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _reset_peak() -> None:
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def _peak_bytes() -> int:
    return int(torch.cuda.max_memory_allocated()) if torch.cuda.is_available() else 0


def _peak_rate() -> float | None:
    if not torch.cuda.is_available():
        return None
    name = torch.cuda.get_device_name()
    return next((rate for part, rate in PEAK_FLOPS.items() if part in name), None)
