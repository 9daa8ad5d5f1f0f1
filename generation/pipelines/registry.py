"""The pipelines of one worker: the one on the card, and those parked in host memory."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import structlog

from generation.catalog import Model
from generation.pipelines.base import Pipeline, Progress
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.waiting import Waiting

if TYPE_CHECKING:
    from generation.pipelines.diffusion import DiffusionPipeline
    from generation.pipelines.embeddings import EmbeddingCache
    from generation.pipelines.resident import Loader

log = structlog.get_logger(__name__)


class Pipelines:
    """Hands out pipelines, one model on the card at a time; the least recently used are given up first.

    ``load`` is what loads weights, as for ``load_pipeline``. Importing this module and rendering drafts needs no torch.
    """

    def __init__(self, settings: PipelineSettings | None = None, load: "Loader | None" = None) -> None:
        self._settings = settings or PipelineSettings()
        self._load_weights = load
        self._kept: OrderedDict[str, DiffusionPipeline] = OrderedDict()
        self._waiting = Waiting(self._settings)
        self._embeddings: EmbeddingCache | None = None

    @property
    def resident(self) -> str | None:
        """The id of the model on the card, or None; a scheduler may prefer its jobs."""
        return next(reversed(self._kept), None)

    def pipeline_for(self, model: Model, progress: Progress) -> Pipeline:
        """The pipeline of ``model``; another one leaves the card first. Weights load with the first render."""
        if model.family == "draft":
            from generation.pipelines.draft import DraftPipeline

            return DraftPipeline()
        progress("load", 0, 1)
        if self.resident != model.id:
            wanted = self._kept.pop(model.id, None)
            self._park_resident()
            self._kept[model.id] = wanted or self._load(model)
        return self._kept[model.id]

    def close(self) -> None:
        """Give back all memory."""
        while self._kept:
            self._kept.popitem()[1].close()

    def _load(self, model: Model) -> "DiffusionPipeline":
        from generation.pipelines.embeddings import EmbeddingCache

        self._embeddings = self._embeddings or EmbeddingCache(self._settings.embeddings_bytes)
        return load_pipeline(model, self._settings, self._embeddings, self._load_weights, self._waiting)

    def _park_resident(self) -> None:
        """Send the resident model to host memory, where the copies of the one that comes back are counted too.

        What does not fit is given up before anything is copied, second sets of weights first, and so is a model
        whose copy fails: pinned memory can be refused while there seems to be enough.
        """
        if self.resident is None:
            return
        leaving, waiting = self.resident, self._waiting
        waiting.note(leaving, self._kept[leaving].size_bytes)
        for name, kept in self._kept.items():
            if waiting.is_over:
                kept.forget_variant()
                waiting.note(name, kept.size_bytes)
        while self._kept and waiting.is_over:
            self._give_up(next(iter(self._kept)))
        if leaving in self._kept:
            try:
                self._kept[leaving].park()
            except (RuntimeError, MemoryError) as error:
                self._give_up(leaving, reason=str(error).splitlines()[:1])

    def _give_up(self, name: str, **why: Any) -> None:
        log.info("model given up", model=name, **why)
        self._kept.pop(name).close()
        self._waiting.note(name, 0)


def load_pipeline(
    model: Model,
    settings: PipelineSettings,
    embeddings: "EmbeddingCache | None" = None,
    load: "Loader | None" = None,
    waiting: Waiting | None = None,
) -> "DiffusionPipeline":
    """A pipeline for a Wan or LTX model, its weights not yet loaded; ``load`` is what loads them. Imports torch."""
    from generation.pipelines.embeddings import EmbeddingCache
    from generation.pipelines.loading import load_pipe
    from generation.pipelines.ltx import LTX2VideoPipeline, LTXVideoPipeline
    from generation.pipelines.wan import WanVideoPipeline

    cache = embeddings or EmbeddingCache(settings.embeddings_bytes)
    if model.family == "wan":
        return WanVideoPipeline(model, settings, cache, load or load_pipe, waiting)
    if any(name.startswith("LTX2") for name in model.pipelines.values()):
        return LTX2VideoPipeline(model, settings, cache, load or load_pipe, waiting)
    return LTXVideoPipeline(model, settings, cache, load or load_pipe, waiting)
