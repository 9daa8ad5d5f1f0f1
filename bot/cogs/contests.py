"""/challenges: everybody looks at challenges, and takes their own entry back."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.challenges.choices import Choices, choices_of
from bot.challenges.desk import ChallengeDesk
from bot.challenges.galleries import Galleries
from bot.quoting import shortened
from bot.suggestions import suggested
from bot.words import command_text
from generation.challenges.use_cases import Challenges


@app_commands.guild_only()
class ContestCog(commands.GroupCog, group_name="challenges", group_description=command_text("command-challenges")):
    """For everybody: look, and take one's own entry back."""

    def __init__(self, *, challenges: Challenges, galleries: Galleries, desk: ChallengeDesk) -> None:
        self._challenges = challenges
        self._galleries = galleries
        self._desk = desk

    @app_commands.command(name="list", description=command_text("command-challenges-list"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the newest challenges."""
        await self._galleries.list(interaction)

    @app_commands.command(name="show", description=command_text("command-challenges-show"))
    @app_commands.describe(challenge=command_text("command-challenge-challenge"))
    async def show(self, interaction: discord.Interaction, challenge: int) -> None:
        """Show a challenge with its entries."""
        await self._galleries.show(interaction, challenge)

    @app_commands.command(name="withdraw", description=command_text("command-challenges-withdraw"))
    @app_commands.describe(entry=command_text("command-challenges-withdraw-entry"))
    async def withdraw(self, interaction: discord.Interaction, entry: int) -> None:
        """Take one's own entry back."""
        await self._desk.withdraw(interaction, entry)

    @show.autocomplete("challenge")
    async def _all_challenges(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await choices_of(self._challenges, interaction, str(typed), lambda _: True)

    @withdraw.autocomplete("entry")
    async def _own_entries(self, interaction: discord.Interaction, typed: str) -> Choices:
        assert interaction.guild_id is not None
        own = await self._desk.own_entries(interaction.guild_id, interaction.user.id)
        named = {entry.id: shortened(f"{entry.number} · {one.title}", 100) for one, entry in own}
        return suggested(named, typed)
