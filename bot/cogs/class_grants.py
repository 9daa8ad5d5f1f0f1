"""/class grant and /class take: credits for a person, a role or a list, shown first and then moved all at once."""

import discord
from discord import app_commands

from bot.buttons import ButtonContext, lasting_view
from bot.errors import Refused
from bot.quoting import quoted
from bot.staff.instructors import ClassPart, InstructorButton
from bot.staff.lists import fetch_list, problems_text
from bot.words import Words, command_text, load_words
from generation.teaching.grants import Grants, Preview
from generation.teaching.rolls import CREDITS_LIMIT, Roll, read_roll
from storage.grant_drafts import DraftKind, NewDraft

Credits = app_commands.Range[int, 1, CREDITS_LIMIT]
Reason = app_commands.Range[str, 1, 200]


_described = app_commands.describe(
    reason=command_text("command-class-reason"),
    credits=command_text("command-class-grant-credits"),
    person=command_text("command-class-grant-person"),
    role=command_text("command-class-grant-role"),
    people=command_text("command-class-grant-people"),
)
"""Both commands take the same."""


class GrantPart(ClassPart):
    """Giving and taking back; nothing moves before an instructor has seen the sum and confirmed."""

    def __init__(self, *, grants: Grants, words: Words) -> None:
        super().__init__()
        self._grants = grants
        self._words = words

    @app_commands.command(name="grant", description=command_text("command-class-grant"))
    @_described
    async def grant(
        self,
        interaction: discord.Interaction,
        reason: Reason,
        credits: Credits | None = None,  # noqa: A002 - the option's name
        person: discord.Member | None = None,
        role: discord.Role | None = None,
        people: discord.Attachment | None = None,
    ) -> None:
        """Give credits."""
        await self._draft(interaction, "grant", reason, credits, [person, role, people])

    @app_commands.command(name="take", description=command_text("command-class-take"))
    @_described
    async def take(
        self,
        interaction: discord.Interaction,
        reason: Reason,
        credits: Credits | None = None,  # noqa: A002 - the option's name
        person: discord.Member | None = None,
        role: discord.Role | None = None,
        people: discord.Attachment | None = None,
    ) -> None:
        """Take credits back."""
        await self._draft(interaction, "take", reason, credits, [person, role, people])

    async def _draft(
        self,
        interaction: discord.Interaction,
        kind: DraftKind,
        reason: str,
        credits_: int | None,
        given: list[discord.Member | discord.Role | discord.Attachment | None],
    ) -> None:
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        chosen = [one for one in given if one is not None]
        if len(chosen) != 1:
            raise Refused("grant-whom")
        roll = await self._roll(interaction.guild_id, chosen[0], credits_)
        if roll.problems:
            await interaction.followup.send(problems_text(self._words, str(interaction.locale), roll), ephemeral=True)
            return
        whom_id = None if isinstance(chosen[0], discord.Attachment) else chosen[0].id
        new = NewDraft(
            key=str(interaction.id),
            guild_id=interaction.guild_id,
            actor_id=interaction.user.id,
            kind=kind,
            whom_id=whom_id,
            shares=roll.shares,
            why=reason,
        )
        preview = await self._grants.draft(new)
        view = lasting_view(
            ConfirmDraft(preview.draft_id, str(interaction.locale)),
            DiscardDraft(preview.draft_id, str(interaction.locale)),
        )
        text = self._preview(str(interaction.locale), new, preview, isinstance(chosen[0], discord.Role))
        await interaction.followup.send(text, view=view, ephemeral=True)

    async def _roll(
        self, guild_id: int, whom: discord.Member | discord.Role | discord.Attachment, credits_: int | None
    ) -> Roll:
        if isinstance(whom, discord.Attachment):
            return read_roll(await fetch_list(whom), credits_)
        if credits_ is None:
            raise Refused("grant-credits")
        if isinstance(whom, discord.Member):
            return Roll(((whom.id, credits_),), ())
        known = await self._grants.known_with_role(guild_id, whom.id)
        if not known:
            raise Refused("grant-role", role=str(whom.id))
        return Roll(tuple((user_id, credits_) for user_id in known), ())

    def _preview(self, locale: str, new: NewDraft, preview: Preview, is_role: bool) -> str:
        say = self._words
        whose = "role" if is_role else "list" if new.whom_id is None else "person"
        lines = [
            say(
                locale,
                f"draft-{new.kind}",
                people=preview.people_count,
                total=preview.total_credits,
                whose=whose,
                whom=str(new.whom_id),
                reason=quoted(new.why),
            )
        ]
        if is_role:
            lines.append(say(locale, "draft-role", people=preview.people_count))
        if preview.stranger_count:
            lines.append(say(locale, "draft-strangers", strangers=preview.stranger_count, people=preview.people_count))
        if preview.short_count:
            lines.append(say(locale, "draft-short", people=preview.short_count))
        return "\n".join(lines)


class _DraftButton(InstructorButton, template=r"never"):
    """Ends a draft, one way or the other."""

    verb: str
    style: discord.ButtonStyle

    def __init__(self, draft_id: int, locale: str) -> None:
        label = load_words()(locale, f"draft-{self.verb}")
        super().__init__(discord.ui.Button(label=label, style=self.style, custom_id=f"draft-{self.verb}:{draft_id}"))
        self.draft_id = draft_id


class ConfirmDraft(_DraftButton, template=r"draft-confirm:(?P<draft_id>\d+)"):
    """Moves the credits of a draft, once."""

    verb, style = "confirm", discord.ButtonStyle.primary

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Carry the draft out, and say in place of the preview what was done."""
        assert interaction.guild_id is not None
        await interaction.response.defer()
        draft, moved = await context.shop.grants.carry_out(
            self.draft_id, guild_id=interaction.guild_id, actor_id=interaction.user.id
        )
        text = load_words()(
            str(interaction.locale),
            f"draft-done-{draft.kind}",
            people=moved.people_count,
            total=moved.total_credits,
            reason=quoted(draft.why),
        )
        await interaction.edit_original_response(content=text, view=None)


class DiscardDraft(_DraftButton, template=r"draft-discard:(?P<draft_id>\d+)"):
    """Drops a draft."""

    verb, style = "discard", discord.ButtonStyle.secondary

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Drop it, and say so in place of the preview."""
        assert interaction.guild_id is not None
        await interaction.response.defer()
        await context.shop.grants.discard(self.draft_id, guild_id=interaction.guild_id)
        text = load_words()(str(interaction.locale), "draft-discarded")
        await interaction.edit_original_response(content=text, view=None)
