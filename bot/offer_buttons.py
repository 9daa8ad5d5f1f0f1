"""The buttons of an offer: yes, yes with the coach's words, and no."""

import re
from typing import Any, Self

import discord

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.words import load_words


class GoButton(GuardedButton, template=r"go:(?P<offer>\d+)"):
    """Orders what was offered, once."""

    def __init__(self, proposal_id: int, label: str) -> None:
        super().__init__(
            discord.ui.Button(label=label, custom_id=go_id(proposal_id), style=discord.ButtonStyle.success)
        )
        self.proposal_id = proposal_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["offer"]), "Go")

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Order."""
        await context.offers.take(interaction, self.proposal_id)


class RewriteOfferButton(GuardedButton, template=r"go-rewrite:(?P<offer>\d+)"):
    """Orders what was offered with the coach's words in place of the person's; once, and not beside a plain yes."""

    def __init__(self, proposal_id: int, label: str) -> None:
        name = f"go-rewrite:{proposal_id}"
        super().__init__(discord.ui.Button(label=label, custom_id=name, style=discord.ButtonStyle.primary))
        self.proposal_id = proposal_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["offer"]), "Rewrite")

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Order."""
        await context.offers.take(interaction, self.proposal_id, is_rewritten=True)


class LeaveButton(GuardedButton, template=r"leave:(?P<offer>\d+)"):
    """Closes the offer; nothing was held."""

    def __init__(self, proposal_id: int, label: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"leave:{proposal_id}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["offer"]), "Leave")

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Say that it cost nothing."""
        text = load_words()(str(interaction.locale), "offer-left")
        await interaction.response.edit_message(content=text, view=None)


def go_id(proposal_id: int) -> str:
    """The id of the yes."""
    return f"go:{proposal_id}"


def offer_view(locale: str, proposal_id: int, price_credits: int, *, has_rewrite: bool) -> discord.ui.View:
    """Yes and, where the coach has better words, yes with those, both with the price; and no."""
    words = load_words()
    better = RewriteOfferButton(proposal_id, words(locale, "coach-button-rewrite", price=price_credits))
    return lasting_view(
        GoButton(proposal_id, words(locale, "button-go", price=price_credits)),
        *([better] if has_rewrite else []),
        LeaveButton(proposal_id, words(locale, "button-leave")),
    )
