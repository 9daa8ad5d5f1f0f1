"""Keys of what the still-clip guard remarks on a finished clip; light, for those who only read them."""

from typing import Any, Final

STILL: Final = "guard-still"
BLANK: Final = {"black": "guard-black", "green": "guard-green", "plain": "guard-plain"}
BLANK_STILL: Final = "guard-blank-still"
FREEZE: Final = "guard-freeze"
FLASH: Final = "guard-flash"

RETRIED: Final = frozenset({STILL, *BLANK.values()})
"""Remarks about clips that nobody can use; those are retried for free, once."""


def may_be_retried(remarks: list[Any]) -> bool:
    """Whether a finished job's remarks, as (key, details), offer the free retry."""
    return any(key in RETRIED for key, _ in remarks)
