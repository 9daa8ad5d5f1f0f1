"""Tiny checkpoints of the whole menu, built once a session, and the settings that run them on the CPU."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from generation.catalog import load_catalog
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings

MODELS = [model.id for model in load_catalog() if model.repository]


@pytest.fixture(scope="session")
def settings(checkpoints: Path) -> PipelineSettings:
    always = {"repeat_seconds": 0, "preview_seconds": 0}
    return PipelineSettings(device="cpu", models_folder=checkpoints, plan="resident", **always)


@pytest.fixture(scope="session")
def pipelines(settings: PipelineSettings) -> Iterator[Pipelines]:
    """One worker's pipelines for the whole session: a job must not notice what ran before it."""
    held = Pipelines(settings)
    yield held
    held.close()
