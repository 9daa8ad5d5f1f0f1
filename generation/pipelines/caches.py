"""Step caches: which work on which pipeline, and proof that one that was switched on took hold."""

from typing import Any

from diffusers.hooks import FirstBlockCacheConfig, HookRegistry

from generation.catalog import Preset
from generation.pipelines.memory import transformers_of

FIRST_BLOCK_THRESHOLD = 0.05
"""Relative change of the first block's residual below which the others are skipped; the value of diffusers' guide."""

_CACHE_HOOKS = "fbc"
"""What the names of its hooks begin with."""


def enable_cache(pipe: Any, preset: Preset) -> None:
    """Switch on the preset's step cache on every expert; AssertionError if it hooked nothing.

    Which caches an entry may name is decided by generation/families.py, from runs of each one.
    """
    if preset.cache is None:
        return
    for transformer in transformers_of(pipe):
        transformer.enable_cache(FirstBlockCacheConfig(threshold=FIRST_BLOCK_THRESHOLD))
        hooked = hooked_modules(transformer)
        assert hooked > 0, f"the {preset.cache} cache hooked nothing in {type(transformer).__name__}"


def disable_cache(pipe: Any) -> None:
    """Switch any step cache off again, so that the weights run as they were loaded."""
    for transformer in transformers_of(pipe):
        if transformer.is_cache_enabled:
            transformer.disable_cache()


def hooked_modules(transformer: Any) -> int:
    """How many modules of ``transformer`` a step cache has hooked."""
    count = 0
    for module in transformer.modules():
        registry = getattr(module, "_diffusers_hook", None)
        if isinstance(registry, HookRegistry):
            count += any(name.startswith(_CACHE_HOOKS) for name in registry.hooks)
    return count
