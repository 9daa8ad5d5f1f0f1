"""/class export and /class retention: what is kept about a person, and for how long anything is kept."""

import discord
from discord import app_commands

from bot.buttons import ButtonContext, lasting_view
from bot.records import as_file
from bot.staff.instructors import ClassPart, InstructorButton, act_of
from bot.words import Words, command_text, load_words
from generation.privacy.holdings import Holdings
from generation.privacy.retention import Retention

LONGEST_DAYS = 3650

Days = app_commands.Range[int, 0, LONGEST_DAYS]


class PersonsPart(ClassPart):
    """Both are acts in the log; nothing is let go before an instructor has seen how much it is."""

    def __init__(self, *, holdings: Holdings, retention: Retention, words: Words) -> None:
        super().__init__()
        self._holdings = holdings
        self._retention = retention
        self._words = words

    @app_commands.command(name="export", description=command_text("command-class-export"))
    @app_commands.describe(person=command_text("command-class-export-person"))
    async def export(self, interaction: discord.Interaction, person: discord.User) -> None:
        """Hand over everything that is kept about a person, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await self._holdings.of_person(act_of(interaction, "export", whom_id=person.id))
        text = self._words(str(interaction.locale), "class-export", user=str(person.id))
        await interaction.followup.send(text, file=as_file(interaction, data, f"person-{person.id}"), ephemeral=True)

    @app_commands.command(name="retention", description=command_text("command-class-retention"))
    @app_commands.describe(days=command_text("command-class-retention-days"))
    async def retention(self, interaction: discord.Interaction, days: Days) -> None:
        """Count what would go, change nothing, and offer to set it."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        locale, counts = str(interaction.locale), {"clips": 0, "stills": 0, "prompts": 0}
        if days > 0:
            overdue = await self._retention.preview(interaction.guild_id, days)
            counts = {"clips": overdue.clips, "stills": overdue.stills, "prompts": overdue.prompts}
        view = lasting_view(RetentionButton(days, locale))
        text = self._words(locale, "class-retention-ask", days=days, **counts)
        await interaction.followup.send(text, view=view, ephemeral=True)


class RetentionButton(InstructorButton, template=r"retention:(?P<days>\d{1,4})"):
    """Sets for how many days things are kept, and lets go of what is over."""

    def __init__(self, days: int, locale: str) -> None:
        label = load_words()(locale, "button-retention", days=days)
        style = discord.ButtonStyle.danger if days else discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"retention:{days}"))
        self.days = days

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Set it, and say so in place of the question."""
        await interaction.response.defer()
        await context.shop.retention.set(act_of(interaction, "retention", days=self.days), self.days or None)
        text = load_words()(str(interaction.locale), "class-retention-set", days=self.days)
        await interaction.edit_original_response(content=text, view=None)
