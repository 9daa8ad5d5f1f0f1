"""Buttons that outlive the process: readable ids, the truth in the database, one guarded base class."""

import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord.ui import DynamicItem

from bot.errors import Refused, answer_error
from bot.lookup import job_here
from bot.words import Value, load_words, payer, server_locale
from generation.dispatch import Dispatcher
from generation.retries import Retries
from storage.jobs import Job

if TYPE_CHECKING:
    # These show buttons themselves.
    from bot.chains import Chains
    from bot.challenges.desk import ChallengeDesk
    from bot.coaching import CoachCard
    from bot.comparisons.desk import Comparing
    from bot.forgetting import Forgetter
    from bot.histories import Histories
    from bot.intake import Intake
    from bot.offering import Offers
    from bot.showing import Showing
    from bot.staff.card_courier import StaffCards
    from bot.staff.channel import StaffChannel
    from bot.status import StatusBoard
    from bot.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonContext:
    """What buttons need of the running bot; the client carries one, because discord.py makes the buttons."""

    shop: "Workshop"
    status: "StatusBoard"
    offers: "Offers"
    comparing: "Comparing"
    chains: "Chains"
    staff_channel: "StaffChannel"
    staff_cards: "StaffCards"
    intake: "Intake"
    retries: Retries
    showing: "Showing"
    histories: "Histories"
    card: "CoachCard"
    forgetter: "Forgetter"
    challenge_desk: "ChallengeDesk"


def context_of(interaction: discord.Interaction) -> ButtonContext:
    """What the client carries for buttons and forms."""
    context: ButtonContext = interaction.client.buttons  # type: ignore[attr-defined] # set in StillmotionBot
    return context


class GuardedButton(DynamicItem[discord.ui.Button[Any]], template=r"never"):
    """A button whose press is answered whatever goes wrong.

    discord.py only logs what a dynamic item raises and never runs the tree's checks on it, so that happens here.
    """

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart.

        Most ids hold numbers alone, which the class is made of, and of the language of its label.
        """
        return cls(*map(int, match.groups()), cls.language(interaction))  # type: ignore[call-arg, arg-type] # see above

    @classmethod
    def language(cls, interaction: discord.Interaction) -> str:
        """The language of the label."""
        return str(interaction.locale)

    @abstractmethod
    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """What the button does."""

    async def callback(self, interaction: discord.Interaction) -> None:
        """Act, and answer whatever goes wrong."""
        try:
            interaction.client.in_flight.begin(interaction)  # type: ignore[attr-defined] # made in StillmotionBot
            await self.pressed(interaction, context_of(interaction))
        except Exception as error:
            await answer_error(interaction, load_words(), error)


class JobButton(GuardedButton, template=r"never"):
    """A button of one job that everybody on the job's server may press."""

    verb: ClassVar[str]
    """First word of the custom id and last of the label's key; the template begins with it too."""

    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, job_id: int, locale: str) -> None:
        label = load_words()(locale, f"button-{self.verb}")
        super().__init__(discord.ui.Button(label=label, custom_id=f"{self.verb}:{job_id}", style=self.style))
        self.job_id = job_id

    @classmethod
    def language(cls, interaction: discord.Interaction) -> str:
        """The server's: everybody in the channel reads it."""
        return server_locale(interaction)

    @abstractmethod
    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """What the button does, once it is known that the person may press it."""

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check the press against the job's row, and act."""
        job = await job_here(interaction, context.shop.orders, self.job_id)
        self.check(interaction, job)
        await self.press(interaction, context, job)

    def check(self, interaction: discord.Interaction, job: Job) -> None:
        """Refuse the person here; everybody may press unless a class says otherwise."""


class OwnedButton(JobButton, template=r"never"):
    """A button of one job that only the job's owner may press."""

    def check(self, interaction: discord.Interaction, job: Job) -> None:
        """Only the owner."""
        if job.user_id != interaction.user.id:
            raise Refused("not-yours")


class CancelButton(OwnedButton, template=r"cancel:(?P<job_id>\d+)"):
    """Cancels a waiting or running job; its credits come back at once."""

    verb = "cancel"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Cancel, and say privately what it cost."""
        await cancel_and_answer(interaction, context.shop.dispatcher, job)
        if job.delivery in ("posted", "abandoned"):
            # Its last words did not reach the message when it ended.
            assert interaction.message is not None
            charge = await context.shop.orders.charge_state(job)
            await context.status.settle(job, interaction.message.id, charge)


async def cancel_and_answer(interaction: discord.Interaction, dispatcher: Dispatcher, job: Job) -> None:
    """Cancel the owner's job and say privately what came of it; shared by the button and ``/cancel``."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    locale, words = str(interaction.locale), load_words()
    if job.state not in ("queued", "running"):
        text = words(locale, "cancel-too-late", state=job.state)
    else:
        now = await dispatcher.cancel(job.id, actor=interaction.user.id)
        if now.state == "cancelled":
            charge = await context_of(interaction).shop.orders.charge_state(job)
            about: dict[str, Value] = {"price": job.price_credits, "payer": payer(job.pool_id), "charge": charge}
            text = words(locale, "cancelled-private", **about)
        else:
            text = words(locale, "cancel-too-late", state=now.state)
    await interaction.followup.send(text, ephemeral=True)


def lasting_view(*buttons: discord.ui.Item[Any]) -> discord.ui.View:
    """Buttons under a message for as long as it stands: each is found by its id, whatever process sent it."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
