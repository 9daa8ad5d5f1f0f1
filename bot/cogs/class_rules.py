"""/class models, channels, limits and rules: what may be ordered here, where, and how much."""

from typing import Literal

import discord
from discord import app_commands

from bot.cogs.class_safety import safety_lines
from bot.places import Anywhere
from bot.quoting import quoted
from bot.staff.instructors import ClassPart, InstructorGroup, act_of, staff_of
from bot.suggestions import suggested_models
from bot.words import Words, command_text
from generation.catalog import Catalog
from generation.errors import RequestError
from generation.health import ModelHealth
from generation.teaching.class_rules import Rules
from storage.class_rules import ClassRules, RoleLimits

Size = Literal["480p", "720p"]

BLOCKED_SHOWN = 8

PIXELS: dict[Size, int] = {"480p": 450_000, "720p": 1_000_000}
"""The largest frame of each name: 832×480 and 1280×720, with room for stills of another aspect."""


class ModelsGroup(InstructorGroup):
    """/class models on|off."""

    def __init__(self, *, rules: Rules, health: ModelHealth, catalog: Catalog, words: Words) -> None:
        super().__init__(name="models", description=command_text("command-class-models"))
        self._rules = rules
        self._health = health
        self._catalog = catalog
        self._words = words

    @app_commands.command(name="on", description=command_text("command-class-models-on"))
    @app_commands.describe(
        model=command_text("command-class-models-model"), reason=command_text("command-class-reason")
    )
    async def on(self, interaction: discord.Interaction, model: str, reason: str = "") -> None:
        """Put a model on the class's menu again, and on everybody's if it rests after failures."""
        await self._set(interaction, model, reason, is_on=True)

    @app_commands.command(name="off", description=command_text("command-class-models-off"))
    @app_commands.describe(
        model=command_text("command-class-models-model"), reason=command_text("command-class-reason")
    )
    async def off(self, interaction: discord.Interaction, model: str, reason: str = "") -> None:
        """Take a model off the class's menu."""
        await self._set(interaction, model, reason, is_on=False)

    @on.autocomplete("model")
    @off.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggested_models(self._catalog, typed)

    async def _set(self, interaction: discord.Interaction, model_id: str, reason: str, *, is_on: bool) -> None:
        if model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=quoted(model_id))
        await interaction.response.defer(ephemeral=True, thinking=True)
        label, switch = self._catalog[model_id].label, "on" if is_on else "off"
        act = act_of(interaction, "models", why=reason[:200], model=label, switch=switch)
        await self._rules.set_model(act, model_id, is_on=is_on)
        if is_on:
            self._health.wake(model_id)
        text = self._words(str(interaction.locale), "class-model", model=label, switch=switch)
        await interaction.followup.send(text, ephemeral=True)


class ChannelsGroup(InstructorGroup):
    """/class channels allow|remove."""

    def __init__(self, *, rules: Rules, words: Words) -> None:
        super().__init__(name="channels", description=command_text("command-class-channels"))
        self._rules = rules
        self._words = words

    @app_commands.command(name="allow", description=command_text("command-class-channels-allow"))
    @app_commands.describe(channel=command_text("command-class-channels-channel"))
    async def allow(self, interaction: discord.Interaction, channel: Anywhere) -> None:
        """Allow clips in this channel, and in no other that is not allowed too."""
        await self._set(interaction, channel.id, is_allowed=True)

    @app_commands.command(name="remove", description=command_text("command-class-channels-remove"))
    @app_commands.describe(channel=command_text("command-class-channels-channel"))
    async def remove(self, interaction: discord.Interaction, channel: Anywhere) -> None:
        """Take a channel off the list."""
        await self._set(interaction, channel.id, is_allowed=False)

    async def _set(self, interaction: discord.Interaction, channel_id: int, *, is_allowed: bool) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        act = act_of(interaction, "channels", whom_id=channel_id, change="allowed" if is_allowed else "removed")
        allowed = await self._rules.set_channel(act, channel_id, is_allowed=is_allowed)
        text = channels_text(self._words, str(interaction.locale), allowed)
        await interaction.followup.send(text, ephemeral=True)


def channels_text(words: Words, locale: str, allowed: frozenset[int]) -> str:
    """Where clips may be asked for."""
    if not allowed:
        return words(locale, "class-channels-all")
    return words(locale, "class-channels", channels=" ".join(f"<#{channel_id}>" for channel_id in sorted(allowed)))


class LimitsPart(ClassPart):
    """/class limits, and /class rules, which shows everything in force."""

    def __init__(self, *, rules: Rules, catalog: Catalog, words: Words) -> None:
        super().__init__()
        self._rules = rules
        self._catalog = catalog
        self._words = words

    @app_commands.command(name="limits", description=command_text("command-class-limits"))
    @app_commands.describe(
        role=command_text("command-class-limits-role"),
        seconds=command_text("command-class-limits-seconds"),
        size=command_text("command-class-limits-size"),
        clips=command_text("command-class-limits-clips"),
    )
    async def limits(
        self,
        interaction: discord.Interaction,
        role: discord.Role,
        seconds: app_commands.Range[float, 0.5, 60.0] | None = None,
        size: Size | None = None,
        clips: app_commands.Range[int, 0, 100] | None = None,
    ) -> None:
        """Set what people with a role may ask for; without any number the role has no limits."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        limits = RoleLimits(role.id, seconds, None if size is None else PIXELS[size], clips)
        shown = _shown(limits)
        await self._rules.set_limits(act_of(interaction, "limits", whom_id=role.id, **shown), limits)
        text = self._words(str(interaction.locale), "class-limits", role=str(role.id), **shown)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="rules", description=command_text("command-class-rules"))
    async def rules(self, interaction: discord.Interaction) -> None:
        """Show what is in force."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        rules = await self._rules.of(interaction.guild_id)
        lines = self._lines(str(interaction.locale), rules) + await safety_lines(interaction)
        kept_days = (await staff_of(interaction).settings(interaction.guild_id)).retention_days
        lines.append(self._words(str(interaction.locale), "class-retention-now", days=kept_days or 0))
        lines += await self._people(interaction, interaction.guild_id)
        await interaction.followup.send("\n".join(lines)[:2000], ephemeral=True)

    async def _people(self, interaction: discord.Interaction, guild_id: int) -> list[str]:
        """Who instructs, where they are told what needs them, and who may not order."""
        say, locale = self._words, str(interaction.locale)
        settings, blocked = await staff_of(interaction).settings(guild_id), await self._rules.blocked(guild_id)
        role, channel = settings.staff_role_id, settings.staff_channel_id
        about = {"role": "none" if role is None else str(role), "channel": "none" if channel is None else str(channel)}
        lines = [say(locale, "class-staff", **about)]
        for user_id, reason in list(blocked.items())[:BLOCKED_SHOWN]:
            lines.append(say(locale, "class-blocked-because", user=str(user_id), reason=quoted(reason, 80)))
        if len(blocked) > BLOCKED_SHOWN:
            lines.append(say(locale, "class-blocked-more", more=len(blocked) - BLOCKED_SHOWN))
        return lines

    def _lines(self, locale: str, rules: ClassRules) -> list[str]:
        say = self._words
        state = "class-runs" if rules.closure is None else f"class-{rules.closure.state}"
        lines = [say(locale, state, reason="" if rules.closure is None else quoted(rules.closure.reason))]
        lines.append(channels_text(say, locale, rules.channels))
        off = [model for model in self._catalog if model.id in rules.models_off]
        lines += [say(locale, "class-model", model=model.label, switch="off") for model in off]
        lines += [say(locale, "class-limits", role=str(one.role_id), **_shown(one)) for one in rules.limits]
        return lines


def _shown(limits: RoleLimits) -> dict[str, str]:
    size = next((name for name, pixels in PIXELS.items() if pixels == limits.largest_pixels), "–")
    return {
        "seconds": "–" if limits.longest_seconds is None else f"{limits.longest_seconds:g}",
        "size": size,
        "clips": "–" if limits.outstanding is None else str(limits.outstanding),
    }
