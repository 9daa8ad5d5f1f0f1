"""Buttons that outlive the process: readable ids, the truth in the database, one guarded base class."""

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import DynamicItem

from bot.errors import Refused, answer_error
from bot.staff import StaffRoom
from bot.words import load_words
from generation.asking import Asking
from generation.dispatch import Dispatcher
from generation.grants import Grants
from generation.orders import Orders
from generation.staff import Staff
from storage.jobs import Job

if TYPE_CHECKING:
    # It shows buttons, and so imports this module.
    from bot.challenges.desk import ChallengeDesk


class ButtonContext:
    """What buttons need of the running bot; the client carries one, because discord.py makes the buttons."""

    def __init__(
        self,
        orders: Orders,
        dispatcher: Dispatcher,
        *,
        staff: Staff,
        grants: Grants,
        asking: Asking,
        staff_room: StaffRoom,
        desk: "ChallengeDesk",
    ) -> None:
        self.orders = orders
        self.dispatcher = dispatcher
        self.staff = staff
        self.grants = grants
        self.asking = asking
        self.staff_room = staff_room
        self.desk = desk


class GuardedButton(DynamicItem[discord.ui.Button[Any]], template=r"never"):
    """A button whose every failure is answered.

    discord.py only logs what a dynamic item raises and never runs the tree's checks on it, so both happen here.
    """

    @abstractmethod
    async def respond(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check who pressed it, and act."""

    async def callback(self, interaction: discord.Interaction) -> None:
        """Respond, and answer whatever goes wrong."""
        context: ButtonContext = interaction.client.buttons  # type: ignore[attr-defined] # set in StillmotionBot
        try:
            await self.respond(interaction, context)
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

    async def respond(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check the owner against the job's row, and act."""
        try:
            job = await context.orders.job(self.job_id)
        except LookupError as error:
            raise Refused("gone") from error
        if (job.user_id, job.guild_id) != (interaction.user.id, interaction.guild_id):
            raise Refused("not-yours")
        await self.press(interaction, context, job)


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
