"""/class: what instructors set for their server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.words import Words, command_text
from generation.orders import Orders

ALLOWANCE_LIMIT = 100_000

Allowance = app_commands.Range[int, 0, ALLOWANCE_LIMIT]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClassCog(commands.GroupCog, group_name="class", group_description=command_text("command-class")):
    """Settings of one server; Discord shows these commands to instructors only, and each checks again."""

    def __init__(self, *, orders: Orders, words: Words) -> None:
        self._orders = orders
        self._words = words

    @app_commands.command(name="allowance", description=command_text("command-class-allowance"))
    @app_commands.describe(credits=command_text("command-class-allowance-credits"))
    @app_commands.checks.has_permissions(manage_guild=True)
    async def allowance(self, interaction: discord.Interaction, credits: Allowance) -> None:  # noqa: A002 - the option's name
        """Set this server's monthly allowance."""
        assert interaction.guild_id is not None
        await self._orders.set_allowance(interaction.guild_id, credits, actor=interaction.user.id)
        text = self._words(str(interaction.locale), "class-allowance-set", credits=credits)
        await interaction.response.send_message(text, ephemeral=True)
