"""What the buttons and forms on the cards of instructors share: one job, a reason, and a card that says what became."""

from abc import abstractmethod
from typing import Any, ClassVar

import discord
import structlog

from bot.buttons import ButtonContext, context_of
from bot.errors import DISCORD_AWAY, Refused
from bot.forms import paragraph
from bot.staff.instructors import InstructorButton, InstructorForm
from bot.words import load_words, server_locale

log = structlog.get_logger(__name__)

REASON_LIMIT = 200
"""Characters of a reason; they stand in one line of the log."""


class CardButton(InstructorButton, template=r"never"):
    """A button on a card about one job of this server."""

    verb: ClassVar[str]
    style: ClassVar[discord.ButtonStyle]

    def __init__(self, job_id: int, locale: str) -> None:
        label = load_words()(locale, f"card-button-{self.verb}")
        super().__init__(discord.ui.Button(label=label, custom_id=f"{self.verb}:{job_id}", style=self.style))
        self.job_id = job_id

    @classmethod
    def language(cls, interaction: discord.Interaction) -> str:
        """The server's: everybody in the channel reads it."""
        return server_locale(interaction)


class ReasonForm(InstructorForm):
    """Asks an instructor for the reason of something that is done to a clip."""

    def __init__(self, name: str, job_id: int, locale: str) -> None:
        say = load_words()
        super().__init__(name, say(locale, f"form-{name}", job=str(job_id)))
        self.job_id = job_id
        self._reason = paragraph("reason", limit=REASON_LIMIT)
        self.ask(say(locale, "reason-form-label"), self._reason, say(locale, f"form-hint-{name}"))

    async def submitted(self, interaction: discord.Interaction) -> None:
        """Go on with the reason; one of white space is none. Raises Refused."""
        reason = " ".join(self._reason.value.split())
        if not reason:
            raise Refused("reason-empty")
        await take_up(interaction)
        await self.given(interaction, context_of(interaction), reason)

    @abstractmethod
    async def given(self, interaction: discord.Interaction, context: ButtonContext, reason: str) -> None:
        """What is done because of the reason; the interaction is deferred, and its message is the card."""


async def take_up(interaction: discord.Interaction) -> None:
    """Defer an answer that changes the card, or one for the instructor alone if the card is gone meanwhile."""
    try:
        await interaction.response.defer()
    except discord.NotFound:
        await interaction.response.defer(ephemeral=True, thinking=True)


def is_gone(interaction: discord.Interaction) -> bool:
    """Whether ``take_up`` found the card gone: the answer is a message of its own then."""
    return interaction.response.type is discord.InteractionResponseType.deferred_channel_message


async def close_card(interaction: discord.Interaction, line: str, *, keeps_clip: bool = True) -> None:
    """Take the buttons off the card and write what became of it under the rest; repeatable."""
    card = interaction.message
    content = "" if card is None or is_gone(interaction) else card.content
    written = content if line in content else f"{content}\n{line}".strip()
    changes: dict[str, Any] = {} if keeps_clip else {"attachments": []}
    try:
        await interaction.edit_original_response(content=written, view=None, **changes)
    except DISCORD_AWAY as error:
        # What was decided stands; its buttons say so when they are pressed again.
        log.info("card not closed", user=interaction.user.id, why=str(error))
