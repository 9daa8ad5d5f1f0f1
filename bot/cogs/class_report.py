"""/class report: who did what, who has not tried yet, and how long the credits last; only for instructors."""

import io

import discord
import structlog
from discord import app_commands

from bot.errors import Refused
from bot.staff.instructors import ClassPart, act_of, staff_of
from bot.staff.lists import fetch_list, problems_text
from bot.staff.report_texts import ReportTexts, Scope
from bot.words import Words, command_text
from generation.darkroom import Darkroom
from generation.errors import RenderFailed
from generation.teaching.class_report import ClassReport, ClassReports
from generation.teaching.grants import Grants
from generation.teaching.rolls import read_people

log = structlog.get_logger(__name__)

TABLE_NAME = "class-report.csv"
PICTURE_NAME = "class-usage.png"

Weeks = app_commands.Range[int, 1, 26]

Class = tuple[Scope, dict[int, str] | None]
"""Whom a report is about, and their ids with names to fall back on; None is everybody known."""


class ReportPart(ClassPart):
    """A look at everybody's work, which the log remembers."""

    def __init__(self, *, reports: ClassReports, grants: Grants, darkroom: Darkroom, words: Words) -> None:
        super().__init__()
        self._reports = reports
        self._grants = grants
        self._darkroom = darkroom
        self._words = words
        self._texts = ReportTexts(words)

    @app_commands.command(name="report", description=command_text("command-class-report"))
    @app_commands.describe(
        weeks=command_text("command-class-report-weeks"),
        role=command_text("command-class-report-role"),
        people=command_text("command-class-report-people"),
    )
    async def report(
        self,
        interaction: discord.Interaction,
        weeks: Weeks = 8,
        role: discord.Role | None = None,
        people: discord.Attachment | None = None,
    ) -> None:
        """Answer privately with the message, the table and the picture."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked = await self._class(interaction, role, people)
        if asked is None:
            return
        (scope, listed), locale = asked, str(interaction.locale)
        report = await self._reports.read(interaction.guild_id, weeks, listed=listed, without=[interaction.user.id])
        files = [discord.File(io.BytesIO(self._texts.table(locale, report)), TABLE_NAME)]
        files += await self._picture(locale, report)
        act = act_of(interaction, "report", whom_id=scope.role_id, people=len(report.people))
        await staff_of(interaction).note(act)
        text = self._texts.message(locale, report, scope)
        nobody = discord.AllowedMentions.none()
        await interaction.followup.send(text, files=files, allowed_mentions=nobody, ephemeral=True)

    async def _picture(self, locale: str, report: ClassReport) -> list[discord.File]:
        """How the class used its credits; nothing if it cannot be drawn, as the table says the same."""
        drawing = self._texts.drawing(locale, report)
        try:
            png = await self._darkroom.draw(drawing)
        except RenderFailed as error:
            log.warning("no picture of the class", why=str(error))
            return []
        return [discord.File(io.BytesIO(png), PICTURE_NAME, description=self._texts.alt(locale, drawing))]

    async def _class(
        self, interaction: discord.Interaction, role: discord.Role | None, people: discord.Attachment | None
    ) -> Class | None:
        """The class as it was named; None if its list cannot be read, which has been said then."""
        assert interaction.guild_id is not None
        if role is not None and people is not None:
            raise Refused("report-whom")
        if people is not None:
            roll = read_people(await fetch_list(people))
            if roll.problems:
                text = problems_text(self._words, str(interaction.locale), roll)
                await interaction.followup.send(text, ephemeral=True)
                return None
            return Scope("list"), {user_id: "" for user_id, _ in roll.shares}
        if role is not None:
            known = await self._grants.known_with_role(interaction.guild_id, role.id)
            # Discord lets the bot see a few members by itself; without the members intent these are hardly any.
            seen = {member.id: member.display_name for member in role.members if not member.bot}
            if not known and not seen:
                raise Refused("grant-role", role=str(role.id))
            return Scope("role", role.id), dict.fromkeys(known, "") | seen
        return Scope("known"), None
