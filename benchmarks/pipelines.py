"""Measures tiny random Wan and LTX models on the CPU: our worker's job beside the bare pipeline call and ffmpeg."""

import torch

from benchmarks.rows import Row
from generation.catalog import load_catalog
from generation.pipelines.bench import bench
from generation.pipelines.settings import PipelineSettings

RATIO_LIMIT = 1.10
"""Progress, checks, streaming and the still-clip guard together may cost this much over the bare call."""


def run() -> list[Row]:
    """One row for each model and preset, in seconds of processor time, which other work on the machine hardly moves."""
    torch.set_num_threads(1)
    settings = PipelineSettings(device="cpu", plan="resident")
    rows = []
    for model in load_catalog():
        for figures in bench(model, settings, tiny=True) if model.repository else ():
            ratio = figures.whole.work / figures.bare.work
            rows.append(
                Row(
                    name=f"tiny {model.id} {figures.preset} {figures.shape}",
                    ours=figures.whole.work,
                    reference=figures.bare.work,
                    ratio=ratio,
                    unit="s of processor time",
                    bound=f"within {RATIO_LIMIT:.2f}x of the bare pipeline and ffmpeg",
                    ok=ratio <= RATIO_LIMIT,
                )
            )
    return rows
