"""/history and /portfolio: what a person made, to look through and to take along."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import Refused
from bot.histories import MODEL_LIMIT, Histories, Place
from bot.portfolio import Portfolio
from bot.suggestions import suggested_models
from bot.words import command_text
from generation.catalog import Catalog

PAGE_LIMIT = 1000


class HistoryCog(commands.Cog):
    """The person's own work; every answer is private."""

    def __init__(self, *, histories: Histories, portfolio: Portfolio, catalog: Catalog) -> None:
        self._histories = histories
        self._portfolio = portfolio
        self._catalog = catalog

    @app_commands.command(name="history", description=command_text("command-history"))
    @app_commands.guild_only()
    @app_commands.describe(model=command_text("command-history-model"), only=command_text("command-history-only"))
    async def history(
        self, interaction: discord.Interaction, model: str | None = None, only: Literal["failed"] | None = None
    ) -> None:
        """The newest page."""
        assert interaction.guild_id is not None
        if model is not None and model not in self._catalog.models:
            raise Refused("unknown_model", model=model[:MODEL_LIMIT])
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = Place(interaction.user.id, model or "", only == "failed")
        view, files = await self._histories.page(interaction.guild_id, place, str(interaction.locale))
        await interaction.followup.send(view=view, files=files, ephemeral=True)

    @history.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggested_models(self._catalog, typed)

    @app_commands.command(name="portfolio", description=command_text("command-portfolio"))
    @app_commands.guild_only()
    @app_commands.describe(page=command_text("command-portfolio-page"))
    async def portfolio(
        self, interaction: discord.Interaction, page: app_commands.Range[int, 1, PAGE_LIMIT] = 1
    ) -> None:
        """One's clips as a zip."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._portfolio.send(interaction, page)
