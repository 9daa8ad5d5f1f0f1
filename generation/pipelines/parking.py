"""Weights of a model that is not running now, kept in host memory so that it comes back in seconds."""

from collections.abc import Iterator
from typing import Any

import torch


class ParkedWeights:
    """Host copies of a pipeline's tensors. Weights never change while running, so each is copied down once."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._copies: dict[tuple[str, str], torch.Tensor] = {}

    @property
    def size_bytes(self) -> int:
        """What the pipeline's weights take, wherever they are."""
        return sum(tensor.numel() * tensor.element_size() for _, tensor in self._tensors())

    def park(self) -> None:
        """Let the weights live in host memory only, pinned where there is a card to go back to."""
        for key, tensor in self._tensors():
            if key not in self._copies:
                copy = torch.empty_like(tensor, device="cpu", pin_memory=tensor.is_cuda)
                copy.copy_(tensor)
                self._copies[key] = copy
            tensor.data = self._copies[key]

    def wake(self, device: str) -> None:
        """Bring the weights back to ``device``, bit for bit as they were."""
        for key, tensor in self._tensors():
            tensor.data = self._copies[key].to(device, non_blocking=True)

    def _tensors(self) -> Iterator[tuple[tuple[str, str], torch.Tensor]]:
        for name, component in self._pipe.components.items():
            if isinstance(component, torch.nn.Module):
                for path, tensor in (*component.named_parameters(), *component.named_buffers()):
                    yield (name, path), tensor
