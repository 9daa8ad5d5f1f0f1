"""/class log: what instructors did and what students tried, a page at a time."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
import structlog
from discord import app_commands

from bot.buttons import ButtonContext, lasting_view
from bot.quoting import quoted
from bot.staff.instructors import ClassPart, InstructorButton
from bot.words import Value, Words, command_text, load_words, timestamp
from generation.teaching.staff import Staff
from storage.staff_acts import Act

log = structlog.get_logger(__name__)

LINES_SHOWN = 6
NAMED = 8
"""People of a list whom a line names; the table of transfers has them all."""

NEVER = r"(?P<act_id>\d+):(?P<refused>[01])"


class LogPart(ClassPart):
    """The log of one server; only its instructors see it."""

    def __init__(self, *, staff: Staff, words: Words) -> None:
        super().__init__()
        self._staff = staff
        self._words = words

    @app_commands.command(name="log", description=command_text("command-class-log"))
    @app_commands.describe(refused=command_text("command-class-log-refused"))
    async def log(self, interaction: discord.Interaction, refused: bool = False) -> None:
        """Show the newest page."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        locale = str(interaction.locale)
        acts = await self._staff.page(interaction.guild_id, LINES_SHOWN + 1, was_refused=refused)
        view = _turns(locale, acts[:LINES_SHOWN], refused, older=len(acts) > LINES_SHOWN, newer=False)
        embed = page(self._words, locale, acts[:LINES_SHOWN], refused=refused)
        await interaction.followup.send(embed=embed, view=view, ephemeral=True)


class _TurnButton(InstructorButton, template=r"never"):
    """Turns the log's page; the id carries the line from which to go on."""

    verb: str

    def __init__(self, act_id: int, locale: str, *, refused: bool, is_enabled: bool = True) -> None:
        label = load_words()(locale, f"log-{self.verb}")
        custom_id = f"acts-{self.verb}:{act_id}:{int(refused)}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=not is_enabled))
        self.act_id = act_id
        self.refused = refused

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["act_id"]), str(interaction.locale), refused=match["refused"] == "1")

    async def _show(self, interaction: discord.Interaction, acts: list[Act], *, older: bool, newer: bool) -> None:
        locale = str(interaction.locale)
        view = _turns(locale, acts, self.refused, older=older, newer=newer)
        embed = page(load_words(), locale, acts, refused=self.refused)
        await interaction.edit_original_response(embed=embed, view=view)


class OlderActs(_TurnButton, template=r"acts-older:" + NEVER):
    """The page before."""

    verb = "older"

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Show what was done before the last line of this page."""
        assert interaction.guild_id is not None
        await interaction.response.defer()
        acts = await context.shop.staff.page(
            interaction.guild_id, LINES_SHOWN + 1, before_id=self.act_id, was_refused=self.refused
        )
        await self._show(interaction, acts[:LINES_SHOWN], older=len(acts) > LINES_SHOWN, newer=True)


class NewerActs(_TurnButton, template=r"acts-newer:" + NEVER):
    """The page after."""

    verb = "newer"

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Show what was done after the first line of this page."""
        assert interaction.guild_id is not None
        await interaction.response.defer()
        acts = await context.shop.staff.page_after(
            interaction.guild_id, LINES_SHOWN + 1, after_id=self.act_id, was_refused=self.refused
        )
        await self._show(interaction, acts[-LINES_SHOWN:], older=True, newer=len(acts) > LINES_SHOWN)


def page(words: Words, locale: str, acts: Sequence[Act], *, refused: bool) -> discord.Embed:
    """One page of the log, its newest line first."""
    lines = [_line(words, locale, act) for act in acts]
    title = words(locale, "log-title-refused" if refused else "log-title")
    return discord.Embed(title=title, description="\n".join(lines) or words(locale, "log-empty"))


def _line(words: Words, locale: str, act: Act) -> str:
    details = {
        name: quoted(value) if isinstance(value, str) else value
        for name, value in act.details.items()
        if isinstance(value, str | int | float)
    }
    whom = "nobody" if act.whom_id is None else str(act.whom_id)
    details |= _moved(act)
    return words(
        locale,
        "log-line",
        when=timestamp(act.at, "f"),
        who=words(locale, "log-bot") if act.actor_id == 0 else f"<@{act.actor_id}>",
        act=_done(words, locale, act.what, whom=whom, **details),
        why=f" · “{quoted(act.why)}”" if act.why else "",
    )


def _done(words: Words, locale: str, what: str, /, **about: Value) -> str:
    try:
        return words(locale, f"act-{what}", **about)
    except (KeyError, ValueError) as error:
        # One line that an older version wrote must not take the whole page along.
        log.warning("line of the log not worded", what=what, why=str(error))
        return words(locale, "act-unworded", what=what)


def _moved(act: Act) -> dict[str, str]:
    """Whose credits an act moved: those of one person, of people with a role, or of a list, of which some are named."""
    ids = [user_id for user_id, _ in act.details.get("shares", ())]
    whose = "list" if act.whom_id is None else "person" if ids == [act.whom_id] else "role"
    named = " ".join(f"<@{user_id}>" for user_id in ids[:NAMED])
    return {"whose": whose, "named": f"{named} …" if len(ids) > NAMED else named}


def _turns(locale: str, acts: Sequence[Act], refused: bool, *, older: bool, newer: bool) -> discord.ui.View:
    first, last = (acts[0].id, acts[-1].id) if acts else (0, 0)
    return lasting_view(
        NewerActs(first, locale, refused=refused, is_enabled=newer),
        OlderActs(last, locale, refused=refused, is_enabled=older),
    )
