"""/my-data and /forget-me: what is kept about a person, for themselves, and the end of it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.forgetting import Forgetter
from bot.records import as_file
from bot.words import Words, command_text
from generation.privacy.holdings import Holdings


class PersonsCog(commands.Cog):
    """Both answer privately; nothing is forgotten before the second press."""

    def __init__(self, *, holdings: Holdings, forgetter: Forgetter, words: Words) -> None:
        self._holdings = holdings
        self._forgetter = forgetter
        self._words = words

    @app_commands.command(name="my-data", description=command_text("command-my-data"))
    @app_commands.guild_only()
    async def my_data(self, interaction: discord.Interaction) -> None:
        """Hand over everything that is kept about whoever asks."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await self._holdings.of_oneself(interaction.guild_id, interaction.user.id)
        text = self._words(str(interaction.locale), "my-data")
        await interaction.followup.send(text, file=as_file(interaction, data, "my-data"), ephemeral=True)

    @app_commands.command(name="forget-me", description=command_text("command-forget-me"))
    @app_commands.guild_only()
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Say what would go and what would stay, and ask."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._forgetter.ask(interaction)
