"""Meets everybody who uses the bot: name and roles as Discord sends them along, as there is no list of members."""

from typing import Any

import discord
import structlog
from discord.ext import commands

from generation.teaching.roster import Roster
from storage.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

LEAVING = "forget-me"
"""Begins the names of the command and the buttons of somebody who wishes to be forgotten."""


class RosterCog(commands.Cog):
    """Listens to every interaction in a server."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Note who it is; what they asked for goes its own way meanwhile."""
        person = interaction.user
        if interaction.type is discord.InteractionType.autocomplete or not isinstance(person, discord.Member):
            return
        data: Any = interaction.data or {}
        if str(data.get("name") or data.get("custom_id")).startswith(LEAVING):
            return
        # Discord leaves @everyone out of a member's roles; its id is the server's own.
        role_ids = {person.guild.id, *(role.id for role in person.roles)}
        try:
            await self._roster.meet(person.guild.id, person.id, name=person.display_name, role_ids=role_ids)
        except DatabaseUnusable as error:
            log.warning("person not noted", user=person.id, why=str(error))
