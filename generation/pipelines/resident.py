"""The weights of one model on this machine: loaded for a task and a preset, laid out in memory, parked, dropped."""

import gc
from collections.abc import Callable
from typing import Any, Protocol

import structlog
import torch

from generation.catalog import Lora, Model, Preset, Task
from generation.errors import RenderFailed
from generation.pipelines import watch as watching
from generation.pipelines.acceleration import choose_attention, compile_blocks
from generation.pipelines.caches import disable_cache
from generation.pipelines.loading import Loaded, for_task, load_pipe
from generation.pipelines.memory import (
    Plan,
    card_bytes_total,
    choose_plan,
    host_share_bytes,
    keeps_variants,
    next_smaller,
    weights_changed,
)
from generation.pipelines.parking import ParkedWeights
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.variants import Variants
from generation.pipelines.waiting import Waiting

log = structlog.get_logger(__name__)


class Loader(Protocol):
    """Makes a diffusers pipeline, laid out as planned. Raises ModelUnusable."""

    def __call__(
        self, model: Model, task: Task, lora: Lora | None, plan: Plan, settings: PipelineSettings, *, keep: bool
    ) -> Loaded:
        """See ``loading.load_pipe``."""


class ResidentWeights:
    """A diffusers pipeline in ``pipe``, or None; loaded again whenever a job needs other weights or another plan.

    A LoRA is never taken out of weights it was fused into: the arithmetic would leave traces, so the next job
    would differ from one on a fresh worker. Where the host has room the weights without it rest there, and the two
    sets are exchanged when a job needs the other one.
    """

    def __init__(
        self,
        model: Model,
        settings: PipelineSettings,
        watch: watching.Watch,
        load: Loader = load_pipe,
        waiting: Waiting | None = None,
    ) -> None:
        self.model = model
        self.settings = settings
        self.pipe: Any = None
        self.scheduler_config: dict[str, Any] = {}
        self.plan = self._chosen_plan()
        self._watch = watch
        self._load = load
        self._waiting = waiting or Waiting(settings)
        self._lora: Lora | None = None
        self._variants: Variants | None = None
        self._overflows: list[tuple[int, Plan]] = []
        self._host: ParkedWeights | None = None
        self._is_parked = False

    def ready(self, task: Task, preset: Preset, work: int, warm_up: Callable[[], None]) -> Any:
        """The pipeline for ``task`` and ``preset``, loaded if need be; ``work`` is pixels times frames of the job.

        Raises ModelUnusable. ``warm_up`` runs after a load when blocks are compiled.
        """
        self.wake()
        plan = self._plan_for(work)
        if self.pipe is None or self.plan != plan or not self._holds(preset.lora):
            self._fetch(task, preset, plan, warm_up)
        if self._lora != preset.lora:
            self._exchange(preset.lora)
        self.pipe = for_task(self.pipe, self.model, task, plan, self.settings)
        return self.pipe

    def _holds(self, lora: Lora | None) -> bool:
        return self._lora == lora or (self._variants is not None and lora in (None, self.model.lora))

    def _fetch(self, task: Task, preset: Preset, plan: Plan, warm_up: Callable[[], None]) -> None:
        self.drop()
        self._watch.report("load", 0, 1)
        keep = keeps_variants(self.model, plan, self._waiting.room_bytes(self.model.id))
        keep = keep and preset.lora in (None, self.model.lora)
        lora = self.model.lora if keep else preset.lora
        loaded = self._load(self.model, task, lora, plan, self.settings, keep=keep)
        self.pipe, self._lora, self.plan = loaded.pipe, lora, plan
        self._variants = None if loaded.unfused is None else Variants(self.pipe, loaded.unfused)
        self.scheduler_config = dict(self.pipe.scheduler.config)
        try:
            with self._watch.within("load"):
                compiled = self._accelerate(warm_up)
        except BaseException:
            self.drop()
            raise
        watching.install(self._watch, self.pipe, compiled=compiled)
        self._watch.report("load", 1, 1)

    def _exchange(self, lora: Lora | None) -> None:
        assert self._variants is not None
        self._watch.report("load", 0, 1)
        try:
            self._variants.exchange()
            weights_changed(self.pipe, self.plan)
        except BaseException:
            self.drop()
            raise
        self._lora = lora
        if self._host is not None:
            self._host.forget(("transformer", "transformer_2"))
        log.info("weights exchanged", model=self.model.id, lora=bool(lora))
        self._watch.report("load", 1, 1)

    def make_room(self, work: int, error: Exception) -> None:
        """After running out of memory: drop the weights, and use the next smaller plan for jobs of this size.

        Raises RenderFailed("out_of_memory") if there is no smaller plan.
        """
        smaller = next_smaller(self.model, self.plan)
        if smaller is None:
            raise RenderFailed("out_of_memory", str(error)) from error
        log.warning("out of memory, trying a smaller plan", model=self.model.id, plan=smaller.name)
        self._overflows.append((work, smaller))
        self.drop()

    def settle(self) -> None:
        """Leave the pipeline as a fresh one: no step cache and no cache state, offload hooks armed again."""
        if self.pipe is not None:
            self.pipe.maybe_free_model_hooks()
            disable_cache(self.pipe)

    @property
    def size_bytes(self) -> int:
        """What the weights take of host memory once they are parked, with those that rest; 0 if none are loaded."""
        resting_bytes = self._variants.size_bytes if self._variants else 0
        return 0 if self.pipe is None else (self._host or ParkedWeights(self.pipe)).size_bytes + resting_bytes

    def forget_variant(self) -> None:
        """Give back the host memory of the weights that rest; the next change of quality loads the model again."""
        self._variants = None

    def park(self) -> None:
        """Leave the card to another model, with the weights in host memory."""
        if self.pipe is None:
            return
        self._host = self._host or ParkedWeights(self.pipe)
        if self.plan.name == "resident" and not self._is_parked:
            self._host.park()
            self._is_parked = True
            _free_card()

    def wake(self) -> None:
        """Take the card back after ``park``; the host copies stay for the next time."""
        if self._host is not None and self._is_parked:
            self._host.wake(self.settings.place)
        self._is_parked = False

    def drop(self) -> None:
        """Give back all memory."""
        self.pipe = self._host = self._variants = self._lora = None
        self._is_parked = False
        _free_card()

    def _accelerate(self, warm_up: Callable[[], None]) -> bool:
        if _has_kernels(self.settings.place):
            masked = self.model.family != "wan"
            backend = choose_attention(self.pipe, self.settings.attention, self.settings.place, masked=masked)
            log.info("attention backend", model=self.model.id, backend=backend)
        if not self.settings.compile:
            return False
        whole = self.model.family == "wan"
        return compile_blocks(self.pipe, self.settings.compile_backend, fullgraph=whole, warm_up=warm_up)

    def _plan_for(self, work: int) -> Plan:
        learned = [plan for least, plan in self._overflows if work >= least]
        return min([self._chosen_plan(), *learned], key=lambda plan: plan.card_gb)

    def _chosen_plan(self) -> Plan:
        card_bytes, host_bytes = card_bytes_total(self.settings), host_share_bytes(self.settings)
        return choose_plan(self.model, card_bytes, host_bytes, self.settings.plan)


def _has_kernels(place: str) -> bool:
    """Whether there is a choice of attention kernels there: the other backends are made for cards."""
    return torch.device(place).type == "cuda"


def _free_card() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
