"""Measures tiny random Wan and LTX models on the CPU: our job beside the bare pipeline call and our encoder."""

import torch

from benchmarks.rows import Row
from generation.catalog import load_catalog
from generation.pipelines.bench import bench
from generation.pipelines.settings import PipelineSettings

MODELS = ("wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "ltx-2.3-distilled")

RATIO_LIMIT = 1.10
"""Progress, previews, checks and streaming together may cost this much over the bare call."""


def run() -> list[Row]:
    """One row for each model and preset; the second clip with a prompt is compared, as the bare call encodes it."""
    torch.set_num_threads(1)
    settings = PipelineSettings(device="cpu", plan="resident")
    rows = []
    for model_id in MODELS:
        for figures in bench(load_catalog()[model_id], settings, tiny=True):
            ratio = figures.again / figures.bare
            rows.append(
                Row(
                    name=f"tiny {model_id} {figures.preset} {figures.shape}",
                    ours=figures.again,
                    reference=figures.bare,
                    ratio=ratio,
                    unit="s",
                    bound=f"within {RATIO_LIMIT:.2f}x of the bare pipeline and ffmpeg",
                    ok=ratio <= RATIO_LIMIT,
                )
            )
    return rows
