"""The buttons of challenges: enter, pay for an entry oneself, vote."""

import re
from typing import Any, ClassVar, Self

import discord

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.words import load_words, server_locale


class ChallengeButton(GuardedButton, template=r"never"):
    """A button that carries one number; who may press it is the use case's to know."""

    verb: ClassVar[str]
    """First word of the custom id and last of the label's key; the template begins with it too."""

    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, number: int, locale: str, **shown: int) -> None:
        label = load_words()(locale, f"challenge-button-{self.verb}", **shown)
        super().__init__(discord.ui.Button(label=label, custom_id=f"{self.verb}:{number}", style=self.style))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["number"]), server_locale(interaction), **cls._unknown())

    @classmethod
    def _unknown(cls) -> dict[str, int]:
        """Stands for what the label showed; a pressed button's label is not sent again."""
        return {}


class EnterButton(ChallengeButton, template=r"enter:(?P<number>\d+)"):
    """Opens the form with which people enter."""

    verb, style = "enter", discord.ButtonStyle.primary

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check whether the person may enter now, and ask with what."""
        await interaction.response.send_modal(await context.challenge_desk.form(interaction, self.number))


class OwnCreditsButton(ChallengeButton, template=r"own-credits:(?P<number>\d+)"):
    """Enters what the pool does not pay for, at the person's own cost; its number is the offer's."""

    verb, style = "own-credits", discord.ButtonStyle.primary

    @classmethod
    def _unknown(cls) -> dict[str, int]:
        return {"price": 0}

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Enter, once however often it is pressed."""
        await context.challenge_desk.enter_kept(interaction, self.number, at_own_cost=True)


class KeptEntryButton(ChallengeButton, template=r"kept-entry:(?P<number>\d+)"):
    """Enters what waited for its person to accept the notice, which shows this button; its number is the offer's."""

    verb = "kept-entry"

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Enter, once however often it is pressed."""
        await context.challenge_desk.enter_kept(interaction, self.number, at_own_cost=False)


class VoteEntryButton(ChallengeButton, template=r"vote-entry:(?P<number>\d+)"):
    """Gives, moves or takes back the person's one vote; its number is the entry's id."""

    verb = "vote-entry"

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Vote."""
        await context.challenge_desk.vote(interaction, self.number)


def enter_view(challenge_id: int, locale: str) -> discord.ui.View:
    """The button under a brief."""
    return lasting_view(EnterButton(challenge_id, locale))


def vote_view(entry_id: int, locale: str) -> discord.ui.View:
    """The button under an entry."""
    return lasting_view(VoteEntryButton(entry_id, locale))


def kept_entry_id(offer_id: int) -> str:
    """The id of the button that enters what was kept."""
    return f"{KeptEntryButton.verb}:{offer_id}"


def own_credits_view(offer_id: int, price_credits: int, locale: str) -> discord.ui.View:
    """The button under the refusal of a pool."""
    return lasting_view(OwnCreditsButton(offer_id, locale, price=price_credits))
