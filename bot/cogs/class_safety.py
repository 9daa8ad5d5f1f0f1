"""/class words, hide, unhide and approval: what may be asked for, and what of it is to be seen."""

import io
import re
from collections.abc import Sequence
from typing import Literal

import discord
from discord import app_commands

from bot.buttons import ButtonContext, context_of
from bot.errors import Refused
from bot.quoting import quoted, shortened
from bot.staff.hiding import hide_clip
from bot.staff.instructors import ClassPart, InstructorGroup, act_of
from bot.words import Words, command_text, load_words
from generation.teaching.wording import Wording

TYPED_LIMIT = 1000
WORD_LIMIT = 60
MESSAGE_LIMIT = 1800

Typed = app_commands.Range[str, 1, TYPED_LIMIT]
Reason = app_commands.Range[str, 1, 200]
Clip = app_commands.Range[int, 1, 2**53 - 1]


class WordsGroup(InstructorGroup):
    """/class words add|remove|list; nobody else can look at the list."""

    def __init__(self, *, wording: Wording, words: Words) -> None:
        super().__init__(name="words", description=command_text("command-class-words"))
        self._wording = wording
        self._words = words

    @app_commands.command(name="add", description=command_text("command-class-words-add"))
    @app_commands.describe(words=command_text("command-class-words-words"))
    async def add(self, interaction: discord.Interaction, words: Typed) -> None:
        """Block words."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        typed = entries(words)
        changed = await self._wording.block(act_of(interaction, "words-add"), typed)
        await self._answer(interaction, "words-added", changed.changed, changed.unchanged, changed.count)

    @app_commands.command(name="remove", description=command_text("command-class-words-remove"))
    @app_commands.describe(words=command_text("command-class-words-words"))
    async def remove(self, interaction: discord.Interaction, words: Typed) -> None:
        """Let words be used again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        typed = entries(words)
        changed = await self._wording.unblock(act_of(interaction, "words-remove"), typed)
        await self._answer(interaction, "words-removed", changed.changed, changed.unchanged, changed.count)

    @app_commands.command(name="list", description=command_text("command-class-words-list"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the list, as a file where it is long."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        listed = await self._wording.blocked(interaction.guild_id)
        text = self._words(str(interaction.locale), "words-listed", count=len(listed))
        shown = ", ".join(quoted(word) for word in listed)
        if len(shown) <= MESSAGE_LIMIT:
            await interaction.followup.send(f"{text}\n{shown}", ephemeral=True)
            return
        file = discord.File(io.BytesIO("\n".join(listed).encode()), filename="words.txt")
        await interaction.followup.send(text, file=file, ephemeral=True)

    async def _answer(
        self, interaction: discord.Interaction, key: str, changed: Sequence[str], unchanged: Sequence[str], count: int
    ) -> None:
        about = {"words": _named(changed), "others": _named(unchanged)}
        say, locale = self._words, str(interaction.locale)
        lines = [say(locale, key, changed=len(changed), unchanged=len(unchanged), count=count, **about)]
        if key == "words-added":
            lines.append(say(locale, "words-hint"))
        await interaction.followup.send("\n".join(lines), ephemeral=True)


class SafetyPart(ClassPart):
    """Taking clips out of sight, and looking at them first."""

    def __init__(self, context: ButtonContext, *, words: Words) -> None:
        super().__init__()
        self._context = context
        self._words = words

    @app_commands.command(name="hide", description=command_text("command-class-hide"))
    @app_commands.describe(clip=command_text("command-class-why-job"), reason=command_text("command-class-hide-reason"))
    async def hide(self, interaction: discord.Interaction, clip: Clip, reason: Reason) -> None:
        """Take a clip out of its channels."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        job = await hide_clip(interaction, self._context, clip, reason)
        await self._say(interaction, "class-hidden", clip=str(job.id), owner=str(job.user_id))

    @app_commands.command(name="unhide", description=command_text("command-class-unhide"))
    @app_commands.describe(clip=command_text("command-class-why-job"), reason=command_text("command-class-reason"))
    async def unhide(self, interaction: discord.Interaction, clip: Clip, reason: Reason) -> None:
        """Let a hidden clip be seen again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            job = await self._context.shop.hiding.unhide(act_of(interaction, "unhide", why=reason), clip)
        except LookupError as error:
            raise Refused("gone") from error
        await self._say(interaction, "class-unhidden", clip=str(job.id), owner=str(job.user_id))

    @app_commands.command(name="approval", description=command_text("command-class-approval"))
    @app_commands.describe(
        switch=command_text("command-class-approval-switch"), reason=command_text("command-class-reason")
    )
    async def approval(
        self, interaction: discord.Interaction, switch: Literal["on", "off"], reason: Reason | None = None
    ) -> None:
        """Look at finished clips before everybody does, or no more."""
        assert interaction.guild is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        if switch == "on":
            channel_id = await self._context.staff_channel.channel_of(interaction.guild)
            if channel_id is None or not _takes_clips(interaction.guild, channel_id):
                raise Refused("approval-channel")
        act = act_of(interaction, "approval", why=reason or "", switch=switch)
        await self._context.shop.staff.set(act, approval_by=interaction.user.id if switch == "on" else None)
        waiting = await self._context.shop.approvals.waiting_count(interaction.guild.id)
        await self._say(interaction, "class-approval", switch=switch, waiting=waiting)

    async def _say(self, interaction: discord.Interaction, key: str, **variables: str | int) -> None:
        await interaction.followup.send(self._words(str(interaction.locale), key, **variables), ephemeral=True)


def entries(typed: str) -> list[str]:
    """The words between commas or line breaks, each once. Raises Refused."""
    found = (" ".join(part.split()) for part in re.split(r"[,;\n]", typed))
    words = list(dict.fromkeys(word for word in found if word))
    if not words:
        raise Refused("words-none")
    if (long := next((word for word in words if len(word) > WORD_LIMIT), None)) is not None:
        raise Refused("words-long", word=quoted(long, WORD_LIMIT), limit=WORD_LIMIT)
    return words


async def safety_lines(interaction: discord.Interaction) -> list[str]:
    """How many words are blocked, and whether clips are looked at first: two lines of what is in force."""
    assert interaction.guild is not None
    context = context_of(interaction)
    guild, say, locale = interaction.guild, load_words(), str(interaction.locale)
    settings = await context.shop.staff.settings(guild.id)
    waiting = await context.shop.approvals.waiting_count(guild.id)
    channel_id = await context.staff_channel.channel_of(guild)
    needs_channel = settings.approval_by is not None or waiting > 0
    is_heard = not needs_channel or (channel_id is not None and _takes_clips(guild, channel_id))
    switch = "off" if settings.approval_by is None else "on"
    return [
        say(locale, "class-words-state", count=len(await context.shop.wording.blocked(guild.id))),
        say(locale, "class-approval-state", switch=switch, waiting=waiting, heard="yes" if is_heard else "no"),
    ]


def _named(words: Sequence[str]) -> str:
    return shortened(", ".join(f"“{quoted(word)}”" for word in words), 700)


def _takes_clips(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return False
    rights = channel.permissions_for(guild.me)
    return rights.view_channel and rights.send_messages and rights.attach_files and rights.read_message_history
