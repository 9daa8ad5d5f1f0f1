"""/exercise, /limits and /coach: learning by doing, and who looks over one's shoulder meanwhile."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.exercising import start_view
from bot.limits import LimitsTexts
from bot.permissions import read_by_all_here
from bot.words import Words, command_text, server_locale
from generation.coach.drafts import Coaching
from generation.darkroom import Darkroom
from generation.limits import Limits
from storage.drafts import Exercise

BOARD_NAME = "limits.png"


@app_commands.guild_only()
class ExerciseCog(commands.GroupCog, group_name="exercise", group_description=command_text("command-exercise")):
    """The exercises of the course; each explains itself and has a start button."""

    def __init__(self, *, words: Words) -> None:
        self._words = words

    @app_commands.command(name="a", description=command_text("command-exercise-a"))
    async def a(self, interaction: discord.Interaction) -> None:
        """Animate a still."""
        await self._explain(interaction, "a")

    @app_commands.command(name="b", description=command_text("command-exercise-b"))
    async def b(self, interaction: discord.Interaction) -> None:
        """The effect of prompts."""
        await self._explain(interaction, "b")

    @app_commands.command(name="c", description=command_text("command-exercise-c"))
    async def c(self, interaction: discord.Interaction) -> None:
        """Finding the limits."""
        await self._explain(interaction, "c")

    async def _explain(self, interaction: discord.Interaction, exercise: Exercise) -> None:
        locale = str(interaction.locale)
        text = self._words(locale, f"exercise-{exercise}", button=self._words(locale, "button-broke"))
        await interaction.response.send_message(text, view=start_view(exercise, locale), ephemeral=True)


class LimitsCog(commands.Cog):
    """The class's board."""

    def __init__(self, *, limits: Limits, darkroom: Darkroom, texts: LimitsTexts) -> None:
        self._limits = limits
        self._darkroom = darkroom
        self._texts = texts

    @app_commands.command(name="limits", description=command_text("command-limits"))
    @app_commands.guild_only()
    async def limits(self, interaction: discord.Interaction) -> None:
        """Show the board to everybody."""
        assert interaction.guild_id is not None
        await interaction.response.defer(thinking=True)
        # Everybody in the channel reads it, so it is in the server's language.
        locale = server_locale(interaction)
        limits = await self._limits.board(interaction.guild_id, read_by_all_here(interaction))
        drawing = self._texts.drawing(locale, limits)
        png = await self._darkroom.draw(drawing)
        picture = discord.File(io.BytesIO(png), filename=BOARD_NAME, description=self._texts.alt(drawing, locale))
        await interaction.followup.send(self._texts.links(locale, interaction.guild_id, limits), file=picture)


@app_commands.guild_only()
class CoachCog(commands.GroupCog, group_name="coach", group_description=command_text("command-coach")):
    """Whether a person wants the coach's card."""

    def __init__(self, *, coaching: Coaching, words: Words) -> None:
        self._coaching = coaching
        self._words = words

    @app_commands.command(name="on", description=command_text("command-coach-on"))
    async def on(self, interaction: discord.Interaction) -> None:
        """Show the card from now on."""
        await self._set(interaction, shown=True)

    @app_commands.command(name="off", description=command_text("command-coach-off"))
    async def off(self, interaction: discord.Interaction) -> None:
        """Never show the card."""
        await self._set(interaction, shown=False)

    async def _set(self, interaction: discord.Interaction, *, shown: bool) -> None:
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._coaching.set_shows_card(interaction.guild_id, interaction.user.id, shown)
        text = self._words(str(interaction.locale), "coach-on" if shown else "coach-off")
        await interaction.followup.send(text, ephemeral=True)
