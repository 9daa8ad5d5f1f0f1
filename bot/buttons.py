"""Buttons that outlive the process: readable ids, the truth in the database, one guarded base class."""

import re
import secrets
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import DynamicItem

from bot.errors import Refused, answer_error
from bot.words import load_words
from generation.catalog import Catalog
from generation.coaching import Coaching
from generation.dispatch import Dispatcher
from generation.limits import Limits
from generation.orders import Orders
from storage.jobs import Job

if TYPE_CHECKING:
    # These show buttons themselves.
    from bot.coaching import CoachCard
    from bot.intake import Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonContext:
    """What buttons need of the running bot; the client carries one, because discord.py makes the buttons."""

    orders: Orders
    dispatcher: Dispatcher
    intake: "Intake"
    card: "CoachCard"
    coaching: Coaching
    limits: Limits
    catalog: Catalog


class GuardedButton(DynamicItem[discord.ui.Button[Any]], template=r"never"):
    """A button whose errors reach its person.

    discord.py only logs what a dynamic item raises and never runs the tree's checks on it, so both happen here.
    """

    @abstractmethod
    async def act(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """What the button does, checks of its own first."""

    async def callback(self, interaction: discord.Interaction) -> None:
        """Act, and answer whatever goes wrong."""
        context: ButtonContext = interaction.client.buttons  # type: ignore[attr-defined] # set in StillmotionBot
        try:
            await self.act(interaction, context)
        except Exception as error:
            await answer_error(interaction, load_words(), error)


class OwnedButton(GuardedButton, template=r"never"):
    """A button of one job that only the job's owner may press."""

    def __init__(self, job_id: int, button: discord.ui.Button[Any]) -> None:
        super().__init__(button)
        self.job_id = job_id

    @abstractmethod
    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """What the button does, once it is known that its owner pressed it."""

    async def act(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check the owner against the job's row, then press."""
        try:
            job = await context.orders.job(self.job_id)
        except LookupError as error:
            raise Refused("gone") from error
        if (job.user_id, job.guild_id) != (interaction.user.id, interaction.guild_id):
            raise Refused("not-yours")
        await self.press(interaction, context, job)


class GuardedModal(discord.ui.Modal):
    """A form whose errors reach its person; discord.py finds an open form by its id alone, so no two share one."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title=title, custom_id=f"{name}-{secrets.token_hex(8)}")

    async def on_error(self, interaction: discord.Interaction, error: Exception) -> None:  # type: ignore[override] # a modal has no item
        """Answer in the one place that answers errors."""
        await answer_error(interaction, load_words(), error)


class CancelButton(OwnedButton, template=r"cancel:(?P<job_id>\d+)"):
    """Cancels a waiting or running job; its credits come back at once."""

    def __init__(self, job_id: int, locale: str) -> None:
        label = load_words()(locale, "button-cancel")
        super().__init__(job_id, discord.ui.Button(label=label, custom_id=f"cancel:{job_id}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["job_id"]), str(interaction.guild_locale or interaction.locale))

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Cancel, and say privately what it cost."""
        await cancel_and_answer(interaction, context.dispatcher, job)


async def cancel_and_answer(interaction: discord.Interaction, dispatcher: Dispatcher, job: Job) -> None:
    """Cancel the owner's job and say privately what came of it; shared by the button and ``/cancel``."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    locale, words = str(interaction.locale), load_words()
    if job.state not in ("queued", "running"):
        text = words(locale, "cancel-too-late", state=job.state)
    else:
        now = await dispatcher.cancel(job.id, actor=interaction.user.id)
        cancelled = now.state == "cancelled"
        text = (
            words(locale, "cancelled-private", price=job.price_credits)
            if cancelled
            else words(locale, "cancel-too-late", state=now.state)
        )
    await interaction.followup.send(text, ephemeral=True)
