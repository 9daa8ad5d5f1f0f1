"""What a person asks for, before anything is checked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import discord
from discord import app_commands

from bot.pictures import Picture
from generation.catalog import Model, PresetName
from generation.request import ClipRequest, compose

PENDING = "pending"
"""Stands for a still that was attached and is not fetched yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person typed beside the pictures; nothing is checked yet. None means: as the menu has it."""

    prompt: str
    model_id: str | None = None
    shape_id: str | None = None
    seconds: float | None = None
    preset: PresetName = "fast"
    camera: str = ""
    negative_prompt: str = ""
    sound: bool = False
    seed: int | None = None


OPTIONS: Final = {
    "prompt": "prompt",
    "model": "model_id",
    "shape": "shape_id",
    "seconds": "seconds",
    "quality": "preset",
    "camera": "camera",
    "seed": "seed",
    "negative": "negative_prompt",
    "sound": "sound",
}
"""The options that commands share, and the fields of a wish that they fill."""


def typed_wish(interaction: discord.Interaction) -> Wish:
    """The wish of any command that has some of these options, as they were typed; Discord has checked their types."""
    typed: app_commands.Namespace = interaction.namespace
    return Wish(**{field: getattr(typed, option) for option, field in OPTIONS.items() if option in typed})


def composer(
    model: Model, wish: Wish, *, has_still: bool, has_end_still: bool
) -> Callable[[Picture | None, Picture | None], ClipRequest]:
    """What makes a request of the wish and its pictures, each PENDING while it is not fetched."""

    def composed(first: Picture | None, last: Picture | None) -> ClipRequest:
        return compose(
            model,
            prompt=wish.prompt,
            still=(first.prepared.name if first else PENDING) if has_still else None,
            still_size=None if first is None else (first.prepared.width, first.prepared.height),
            end_still=(last.prepared.name if last else PENDING) if has_end_still else None,
            shape_id=wish.shape_id,
            seconds=wish.seconds,
            preset=wish.preset,
            seed=wish.seed,
            camera=wish.camera,
            negative_prompt=wish.negative_prompt,
            sound=wish.sound,
        )

    return composed
