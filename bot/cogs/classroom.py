"""/class: what instructors set for their server."""

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.animate import Camera, Prompt, camera_choices
from bot.errors import Refused
from bot.intake import Intake
from bot.staff.card_courier import StaffCards
from bot.staff.instructors import FOR_MANAGERS, ClassPart, InstructorGroup, act_of, check_instructor
from bot.wishes import typed_wish
from bot.words import Words, command_text
from generation.teaching.staff import Staff
from storage.guilds import AllowancePeriod

ALLOWANCE_LIMIT = 100_000
REASON_LIMIT = 200
"""Characters of a reason; they stand in one line of the log."""

Allowance = app_commands.Range[int, 0, ALLOWANCE_LIMIT]
Reason = app_commands.Range[str, 0, REASON_LIMIT]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClassCog(commands.GroupCog, group_name="class", group_description=command_text("command-class")):
    """Settings of one server; Discord shows these commands to instructors only, and each checks again."""

    def __init__(
        self,
        *,
        intake: Intake,
        staff: Staff,
        staff_cards: StaffCards,
        words: Words,
        parts: Sequence[InstructorGroup] = (),
    ) -> None:
        self._intake = intake
        self._staff = staff
        self._staff_cards = staff_cards
        self._words = words
        group = self.app_command
        assert group is not None
        for part in parts:
            for command in part.commands if isinstance(part, ClassPart) else [part]:
                group.add_command(command)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Called by discord.py before each command of this cog."""
        return await check_instructor(interaction)

    @app_commands.command(name="role", description=command_text("command-class-role"), extras={FOR_MANAGERS: True})
    @app_commands.describe(role=command_text("command-class-role-role"))
    async def role(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Say who is an instructor here: whoever has the role, or without one whoever may manage the server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        role_id = None if role is None else role.id
        await self._staff.set(act_of(interaction, "role", whom_id=role_id), staff_role_id=role_id)
        key = "class-role-cleared" if role is None else "class-role-set"
        text = self._words(str(interaction.locale), key, role=str(role_id))
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="channel", description=command_text("command-class-channel"))
    @app_commands.describe(channel=command_text("command-class-channel-channel"))
    async def channel(self, interaction: discord.Interaction, channel: discord.TextChannel | None = None) -> None:
        """Say where the instructors are told what needs them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        channel_id = None if channel is None else channel.id
        if channel is not None and not channel.permissions_for(channel.guild.me).send_messages:
            raise Refused("no-staff-channel")
        settings = await self._staff.set(
            act_of(interaction, "channel", whom_id=channel_id), staff_channel_id=channel_id
        )
        assert interaction.guild_id is not None
        await self._staff_cards.move(interaction.guild_id)
        key = "class-channel-cleared" if channel is None else "class-channel-set"
        approval = "off" if settings.approval_by is None else "on"
        text = self._words(str(interaction.locale), key, channel=str(channel_id), approval=approval)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="allowance", description=command_text("command-class-allowance"))
    @app_commands.describe(
        credits=command_text("command-class-allowance-credits"),
        every=command_text("command-class-allowance-every"),
        cap=command_text("command-class-allowance-cap"),
        reason=command_text("command-class-reason"),
    )
    async def allowance(
        self,
        interaction: discord.Interaction,
        credits: Allowance,  # noqa: A002 - the option's name
        every: AllowancePeriod = "month",
        cap: Allowance | None = None,
        reason: Reason = "",
    ) -> None:
        """Set what everybody gets each week or month in this server, and up to how much."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        top = credits if cap is None else cap
        if top < credits:
            raise Refused("allowance-cap", credits=credits, cap=top)
        act = act_of(interaction, "allowance", why=reason, credits=credits, every=every, cap=top)
        own = {"allowance_credits": credits, "allowance_period": every, "allowance_cap_credits": cap}
        await self._staff.set(act, **own)
        text = self._words(str(interaction.locale), "class-allowance-set", credits=credits, every=every, cap=top)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="demo", description=command_text("command-class-demo"))
    @app_commands.describe(
        still=command_text("command-animate-still"),
        prompt=command_text("command-animate-prompt"),
        model=command_text("command-animate-model"),
        camera=command_text("command-animate-camera"),
    )
    async def demo(
        self,
        interaction: discord.Interaction,
        still: discord.Attachment,
        prompt: Prompt,
        model: str | None = None,
        camera: Camera = "",
    ) -> None:
        """Animate a still before everybody else's, to show it to the class."""
        await self._intake.order(interaction, typed_wish(interaction), still, lane="demo")
        await self._staff.note(act_of(interaction, "demo"))

    @demo.autocomplete("camera")
    async def _cameras(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return camera_choices(self._words, str(interaction.locale), typed)
