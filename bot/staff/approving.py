"""The buttons of a clip that waits for approval: approve, decline with a reason; and why, for its owner."""

import discord

from bot.buttons import ButtonContext, OwnedButton, lasting_view
from bot.errors import Refused
from bot.lookup import job_here
from bot.quoting import quoted
from bot.staff.cards import CardButton, ReasonForm, close_card, is_gone, take_up
from bot.words import load_words, server_locale
from generation.teaching.approvals import ApprovalOver
from storage.approvals import Decision
from storage.jobs import Job


class ApproveButton(CardButton, template=r"approve:(?P<job_id>\d+)"):
    """Lets the clip be posted, once."""

    verb, style = "approve", discord.ButtonStyle.success

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Approve, and say so on the card; the clip is in its channel soon, so the card needs no copy of it."""
        await take_up(interaction)
        job = await job_here(interaction, context.shop.orders, self.job_id)
        try:
            await context.shop.approvals.approve(job.id, guild_id=job.guild_id, actor_id=interaction.user.id)
        except ApprovalOver as over:
            await _close_over(interaction, over.decision)
            raise
        await _close(interaction, await context.shop.approvals.decision(job.id))


class DeclineButton(CardButton, template=r"decline:(?P<job_id>\d+)"):
    """Asks why the clip is not to be posted."""

    verb, style = "decline", discord.ButtonStyle.danger

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Open the form, unless somebody has decided."""
        job = await job_here(interaction, context.shop.orders, self.job_id)
        if job.approval != "waiting":
            decision = await context.shop.approvals.decision(job.id)
            await take_up(interaction)
            await _close_over(interaction, decision)
            raise ApprovalOver(decision)
        await interaction.response.send_modal(DeclineForm("decline", job.id, str(interaction.locale)))


class DeclineForm(ReasonForm):
    """Why is this clip not to be posted? Its owner reads it."""

    async def given(self, interaction: discord.Interaction, context: ButtonContext, reason: str) -> None:
        """Decline and refund, and say so on the card."""
        assert interaction.guild_id is not None
        about = {"guild_id": interaction.guild_id, "actor_id": interaction.user.id}
        try:
            await context.shop.approvals.decline(self.job_id, **about, reason=reason)
        except ApprovalOver as over:
            await _close_over(interaction, over.decision)
            raise
        await _close(interaction, await context.shop.approvals.decision(self.job_id))


class WhyButton(OwnedButton, template=r"declined-why:(?P<job_id>\d+)"):
    """Tells the owner of a declined clip what the instructor wrote."""

    verb = "declined-why"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Only they read it."""
        decision = await context.shop.approvals.decision(job.id)
        if decision is None or decision.reason is None:
            raise Refused("gone")
        text = load_words()(str(interaction.locale), "declined-why", job=str(job.id), reason=quoted(decision.reason))
        await interaction.response.send_message(text, ephemeral=True)


APPROVAL_BUTTONS = (ApproveButton, DeclineButton, WhyButton)


def approval_view(job: Job) -> discord.ui.View:
    """The buttons on the card of a clip that waits."""
    return lasting_view(ApproveButton(job.id, job.locale), DeclineButton(job.id, job.locale))


def why_view(job: Job) -> discord.ui.View:
    """The button under the word that a clip was declined."""
    return lasting_view(WhyButton(job.id, job.locale))


async def _close_over(interaction: discord.Interaction, decision: Decision | None) -> None:
    if not is_gone(interaction):
        await _close(interaction, decision)


async def _close(interaction: discord.Interaction, decision: Decision | None) -> None:
    say, locale = load_words(), server_locale(interaction)
    if decision is None:
        await close_card(interaction, say(locale, "card-over"), keeps_clip=False)
    elif decision.reason is None:
        await close_card(interaction, say(locale, "card-approved", by=str(decision.decided_by)), keeps_clip=False)
    else:
        line = say(locale, "card-declined", by=str(decision.decided_by), reason=quoted(decision.reason))
        await close_card(interaction, line)
