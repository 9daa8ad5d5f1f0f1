"""What the Wan and the LTX pipelines share: loading, one job from prompt to frames, and the ways it can end."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import torch
from PIL import Image

from generation.catalog import Model, Preset, Task
from generation.errors import ModelUnusable, RenderFailed
from generation.pipelines.base import Frame, Progress, Rendering, Sound
from generation.pipelines.caches import enable_cache
from generation.pipelines.decoding import not_black, quarter, to_frames
from generation.pipelines.embeddings import Embedding, EmbeddingCache
from generation.pipelines.loading import load_pipe
from generation.pipelines.pace import Pace
from generation.pipelines.resident import Loader, ResidentWeights
from generation.pipelines.schedulers import clean_estimate, set_scheduler
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.waiting import Waiting
from generation.pipelines.watch import Watch
from generation.request import ClipRequest

PREVIEWS_PER_CLIP = 4
"""At most so many, spread over the steps: each costs the decoding of one latent frame of some twenty."""

Latents = dict[str, torch.Tensor]
"""What denoising leaves, in host memory: "video", and what else a family's decoders need."""


class DiffusionPipeline(ABC):
    """One model of the menu behind ``base.Pipeline``; its weights are loaded when first needed."""

    def __init__(
        self,
        model: Model,
        settings: PipelineSettings,
        embeddings: EmbeddingCache,
        load: Loader = load_pipe,
        waiting: Waiting | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = model
        self.settings = settings
        self.watch = Watch(settings.repeat_seconds)
        self.weights = ResidentWeights(model, settings, self.watch, load, waiting)
        self._embeddings = embeddings
        # The status message is edited every few seconds; a preview that nobody sees would be work for nothing.
        self._previews = Pace(settings.preview_seconds, clock)
        self._job: object = None

    @property
    def pipe(self) -> Any:
        """The diffusers pipeline; only while a job runs is it sure to be there."""
        return self.weights.pipe

    def render(
        self,
        request: ClipRequest,
        still: Image.Image | None,
        end_still: Image.Image | None,
        progress: Progress,
    ) -> Rendering:
        """Denoise now, decode while the frames are read. As ``base.Pipeline.render``."""
        # Frames of the last job that nobody ever asked for have not settled it.
        if self._job is not None:
            self._settle()
        self._job = job = object()
        self.watch.begin(progress)
        try:
            latents, sound = self._with_room(request, lambda known: self._made(request, still, end_still, known))
        except ModelUnusable as error:
            self._settle()
            raise RenderFailed("unusable", str(error)) from error
        except BaseException:
            self._settle()
            raise
        here = {"dtype": self.settings.dtype, "plan": self.weights.plan.name}
        return Rendering(self._frames(request, latents, still, job), sound, recipe=here)

    def close(self) -> None:
        """Give back all memory."""
        self.weights.drop()

    @property
    def size_bytes(self) -> int:
        """What its weights take of host memory once it is parked."""
        return self.weights.size_bytes

    def forget_variant(self) -> None:
        """Give back the host memory that makes another quality cheap."""
        self.weights.forget_variant()

    def park(self) -> None:
        """Leave the card to another model. Raises RuntimeError if the host has no memory for the weights."""
        self.weights.park()

    def _made(
        self, request: ClipRequest, still: Image.Image | None, end_still: Image.Image | None, known: list[Latents]
    ) -> tuple[Latents, Sound | None]:
        """Latents and sound; ``known`` keeps the latents for a second try, when only the sound had no room."""
        if known:
            self._ready(request)
        else:
            known.append(self._denoise(request, still, end_still))
        return known[0], self._sound(request, known[0])

    def _denoise(self, request: ClipRequest, still: Image.Image | None, end_still: Image.Image | None) -> Latents:
        preset = request.model.presets[request.preset]
        self._ready(request)
        set_scheduler(self.pipe, self.weights.scheduler_config, self.model, preset)
        arguments = self._arguments(request, preset) | self._prompt_arguments(request, preset)
        if still is not None:
            arguments["image"] = still
        if end_still is not None:
            arguments["last_image"] = end_still
        self.watch.report("denoise", 0, preset.steps)
        self._previews.restart()
        enable_cache(self.pipe, preset)
        return self._latents(self.pipe(**arguments), arguments["generator"])

    def _arguments(self, request: ClipRequest, preset: Preset) -> dict[str, Any]:
        return {
            "width": request.width,
            "height": request.height,
            "num_frames": request.frames,
            "num_inference_steps": preset.steps,
            "guidance_scale": preset.guidance,
            "generator": torch.Generator("cpu").manual_seed(request.seed),
            "output_type": "latent",
            "return_dict": False,
            "callback_on_step_end": self._step_callback(request),
            **preset.options,
        }

    def _prompt_arguments(self, request: ClipRequest, preset: Preset) -> dict[str, Any]:
        self.watch.report("encode_prompt", 0, 1)
        named = self._named("prompt", self._embedding(request.motion_prompt))
        negative = request.effective_negative_prompt
        if negative is not None:
            named |= self._named("negative_prompt", self._embedding(negative))
        self.watch.report("encode_prompt", 1, 1)
        return named

    def _embedding(self, text: str) -> Embedding:
        found = self._embeddings.get(self.model.id, text, self._encode)
        return tuple(part.to(self.settings.place) for part in found)

    def _step_callback(self, request: ClipRequest) -> Callable[..., dict[str, Any]]:
        def after_step(pipe: Any, step: int, timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
            done, total = step + 1, pipe.num_timesteps
            self.watch.report("denoise", done, total, self._preview(request) if self._shows(done, total) else None)
            return values

        return after_step

    def _shows(self, done: int, total: int) -> bool:
        """Whether a preview is worth its work after step ``done``; after the last one the frames themselves come."""
        turn = done % -(-total // (PREVIEWS_PER_CLIP + 1)) == 0
        return turn and done < total and self.weights.plan.keeps_vae and self._previews.is_due

    def _preview(self, request: ClipRequest) -> Frame | None:
        self._previews.restart()
        estimate = clean_estimate(self.pipe.scheduler)
        if estimate is None:
            return None
        with torch.no_grad():
            return quarter(next(to_frames(self._preview_chunk(request, estimate))))

    def _frames(
        self, request: ClipRequest, latents: Latents, still: Image.Image | None, job: object
    ) -> Iterator[Frame]:
        try:
            yield from not_black(self._decode_with_room(request, latents), still)
        finally:
            # Frames that nobody reads to the end may be collected when the next job already runs.
            if self._job is job:
                self._settle()

    def _decode_with_room(self, request: ClipRequest, latents: Latents) -> Iterator[Frame]:
        given = 0
        try:
            for frame in self._decoded(request, latents, 0):
                given += 1
                yield frame
        except torch.OutOfMemoryError as error:
            self._make_room(request, error)
        else:
            return
        try:
            self._ready(request)
            yield from self._decoded(request, latents, given)
        except torch.OutOfMemoryError as error:
            raise RenderFailed("out_of_memory", str(error)) from error

    def _decoded(self, request: ClipRequest, latents: Latents, skip: int) -> Iterator[Frame]:
        done = 0
        self.watch.report("decode", 0, request.frames)
        for chunk in self._chunks(request, latents):
            for frame in to_frames(chunk):
                done += 1
                if done > skip:
                    self.watch.report("decode", done, request.frames)
                    yield frame
        if done != request.frames:
            raise RenderFailed("bad_frames", f"{done} frames of {request.frames}")

    def _with_room(
        self, request: ClipRequest, work: Callable[[list[Latents]], tuple[Latents, Sound | None]]
    ) -> tuple[Latents, Sound | None]:
        known: list[Latents] = []
        try:
            return work(known)
        except torch.OutOfMemoryError as error:
            self._make_room(request, error)
        try:
            return work(known)
        except torch.OutOfMemoryError as error:
            raise RenderFailed("out_of_memory", str(error)) from error

    def _ready(self, request: ClipRequest) -> None:
        preset = request.model.presets[request.preset]
        self.weights.ready(request.task, preset, _work(request), lambda: self._warm_up(request.task))

    def _make_room(self, request: ClipRequest, error: Exception) -> None:
        self.weights.make_room(_work(request), error)

    def _settle(self) -> None:
        self._job = None
        self.watch.end()
        self.weights.settle()

    def _warm_up(self, task: Task) -> None:
        """One step at every fixed shape of the menu, so that no job waits for the compiler."""
        preset = self.model.presets["fast"].model_copy(update={"steps": 2, "sigmas": None})
        still = "warm-up" if task == "animate" else None
        for shape in (shape for shape in self.model.shapes if not shape.keeps_aspect):
            request = ClipRequest(
                model=self.model,
                task=task,
                preset="fast",
                prompt="warm-up",
                width=shape.width,
                height=shape.height,
                frames=self.model.frames.default,
                seed=0,
                still=still,
            )
            set_scheduler(self.pipe, self.weights.scheduler_config, self.model, preset)
            arguments = self._arguments(request, preset) | self._prompt_arguments(request, preset)
            del arguments["callback_on_step_end"]
            if still:
                arguments["image"] = Image.new("RGB", (shape.width, shape.height), "gray")
            self.pipe(**arguments)

    @abstractmethod
    def _encode(self, text: str) -> Embedding:
        """Pass one text through the text encoder."""

    @abstractmethod
    def _named(self, prefix: str, embedding: Embedding) -> dict[str, Any]:
        """An embedding as arguments of the pipeline's call; ``prefix`` is prompt or negative_prompt."""

    @abstractmethod
    def _latents(self, output: Any, generator: torch.Generator) -> Latents:
        """What the pipeline's call returned, checked, and what its decoding would draw from ``generator`` next."""

    @abstractmethod
    def _preview_chunk(self, request: ClipRequest, estimate: torch.Tensor) -> torch.Tensor:
        """One frame (3, 1, height, width) of the clip so far, from the estimate of its clean latents."""

    @abstractmethod
    def _chunks(self, request: ClipRequest, latents: Latents) -> Iterator[torch.Tensor]:
        """Decode the video latents into chunks (3, n, height, width) in [-1, 1]."""

    @abstractmethod
    def _sound(self, request: ClipRequest, latents: Latents) -> Sound | None:
        """The sound track, if the request asks for one."""


def _work(request: ClipRequest) -> int:
    return request.width * request.height * request.frames
