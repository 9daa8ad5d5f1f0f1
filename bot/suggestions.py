"""What Discord suggests while somebody fills in an option of a command."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from discord import app_commands

from generation.catalog import Model

SUGGESTED = 25
"""As many as Discord shows."""

NAME_LIMIT = 100

V = TypeVar("V", int, str)


def suggested(named: Mapping[V, str], typed: object) -> list[app_commands.Choice[V]]:
    """The values whose name contains what was typed so far, in their order; a name may be as long as it likes.

    A value that is a text is found by itself, too.
    """
    sought = str(typed).casefold()
    found = [
        (value, name)
        for value, name in named.items()
        if sought in name.casefold() or (isinstance(value, str) and sought in value.casefold())
    ]
    return [app_commands.Choice(name=name[:NAME_LIMIT], value=value) for value, name in found[:SUGGESTED]]


def suggested_models(models: Iterable[Model], typed: str) -> list[app_commands.Choice[str]]:
    """The models whose label or id contains what was typed."""
    return suggested({model.id: model.label for model in models}, typed)
