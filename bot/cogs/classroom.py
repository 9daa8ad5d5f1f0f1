"""/class: what instructors set for their server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.intake import Intake, Wish
from bot.words import Words, command_text
from generation.orders import Orders
from generation.request import PROMPT_LIMIT

ALLOWANCE_LIMIT = 100_000

Prompt = app_commands.Range[str, 1, PROMPT_LIMIT]
Allowance = app_commands.Range[int, 0, ALLOWANCE_LIMIT]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClassCog(commands.GroupCog, group_name="class", group_description=command_text("command-class")):
    """Settings of one server; Discord shows these commands to instructors only, and each checks again."""

    def __init__(self, *, orders: Orders, intake: Intake, words: Words) -> None:
        self._orders = orders
        self._intake = intake
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

    @app_commands.command(name="demo", description=command_text("command-class-demo"))
    @app_commands.describe(
        still=command_text("command-animate-still"),
        prompt=command_text("command-animate-prompt"),
        model=command_text("command-animate-model"),
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def demo(
        self, interaction: discord.Interaction, still: discord.Attachment, prompt: Prompt, model: str | None = None
    ) -> None:
        """Animate a still before everybody else's, to show it to the class."""
        await self._intake.order(interaction, Wish(prompt=prompt, model_id=model), still, lane="demo")
