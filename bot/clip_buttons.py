"""The buttons under a finished clip. What costs credits is offered with its price, and ordered by a second press."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.buttons import ButtonContext, JobButton, lasting_view
from bot.clip_forms import AgainForm, ReportForm
from bot.comparisons.buttons import choose_view
from bot.errors import GONE, Refused
from bot.keeping_buttons import DeleteButton, PrivateButton, RetryButton
from bot.limits import BrokeButton
from bot.permissions import missing_permissions
from bot.recipes import recipe_answer
from bot.words import load_words
from generation.catalog import Catalog
from generation.errors import ClipRefused, RequestError
from generation.proposals import LAST_FRAME
from generation.request import ClipRequest, drawn_seed
from generation.retries import offers_retry
from storage.jobs import Job


class ClipButton(JobButton, template=r"never"):
    """A button that everybody may press under a clip that everybody may see."""

    def check(self, interaction: discord.Interaction, job: Job) -> None:
        """Nobody under a deleted or hidden clip, only its owner under one that is kept private."""
        mine = job.user_id == interaction.user.id
        if job.visibility == "hidden" and mine:
            raise ClipRefused("hidden")
        if job.visibility == "deleted" or (job.visibility != "shown" and not mine):
            raise Refused("gone")


class OwnClipButton(ClipButton, template=r"never"):
    """A button under a clip that only its owner may press: it spends credits or shows the owner's work."""

    def check(self, interaction: discord.Interaction, job: Job) -> None:
        """Only the owner."""
        if job.user_id != interaction.user.id:
            raise Refused("not-your-button")
        super().check(interaction, job)


class AgainButton(OwnClipButton, template=r"again:(?P<job_id>\d+)"):
    """The same recipe with another seed."""

    verb = "again"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Offer it."""
        request = replace(_request(job, context.shop.catalog), seed=drawn_seed())
        title = load_words()(str(interaction.locale), "offer-again", job=str(job.id))
        await context.offers.offer(interaction, [request], title=title, continues=await context.chains.parent(job))


class EditButton(OwnClipButton, template=r"edit:(?P<job_id>\d+)"):
    """The same recipe, to be changed in a form."""

    verb = "edit"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Open the form, filled with the recipe."""
        form = AgainForm(
            context.offers,
            context.shop.catalog,
            job,
            locale=str(interaction.locale),
            verb="edited",
            task=job.recipe["task"],
            seed=str(job.recipe["seed"]),
            continues=await context.chains.parent(job),
        )
        await interaction.response.send_modal(form)


class ContinueButton(OwnClipButton, template=r"continue:(?P<job_id>\d+)"):
    """A clip that begins with the last frame of this one."""

    verb = "continue"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Open the form: what happens next?"""
        form = AgainForm(
            context.offers,
            context.shop.catalog,
            job,
            locale=str(interaction.locale),
            verb="continue",
            task="animate",
            continues=job.id,
            still=LAST_FRAME,
            end_still=None,
        )
        await interaction.response.send_modal(form)


class CompareButton(ClipButton, template=r"compare:(?P<job_id>\d+)"):
    """A comparison that begins with this clip's still."""

    verb = "compare"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Ask what shall differ."""
        locale = str(interaction.locale)
        view = choose_view(job.id, locale, has_still=job.recipe["task"] == "animate")
        await interaction.response.send_message(load_words()(locale, "compare-choose"), view=view, ephemeral=True)


class RecipeButton(ClipButton, template=r"recipe:(?P<job_id>\d+)"):
    """Everything needed to make the clip again, as text."""

    verb = "recipe"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Show it to whoever asks, privately."""
        await interaction.response.send_message(**recipe_answer(str(interaction.locale), job), ephemeral=True)


class JoinButton(OwnClipButton, template=r"join:(?P<job_id>\d+)"):
    """All parts up to this one as one clip."""

    verb = "join"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Join and post them; nothing is rendered, so nothing is paid."""
        if missing := missing_permissions(interaction, load_words()):
            raise Refused("permissions", missing=missing)
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert isinstance(interaction.channel, discord.abc.Messageable)
        assert interaction.guild is not None
        limit_bytes = min(interaction.filesize_limit, interaction.guild.filesize_limit)
        try:
            await context.chains.join(job, interaction.channel, limit_bytes)
        except GONE as error:
            raise Refused("posting") from error
        await interaction.delete_original_response()


class ReportButton(ClipButton, template=r"report:(?P<job_id>\d+)"):
    """Tells the instructors about a clip."""

    verb = "report"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Ask for the reason, unless this person gave one before."""
        if await context.shop.reports.is_known(job.id, interaction.user.id):
            raise Refused("reported-before")
        await interaction.response.send_modal(
            ReportForm(
                context.shop.reports, context.staff_cards, context.staff_channel, job, locale=str(interaction.locale)
            )
        )


CLIP_BUTTONS: tuple[type[JobButton], ...] = (
    AgainButton,
    EditButton,
    ContinueButton,
    CompareButton,
    RecipeButton,
    JoinButton,
    ReportButton,
)


def clip_view(job: Job, *, parts: int) -> discord.ui.View:
    """The buttons under the job's clip: what one makes of it, what one says of it, what there is only sometimes."""
    sometimes: list[type[JobButton]] = [RetryButton] if offers_retry(job) else []
    sometimes += [JoinButton] if parts > 1 else []
    rows: tuple[Sequence[type[JobButton]], ...] = (
        (AgainButton, EditButton, ContinueButton, CompareButton, RecipeButton),
        (BrokeButton, PrivateButton, DeleteButton, ReportButton),
        sometimes,
    )
    buttons = []
    for row, kinds in enumerate(rows):
        for kind in kinds:
            buttons.append(button := kind(job.id, job.locale))
            button.row = row
    return lasting_view(*buttons)


def _request(job: Job, catalog: Catalog) -> ClipRequest:
    try:
        return ClipRequest.from_recipe(job.recipe, catalog)
    except RequestError as error:
        raise Refused("recipe-outdated", model=job.model_id) from error
