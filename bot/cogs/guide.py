"""/help: how to write a motion prompt, and what the other commands do."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.words import Words, command_text


class GuideCog(commands.Cog):
    """The short guide of the course."""

    def __init__(self, *, words: Words) -> None:
        self._words = words

    @app_commands.command(name="help", description=command_text("command-help"))
    @app_commands.guild_only()
    async def help(self, interaction: discord.Interaction) -> None:
        """Show the guide."""
        locale = str(interaction.locale)
        embed = discord.Embed(title=self._words(locale, "help-title"), description=self._words(locale, "help-body"))
        await interaction.response.send_message(embed=embed, ephemeral=True)
