"""Weights of a model that is not running now, kept in host memory so that it comes back in seconds."""

from collections.abc import Collection, Iterator
from typing import Any

import torch

from generation.pipelines.variants import host_copy


class ParkedWeights:
    """Host copies of a pipeline's tensors. Weights never change while a job runs, so each is copied down once."""

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
                self._copies[key] = host_copy(tensor)
            tensor.data = self._copies[key]

    def wake(self, device: str) -> None:
        """Bring the weights back to ``device``, bit for bit as they were."""
        for key, tensor in self._tensors():
            tensor.data = self._copies[key].to(device, non_blocking=True)

    def forget(self, components: Collection[str]) -> None:
        """Let go of the copies of those components, whose weights were changed since."""
        self._copies = {key: copy for key, copy in self._copies.items() if key[0] not in components}

    def _tensors(self) -> Iterator[tuple[tuple[str, str], torch.Tensor]]:
        for name, component in self._pipe.components.items():
            if isinstance(component, torch.nn.Module):
                for path, tensor in (*component.named_parameters(), *component.named_buffers()):
                    yield (name, path), tensor
