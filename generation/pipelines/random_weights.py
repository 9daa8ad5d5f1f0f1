"""Pipelines with random weights: how long a clip takes does not depend on the values, so speed needs no download."""

from typing import Any

import torch

from generation.catalog import Lora, Model, Task
from generation.pipelines.loading import Loaded, for_task
from generation.pipelines.memory import Plan, apply_plan
from generation.pipelines.settings import PipelineSettings


def random_pipe(model: Model, *, tiny: bool) -> Any:
    """The pipeline of a menu entry as its repository holds it, on torch's default device and in its default dtype."""
    from generation.pipelines.random_ltx import random_ltx
    from generation.pipelines.random_wan import random_wan

    build = random_wan if model.family == "wan" else random_ltx
    return build(model, tiny=tiny)


class RandomLoader:
    """Stands in for ``loading.load_pipe``: the same layout and task, weights made on the spot; LoRAs are left out.

    A fused LoRA costs no time, so leaving it out changes nothing that is measured.
    """

    def __init__(self, *, tiny: bool) -> None:
        self._tiny = tiny

    def __call__(
        self, model: Model, task: Task, lora: Lora | None, plan: Plan, settings: PipelineSettings, *, keep: bool = False
    ) -> Loaded:
        """As ``loading.load_pipe``. A resident plan makes the weights straight on the device."""
        device = settings.place if plan.name == "resident" else "cpu"
        dtype = getattr(torch, settings.dtype)
        torch.manual_seed(0)
        usual = torch.get_default_dtype()
        torch.set_default_dtype(dtype)
        try:
            with torch.device(device):
                pipe = random_pipe(model, tiny=self._tiny)
        finally:
            torch.set_default_dtype(usual)
        if model.family == "wan":
            pipe.vae.to(torch.float32)
        pipe.set_progress_bar_config(disable=True)
        pipe = for_task(pipe, model, task, plan, settings)
        apply_plan(pipe, plan, settings.place)
        return Loaded(pipe, {} if keep else None)
