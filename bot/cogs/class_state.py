"""/class pause, drain, resume, block and unblock: whether the class runs, and who may not order."""

import discord
from discord import app_commands

from bot.errors import Refused
from bot.quoting import quoted
from bot.staff.instructors import ClassPart, act_of
from bot.words import Words, command_text
from generation.teaching.class_rules import Rules
from generation.teaching.closures import Closures
from storage.class_rules import ClassState

Reason = app_commands.Range[str, 1, 200]


class StatePart(ClassPart):
    """Each with a reason that everybody concerned can read."""

    def __init__(self, *, closures: Closures, rules: Rules, words: Words) -> None:
        super().__init__()
        self._closures = closures
        self._rules = rules
        self._words = words

    @app_commands.command(name="pause", description=command_text("command-class-pause"))
    @app_commands.describe(reason=command_text("command-class-public-reason"))
    async def pause(self, interaction: discord.Interaction, reason: Reason) -> None:
        """Start nothing more; whoever waits keeps their place."""
        await self._close(interaction, "pause", "paused", reason)

    @app_commands.command(name="drain", description=command_text("command-class-drain"))
    @app_commands.describe(reason=command_text("command-class-public-reason"))
    async def drain(self, interaction: discord.Interaction, reason: Reason) -> None:
        """Take nothing new; what waits is still made."""
        await self._close(interaction, "drain", "draining", reason)

    @app_commands.command(name="resume", description=command_text("command-class-resume"))
    async def resume(self, interaction: discord.Interaction) -> None:
        """Let the class run again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_closed = await self._closures.resume(act_of(interaction, "resume"))
        await self._answer(interaction, "class-resumed" if was_closed else "class-runs")

    @app_commands.command(name="block", description=command_text("command-class-block"))
    @app_commands.describe(
        person=command_text("command-class-block-person"), reason=command_text("command-class-block-reason")
    )
    async def block(self, interaction: discord.Interaction, person: discord.User, reason: Reason) -> None:
        """Keep a person from ordering clips."""
        if person.id == interaction.user.id:
            raise Refused("block-yourself")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._rules.block(act_of(interaction, "block", whom_id=person.id, why=reason), person.id)
        await self._answer(interaction, "class-blocked", user=str(person.id))

    @app_commands.command(name="unblock", description=command_text("command-class-unblock"))
    @app_commands.describe(
        person=command_text("command-class-block-person"), reason=command_text("command-class-reason")
    )
    async def unblock(self, interaction: discord.Interaction, person: discord.User, reason: Reason) -> None:
        """Let a person order clips again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        act = act_of(interaction, "unblock", whom_id=person.id, why=reason)
        was_blocked = await self._rules.unblock(act, person.id)
        await self._answer(interaction, "class-unblocked" if was_blocked else "class-not-blocked", user=str(person.id))

    async def _close(self, interaction: discord.Interaction, what: str, state: ClassState, reason: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._closures.close(act_of(interaction, what, why=reason), state)
        await self._answer(interaction, f"class-{state}", reason=quoted(reason))

    async def _answer(self, interaction: discord.Interaction, key: str, **variables: str) -> None:
        await interaction.followup.send(self._words(str(interaction.locale), key, **variables), ephemeral=True)
