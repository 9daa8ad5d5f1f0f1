"""What is suggested while somebody types which challenge or which of their entries they mean."""

from collections.abc import Callable

import discord
from discord import app_commands

from bot.quoting import shortened
from bot.suggestions import suggested
from generation.challenges.use_cases import Challenges
from storage.challenges import Challenge

LOOKED_AT = 100

Choices = list[app_commands.Choice[int]]
"""What is suggested while a challenge or an entry is typed."""


async def choices_of(
    challenges: Challenges, interaction: discord.Interaction, typed: str, fits: Callable[[Challenge], bool]
) -> Choices:
    """The server's challenges that fit and contain what was typed, newest first."""
    assert interaction.guild_id is not None
    newest = await challenges.newest(interaction.guild_id, LOOKED_AT)
    return suggested({one.id: shortened(f"{one.id} · {one.title}", 100) for one in newest if fits(one)}, typed)
