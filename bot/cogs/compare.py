"""/compare: one still, two to four clips, one thing that differs."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.animate import Seconds
from bot.comparisons.desk import Comparing
from bot.words import command_text
from generation.comparisons import VARIED, varied_named

CHOICES = [app_commands.Choice(name=command_text(f"vary-{varied}"), value=str(varied)) for varied in VARIED]


class CompareCog(commands.Cog):
    """The way in; everything else is asked in a form."""

    def __init__(self, *, comparing: Comparing) -> None:
        self._comparing = comparing

    @app_commands.command(name="compare", description=command_text("command-compare"))
    @app_commands.guild_only()
    @app_commands.describe(
        vary=command_text("command-compare-vary"),
        still=command_text("command-animate-still"),
        seconds=command_text("command-animate-seconds"),
    )
    @app_commands.choices(vary=CHOICES)
    async def compare(
        self,
        interaction: discord.Interaction,
        vary: str,
        still: discord.Attachment,
        seconds: Seconds | None = None,
    ) -> None:
        """Ask for the rest."""
        await self._comparing.ask_about_still(interaction, varied_named(vary), still, seconds)
