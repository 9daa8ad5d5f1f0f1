"""Buttons about keeping a clip: show it again, keep it private, share it, delete it, retry it for free."""

from functools import partial

import discord

from bot.buttons import ButtonContext, OwnedButton, lasting_view
from bot.errors import ORDER_KEY, Refused
from bot.staff.instructors import asker_of
from bot.words import Value, load_words, payer
from generation.orders import Placed
from storage.jobs import Job


class ShowButton(OwnedButton, template=r"show:(?P<job_id>\d+)"):
    """Posts the clip again here."""

    verb = "show"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """As ``/show``."""
        await context.showing.show(interaction, job.id)


class PrivateButton(OwnedButton, template=r"private:(?P<job_id>\d+)"):
    """Takes the clip out of its channels."""

    verb = "private"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Decide, and say where the clip is found from now on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await context.shop.keeping.keep_private(job.id, actor=interaction.user.id)
        await _say(interaction, "kept-private", job)


class ShareButton(OwnedButton, template=r"share:(?P<job_id>\d+)"):
    """Lets others see a private clip again."""

    verb = "share"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Decide; nothing is posted by itself."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await context.shop.keeping.share(job.id, actor=interaction.user.id)
        await _say(interaction, "shared", job)


class DeleteButton(OwnedButton, template=r"delete:(?P<job_id>\d+)"):
    """Asks whether the clip is to be deleted."""

    verb = "delete"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Ask, and say what it means."""
        if job.visibility == "deleted":
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _say(interaction, "deleted", job)
            return
        key = "take-back-ask" if job.approval == "waiting" else "delete-ask"
        price = job.price_credits if job.approval == "waiting" else spent(job)
        text = load_words()(str(interaction.locale), key, job=str(job.id), price=price, payer=payer(job.pool_id))
        view = lasting_view(ConfirmDeleteButton(job.id, str(interaction.locale)))
        await interaction.response.send_message(text, view=view, ephemeral=True)


class ConfirmDeleteButton(OwnedButton, template=r"delete-yes:(?P<job_id>\d+)"):
    """Deletes the clip for good."""

    verb = "delete-yes"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Delete, and say so in place of the question."""
        await interaction.response.defer()
        now = await context.shop.keeping.delete(job.id, actor=interaction.user.id)
        say, locale = load_words(), str(interaction.locale)
        if (now.approval, now.delivery) == ("declined", "abandoned"):
            text = say(locale, "taken-back", job=str(now.id), price=now.price_credits, payer=payer(now.pool_id))
        else:
            text = say(locale, "deleted", job=str(now.id), price=spent(now))
        await interaction.edit_original_response(content=text, view=None)


class RetryButton(OwnedButton, template=r"retry:(?P<job_id>\d+)"):
    """The free retry of a clip that came out still or blank."""

    verb = "retry"
    style = discord.ButtonStyle.success

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Refund and order again, once; a further press says what the first one ordered."""
        context.intake.check_permissions(interaction)
        if context.shop.dispatcher.health.is_resting(job.model_id):
            raise Refused("model-resting", model=context.shop.catalog[job.model_id].label)
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert interaction.channel_id is not None
        retry = partial(
            context.retries.retry,
            job.id,
            actor=interaction.user.id,
            channel_id=interaction.channel_id,
            asker=await asker_of(interaction),
        )

        async def place() -> list[Placed]:
            placed = await retry()
            interaction.extras[ORDER_KEY] = placed.job.key
            return [placed]

        [placed] = await context.intake.admit(interaction, place)
        key = "retried" if placed.is_new else "retried-before"
        about: dict[str, Value] = {"price": job.price_credits, "now": placed.job.price_credits}
        about |= {"payer": _retry_payer(job, placed.job)}
        text = load_words()(str(interaction.locale), key, job=str(placed.job.id), **about)
        await interaction.followup.send(text, ephemeral=True)


KEEPING_BUTTONS = (ShowButton, PrivateButton, ShareButton, DeleteButton, ConfirmDeleteButton, RetryButton)


def spent(job: Job) -> int:
    """The credits that a job cost and that stay spent if it is deleted."""
    is_charged = job.state == "succeeded" and job.approval not in ("waiting", "declined")
    return job.price_credits if is_charged else 0


def _retry_payer(job: Job, retry: Job) -> str:
    if retry.pool_id is None:
        return "person"
    return "pool" if retry.pool_id == job.pool_id else "class"


async def _say(interaction: discord.Interaction, key: str, job: Job) -> None:
    text = load_words()(str(interaction.locale), key, job=str(job.id), price=spent(job))
    await interaction.followup.send(text, ephemeral=True)
