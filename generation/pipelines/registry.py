"""The pipelines of one worker: loaded when first needed, one resident at a time."""

from generation.catalog import Model
from generation.pipelines.base import Pipeline, Progress


class Pipelines:
    """Hands out the pipeline of a model, swapping out the one that was used before."""

    def __init__(self) -> None:
        self._resident: tuple[str, Pipeline] | None = None

    def pipeline_for(self, model: Model, progress: Progress) -> Pipeline:
        """The loaded pipeline of ``model``; ``progress`` is told about a load. Raises RenderFailed."""
        if self._resident is not None:
            resident_id, resident = self._resident
            if resident_id == model.id:
                return resident
            self._resident = None
            resident.close()
        progress("load", 0, 1)
        pipeline = _load(model)
        self._resident = (model.id, pipeline)
        return pipeline


def _load(model: Model) -> Pipeline:
    # Imported here, so that a worker pays only for the family that it runs.
    from generation.pipelines.draft import DraftPipeline

    return DraftPipeline()
