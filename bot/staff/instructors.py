"""Who is an instructor, on Discord's own word in each interaction: one check for commands, buttons and modals alike."""

from abc import abstractmethod
from typing import Any

import discord
from discord import app_commands

from bot.buttons import ButtonContext, GuardedButton, context_of
from bot.forms import Form
from bot.staff.attempts import attempt
from generation.teaching.house_rules import Asker
from generation.teaching.staff import Staff
from storage.staff_acts import NewAct

FOR_MANAGERS = "for_managers"
"""In a command's ``extras``: also open to members with Manage Server who lack the instructors' role."""


class NotInstructor(app_commands.CheckFailure):
    """Somebody who is no instructor tried what only instructors may; it stands in the log."""


async def is_instructor(interaction: discord.Interaction, *, or_manager: bool = False) -> bool:
    """Whether the person has the server's instructor role; where none is set or it was deleted, Manage Server.

    With ``or_manager`` those with Manage Server are let in either way, so that a wrong role can be put right. Roles
    and permissions are those that Discord sent along with this very interaction.
    """
    guild, person = interaction.guild, interaction.user
    if guild is None or not isinstance(person, discord.Member):
        return False
    role_id = (await staff_of(interaction).settings(guild.id)).staff_role_id
    if (role_id is None or or_manager or guild.get_role(role_id) is None) and interaction.permissions.manage_guild:
        return True
    return role_id is not None and person.get_role(role_id) is not None


async def asker_of(interaction: discord.Interaction) -> Asker:
    """Who orders from where, as the class's rules judge it."""
    assert interaction.guild_id is not None
    channel = interaction.channel
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else None
    places = {place for place in (interaction.channel_id, parent_id) if place is not None}
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
    return Asker(
        role_ids=frozenset({interaction.guild_id, *(role.id for role in roles)}),
        channel_ids=frozenset(places),
        is_instructor=await is_instructor(interaction),
    )


async def check_instructor(interaction: discord.Interaction) -> bool:
    """Pass for an instructor only; anybody else's attempt is written into the log. Raises NotInstructor.

    Use it in ``on_submit`` of a modal too: the person may have lost the role while it was open.
    """
    command = interaction.command
    or_manager = isinstance(command, app_commands.Command) and FOR_MANAGERS in command.extras
    if await is_instructor(interaction, or_manager=or_manager):
        return True
    if interaction.guild_id is not None:
        await staff_of(interaction).refuse(attempt(interaction, "refused"))
    raise NotInstructor("not an instructor")


class InstructorGroup(app_commands.Group):
    """A group of commands for instructors; every one of them is checked."""

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Called by discord.py before each command of the group."""
        return await check_instructor(interaction)


class ClassPart(InstructorGroup):
    """Commands of /class that stand in a file of their own; the part's own name never reaches Discord."""

    def __init__(self) -> None:
        super().__init__(name="part", description="part")


class InstructorButton(GuardedButton, template=r"never"):
    """A button that outlives the process and that only instructors may press."""

    @abstractmethod
    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """What the button does, once it is known that an instructor pressed it."""

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check, then act."""
        await check_instructor(interaction)
        await self.press(interaction, context)


class InstructorForm(Form):
    """A form of instructors; who sends it is checked again, however long it was open."""

    @abstractmethod
    async def submitted(self, interaction: discord.Interaction) -> None:
        """What the form does, once it is known that an instructor sent it."""

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Check, then act."""
        await check_instructor(interaction)
        await self.submitted(interaction)


def act_of(
    interaction: discord.Interaction, what: str, *, whom_id: int | None = None, why: str = "", **details: Any
) -> NewAct:
    """The interaction as a line of the log; a replay of it is the same act."""
    assert interaction.guild_id is not None
    return NewAct(
        key=str(interaction.id),
        guild_id=interaction.guild_id,
        actor_id=interaction.user.id,
        what=what,
        whom_id=whom_id,
        why=why,
        details=details,
    )


def staff_of(interaction: discord.Interaction) -> Staff:
    """The log and settings of instructors, which the client carries."""
    return context_of(interaction).shop.staff
