"""Faster kernels where the card has them: attention backends and compiled blocks, each with a way back."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog
import torch
from diffusers.models.attention_dispatch import AttentionBackendName, dispatch_attention_fn

from generation.pipelines.base import JobCancelled
from generation.pipelines.memory import transformers_of

log = structlog.get_logger(__name__)


def choose_attention(pipe: Any, names: tuple[str, ...], device: str, *, masked: bool) -> str:
    """Set the first backend of ``names`` that computes an attention on ``device``; "native" if none does.

    ``masked`` is whether the model attends with a mask, as LTX does to its text: several fast kernels refuse one.
    """
    for name in names:
        try:
            _try_attention(name, device, masked=masked)
            for transformer in transformers_of(pipe):
                transformer.set_attention_backend(name)
        except (RuntimeError, ValueError, ImportError, OSError, KeyError, TypeError) as error:
            log.info("attention backend not usable", backend=name, reason=str(error).splitlines()[:1])
        else:
            return name
    for transformer in transformers_of(pipe):
        transformer.set_attention_backend("native")
    return "native"


def _try_attention(name: str, device: str, *, masked: bool) -> None:
    query = torch.zeros(1, 64, 2, 64, dtype=torch.bfloat16, device=device)
    # The additive mask over the keys that the LTX transformers make of the prompt's length.
    mask = torch.zeros(1, 2, 1, 64, dtype=torch.bfloat16, device=device) if masked else None
    result = dispatch_attention_fn(query, query, query, attn_mask=mask, backend=AttentionBackendName(name))
    if result.shape != query.shape:
        msg = f"{name} returned {tuple(result.shape)}"
        raise RuntimeError(msg)


def compile_blocks(pipe: Any, backend: str, *, fullgraph: bool, warm_up: Callable[[], None]) -> bool:
    """Compile the repeated blocks and run ``warm_up`` over the shapes to come; on any failure go back, and say so.

    Returns whether the pipeline is compiled. Out of memory and a cancelled job are not caught.
    """
    try:
        for transformer in transformers_of(pipe):
            transformer.compile_repeated_blocks(fullgraph=fullgraph, backend=backend)
        warm_up()
    except (torch.OutOfMemoryError, JobCancelled):
        raise
    except Exception as error:
        log.warning("compiling failed, running without", reason=str(error).splitlines()[:1])
        for module in _compiled(pipe):
            module._compiled_call_impl = None
        torch._dynamo.reset()
        return False
    return True


def _compiled(pipe: Any) -> Iterator[Any]:
    for transformer in transformers_of(pipe):
        for module in transformer.modules():
            if getattr(module, "_compiled_call_impl", None) is not None:
                yield module
