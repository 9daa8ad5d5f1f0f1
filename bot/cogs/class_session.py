"""/class session: for some minutes the class pays for everybody, a pinned board shows the line, and it is summed up."""

import asyncio

import discord
from discord import app_commands

from bot.errors import Refused
from bot.permissions import missing_permissions
from bot.quoting import quoted
from bot.sessions.board import SessionBoard
from bot.sessions.texts import SessionTexts
from bot.staff.instructors import InstructorGroup, act_of
from bot.suggestions import suggested_models
from bot.words import Words, command_text, server_locale
from generation.catalog import Catalog
from generation.errors import RequestError
from generation.health import ModelHealth
from generation.teaching.class_rules import Rules
from generation.teaching.rolls import CREDITS_LIMIT
from generation.teaching.sessions import POOL_CREDITS_PER_MINUTE, Plan, Sessions

LONGEST_MINUTES = 600
SESSIONS_SHOWN = 10

Minutes = app_commands.Range[int, 1, LONGEST_MINUTES]
Clips = app_commands.Range[int, 1, 1000]
Credits = app_commands.Range[int, 1, CREDITS_LIMIT]


class SessionGroup(InstructorGroup):
    """/class session start|stop|show."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        board: SessionBoard,
        rules: Rules,
        health: ModelHealth,
        catalog: Catalog,
        texts: SessionTexts,
        words: Words,
    ) -> None:
        super().__init__(name="session", description=command_text("command-class-session"))
        self._sessions = sessions
        self._board = board
        self._rules = rules
        self._health = health
        self._catalog = catalog
        self._texts = texts
        self._words = words

    @app_commands.command(name="start", description=command_text("command-class-session-start"))
    @app_commands.describe(
        **{name: command_text(f"command-class-session-start-{name}") for name in ("minutes", "model", "clips", "pool")}
    )
    async def start(
        self,
        interaction: discord.Interaction,
        minutes: Minutes,
        model: str | None = None,
        clips: Clips | None = None,
        pool: Credits | None = None,
    ) -> None:
        """Start a session here, and post its board."""
        if missing := missing_permissions(interaction, self._words):
            raise Refused("permissions", missing=missing)
        await interaction.response.defer(ephemeral=True, thinking=True)
        plan = self._plan(interaction, minutes, await self._usable(interaction, model), clips, pool)
        act = act_of(
            interaction,
            "session-start",
            minutes=minutes,
            pool=minutes * POOL_CREDITS_PER_MINUTE if pool is None else pool,
            clips=clips or "–",
            model="–" if model is None else self._catalog[model].label,
        )
        session = await self._board.post((await self._sessions.start(act, plan)).id)
        await interaction.followup.send(self._texts.started(str(interaction.locale), session), ephemeral=True)

    @start.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggested_models(self._catalog, typed)

    async def _usable(self, interaction: discord.Interaction, model_id: str | None) -> str | None:
        """The model that a session may be held with: one that nobody could use would stop the class."""
        assert interaction.guild_id is not None
        if model_id is None:
            return None
        if model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=quoted(model_id))
        label = self._catalog[model_id].label
        if self._health.is_resting(model_id):
            raise Refused("model-resting", model=label)
        if model_id in (await self._rules.of(interaction.guild_id)).models_off:
            raise Refused("session-model", model=label)
        return model_id

    def _plan(
        self,
        interaction: discord.Interaction,
        minutes: int,
        model_id: str | None,
        clips_per_person: int | None,
        pool_credits: int | None,
    ) -> Plan:
        assert interaction.guild_id is not None
        assert interaction.channel_id is not None
        locale = server_locale(interaction)
        return Plan(
            key=str(interaction.id),
            guild_id=interaction.guild_id,
            channel_id=interaction.channel_id,
            started_by=interaction.user.id,
            title=self._words(locale, "session-title"),
            locale=locale,
            minutes=minutes,
            model_id=model_id,
            clips_per_person=clips_per_person,
            pool_credits=pool_credits,
        )

    @app_commands.command(name="stop", description=command_text("command-class-session-stop"))
    async def stop(self, interaction: discord.Interaction) -> None:
        """End the session; what is in the making is still made."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        session = await self._sessions.stop(act_of(interaction, "session-stop"))
        tally = await self._sessions.tally(session)
        self._board.wake()
        await interaction.followup.send(self._texts.stopped(str(interaction.locale), session, tally), ephemeral=True)

    @app_commands.command(name="show", description=command_text("command-class-session-show"))
    async def show(self, interaction: discord.Interaction) -> None:
        """Tell what came of the newest sessions."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        locale = str(interaction.locale)
        newest = await self._sessions.newest(interaction.guild_id, SESSIONS_SHOWN)
        tallies = await asyncio.gather(*map(self._sessions.tally, newest))
        lines = [self._texts.listed(locale, *both) for both in zip(newest, tallies, strict=True)]
        text = "\n".join(lines) or self._words(locale, "sessions-none")
        embed = discord.Embed(title=self._words(locale, "sessions-title"), description=text)
        await interaction.followup.send(embed=embed, ephemeral=True)
