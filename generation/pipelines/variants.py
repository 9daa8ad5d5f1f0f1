"""A model's weights with and without its LoRA: one set in the pipeline, the other resting in host memory."""

from collections.abc import Iterator
from typing import Any

import torch

from generation.pipelines.memory import transformers_of

Resting = dict[tuple[int, str], torch.Tensor]
"""Host copies by number of the expert and name of the tensor there."""


class Variants:
    """Exchanges the two sets, so that another quality of the same model costs a copy and no load.

    Both are the very values of a fresh load: nothing is subtracted again from weights that were rounded once.
    """

    def __init__(self, pipe: Any, resting: Resting) -> None:
        self._pipe = pipe
        self._resting = resting

    @property
    def size_bytes(self) -> int:
        """What the resting set takes of host memory."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self._resting.values())

    @torch.no_grad()
    def exchange(self) -> None:
        """Put the resting set into the pipeline, and let the one that was there rest; one tensor at a time."""
        for key, tensor in expert_tensors(self._pipe):
            resting = self._resting.get(key)
            if resting is not None:
                leaving = tensor.data.clone()
                tensor.data.copy_(resting)
                resting.copy_(leaving)


def host_copies(pipe: Any) -> Resting:
    """Copies of all tensors of the experts, pinned where there is a card to go back to."""
    return {key: host_copy(tensor) for key, tensor in expert_tensors(pipe)}


def changed(pipe: Any, before: Resting) -> Resting:
    """Those of ``before`` that are no longer what the experts hold."""
    return {
        key: before[key]
        for key, tensor in expert_tensors(pipe)
        if not torch.equal(before[key].to(tensor.device), tensor.data)
    }


def host_copy(tensor: torch.Tensor) -> torch.Tensor:
    """A copy of ``tensor`` in host memory, pinned if it comes from a card."""
    copy = torch.empty_like(tensor, device="cpu", pin_memory=tensor.is_cuda, requires_grad=False)
    return copy.copy_(tensor.detach())


def expert_tensors(pipe: Any) -> Iterator[tuple[tuple[int, str], torch.Tensor]]:
    """Every weight of the denoising transformers, with its key."""
    for number, transformer in enumerate(transformers_of(pipe)):
        for name, tensor in transformer.named_parameters():
            yield (number, name), tensor
