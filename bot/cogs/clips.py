"""/show: a finished clip again, in a channel that takes it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.quoting import shortened
from bot.showing import Showing
from bot.suggestions import SUGGESTED, suggested
from bot.words import command_text
from generation.orders import Orders
from generation.request import spoken_in


class ClipsCog(commands.Cog):
    """Finished clips once more; one's own are suggested."""

    def __init__(self, *, orders: Orders, showing: Showing) -> None:
        self._orders = orders
        self._showing = showing

    @app_commands.command(name="show", description=command_text("command-show"))
    @app_commands.guild_only()
    @app_commands.describe(clip=command_text("command-show-clip"))
    async def show(self, interaction: discord.Interaction, clip: int) -> None:
        """Post one's own clip here once more, or look at somebody else's."""
        await self._showing.show(interaction, clip)

    @show.autocomplete("clip")
    async def _clips(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        assert interaction.guild_id is not None
        finished = await self._orders.finished_clips(interaction.guild_id, interaction.user.id, SUGGESTED)
        return suggested({job.id: f"#{job.id} · {shortened(spoken_in(job.recipe), 80)}" for job in finished}, typed)
