"""Text embeddings kept by model and prompt, so that a prompt passes through the text encoder once."""

from collections import OrderedDict
from collections.abc import Callable

import torch

Embedding = tuple[torch.Tensor, ...]


class EmbeddingCache:
    """Least recently used embeddings, in host memory, at most ``limit_bytes`` together."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._kept: OrderedDict[tuple[str, str], Embedding] = OrderedDict()

    def get(self, model_id: str, text: str, encode: Callable[[str], Embedding]) -> Embedding:
        """The embedding of ``text``, from the cache or from ``encode``; bit for bit the same either way."""
        key = (model_id, text)
        if key not in self._kept:
            self._kept[key] = tuple(part.to("cpu") for part in encode(text))
            self._size_bytes += _size_bytes(self._kept[key])
        self._kept.move_to_end(key)
        found = self._kept[key]
        while self._size_bytes > self._limit_bytes and self._kept:
            _, oldest = self._kept.popitem(last=False)
            self._size_bytes -= _size_bytes(oldest)
        return found


def _size_bytes(embedding: Embedding) -> int:
    return sum(part.numel() * part.element_size() for part in embedding)
