"""What somebody tried that was refused, as a line of the class's log: where, but never what they wrote."""

import re
from typing import Any

import discord
from discord import app_commands

from storage.staff_acts import NewAct


def tried(interaction: discord.Interaction[Any]) -> str:
    """The command, or else the first word of the button's or the form's id."""
    if interaction.command is not None:
        command = interaction.command
        slash = "" if isinstance(command, app_commands.ContextMenu) else "/"
        return f"{slash}{command.qualified_name}"
    data: Any = interaction.data or {}
    return re.split(r":|-(?=\d|[0-9a-f]{16}$)", str(data.get("custom_id", "")))[0]


def attempt(interaction: discord.Interaction[Any], what: str, **details: Any) -> NewAct:
    """The attempt as a line of the log; a replay of the interaction is the same line."""
    assert interaction.guild_id is not None
    return NewAct(
        key=f"refused:{interaction.id}",
        guild_id=interaction.guild_id,
        actor_id=interaction.user.id,
        what=what,
        details={"tried": tried(interaction), **details},
    )
