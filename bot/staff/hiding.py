"""The button of instructors that hides a reported clip, and what its owner is told."""

import discord

from bot.buttons import ButtonContext, lasting_view
from bot.errors import Refused
from bot.lookup import job_here
from bot.quoting import quoted
from bot.staff.cards import CardButton, ReasonForm, close_card
from bot.staff.instructors import act_of
from bot.telling import tell_privately
from bot.words import load_words, server_locale
from generation.errors import ClipRefused
from storage.jobs import Job


class HideButton(CardButton, template=r"hide:(?P<job_id>\d+)"):
    """Asks why the clip is to be hidden."""

    verb, style = "hide", discord.ButtonStyle.danger

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Open the form, unless the clip is out of sight already."""
        job = await job_here(interaction, context.shop.orders, self.job_id)
        if job.visibility in ("hidden", "deleted"):
            await interaction.response.edit_message(view=None)
            raise ClipRefused("hidden" if job.visibility == "hidden" else "deleted")
        await interaction.response.send_modal(HideForm("hide", job.id, str(interaction.locale)))


class HideForm(ReasonForm):
    """Why is this clip to be hidden? Its owner reads it."""

    async def given(self, interaction: discord.Interaction, context: ButtonContext, reason: str) -> None:
        """Hide it, and say so on the card."""
        await hide_clip(interaction, context, self.job_id, reason)
        about = {"by": str(interaction.user.id), "reason": quoted(reason)}
        await close_card(interaction, load_words()(server_locale(interaction), "card-hidden", **about))


async def hide_clip(interaction: discord.Interaction, context: ButtonContext, job_id: int, reason: str) -> Job:
    """Take a clip out of sight as an act of the instructor, and tell its owner privately. Raises as ``Hiding.hide``."""
    try:
        job = await context.shop.hiding.hide(act_of(interaction, "hide", why=reason), job_id)
    except LookupError as error:
        raise Refused("gone") from error
    text = load_words()(server_locale(interaction), "hidden-told", job=str(job.id), reason=quoted(reason))
    await tell_privately(interaction.client, job.user_id, text)
    return job


def hide_view(job: Job) -> discord.ui.View:
    """The button on the card of a report."""
    return lasting_view(HideButton(job.id, job.locale))
