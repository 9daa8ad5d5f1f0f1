"""The draft pipeline: a camera move rendered from the still on the CPU, without any model."""

from generation.pipelines.draft.pipeline import DraftPipeline

__all__ = ["DraftPipeline"]
