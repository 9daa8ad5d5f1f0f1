"""What a person asks for before anything is checked, and who may have something to say about it first."""

from dataclasses import dataclass
from typing import Final, Protocol

import discord
from discord import app_commands

from bot.pictures import Picture
from generation.catalog import PresetName
from generation.coaching import Opinion
from generation.request import ClipRequest
from storage.drafts import Exercise


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


class Adviser(Protocol):
    """Whoever may have something to say before credits move."""

    async def opinion(self, interaction: discord.Interaction, request: ClipRequest) -> Opinion | None:
        """What there is to say to this person about the request; None if nothing, or if they do not want to hear."""

    async def ask(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        opinion: Opinion,
        still: Picture | None,
        exercise: Exercise | None,
    ) -> None:
        """Show it in place of the deferred answer, and keep the request until the person says a word."""
