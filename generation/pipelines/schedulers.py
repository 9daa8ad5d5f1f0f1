"""The scheduler of each preset, and where a preview finds the model's estimate of the finished clip."""

from typing import Any

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, UniPCMultistepScheduler

from generation.catalog import Model, Preset


class PreviewEulerScheduler(FlowMatchEulerDiscreteScheduler):  # type: ignore[misc]
    """Flow matching by Euler steps that also keeps each step's estimate of the clean latents in ``x0``.

    A subclass, because the LTX-2 pipeline copies its scheduler for the sound: the copy keeps its own estimate.
    """

    x0: torch.Tensor | None = None

    def step(self, model_output: torch.Tensor, timestep: Any, sample: torch.Tensor, *more: Any, **named: Any) -> Any:
        """One Euler step, exactly as the parent's."""
        if self.step_index is None:
            self._init_step_index(timestep)
        sigma = self.sigmas[self.step_index]
        self.x0 = sample.to(torch.float32) - sigma * model_output
        return super().step(model_output, timestep, sample, *more, **named)


def set_scheduler(pipe: Any, config: dict[str, Any], model: Model, preset: Preset) -> None:
    """Give ``pipe`` a fresh scheduler for ``preset``, from ``config``, the one that its weights came with.

    The scheduler that ``pipe`` has now is the last job's, and would hand that preset's changes on.

    Sigmas that a preset lists are meant as they are: shifting them again would move every step.
    """
    if model.family == "wan":
        pipe.scheduler = UniPCMultistepScheduler.from_config(config, flow_shift=preset.flow_shift)
    elif preset.sigmas is not None:
        pipe.scheduler = PreviewEulerScheduler.from_config(config, use_dynamic_shifting=False, shift_terminal=None)
    else:
        pipe.scheduler = PreviewEulerScheduler.from_config(config)


def clean_estimate(scheduler: Any) -> torch.Tensor | None:
    """The scheduler's last estimate of the clean latents, or None before the first step."""
    if isinstance(scheduler, PreviewEulerScheduler):
        return scheduler.x0
    found: torch.Tensor | None = scheduler.model_outputs[-1]
    return found
