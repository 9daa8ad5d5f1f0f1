"""The notice before a first order: shown instead of it, and the order goes on when its person accepts."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.errors import Refused
from bot.words import load_words
from generation.errors import NoticeNeeded
from generation.orders import Placed
from generation.privacy.notices import Notices

ID = r"accept:(?P<version>\d+):(?P<then>.+)"

Keep = Callable[[], Awaitable[str]]
"""Keeps an order that is complete until its person agrees, and returns the id of the button that places it."""


class Consent:
    """The one place that every order passes on its way into the table, whichever command, button or form it is from.

    Who has accepted is looked up in the transaction that holds the credits; here the refusal becomes the notice, with
    a button that accepts and then does what was asked for. Whoever accepts twice orders once, because what is placed
    has the key of the draft, offer or clip that the button names; so it is after a restart.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    async def guarded(
        self, interaction: discord.Interaction, place: Callable[[], Awaitable[list[Placed]]], keep: Keep | None
    ) -> list[Placed]:
        """What ``place`` places; Refused with the notice for whoever is to accept it first, and nothing held.

        Without ``keep`` the pressed button itself is what goes on.
        """
        try:
            return await place()
        except NoticeNeeded as needed:
            then = _pressed(interaction) if keep is None else await keep()
            assert interaction.guild_id is not None
            days = await self._notices.retention_days(interaction.guild_id)
            view = lasting_view(AcceptButton(needed.version, then, str(interaction.locale), needed.price_credits))
            kept = "always" if days is None else "days"
            raise Refused("notice", view=view, price=needed.price_credits, kept=kept, days=days or 0) from needed


class AcceptButton(GuardedButton, template=ID):
    """Accepts one version of the notice, then presses the button whose id stands behind it."""

    def __init__(self, version: int, then: str, locale: str, price_credits: int = 0) -> None:
        label = load_words()(locale, "button-accept", price=price_credits)
        style = discord.ButtonStyle.success
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"accept:{version}:{then}"))
        self.version = version
        self.then = then

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["version"]), match["then"], str(interaction.locale))

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Note that the person accepts, and go on; each button checks for itself whose it is."""
        assert interaction.guild_id is not None
        await context.shop.notices.accept(interaction.guild_id, interaction.user.id, self.version)
        button: GuardedButton | None = await interaction.client.button(interaction, self, self.then)  # type: ignore[attr-defined] # StillmotionBot
        if button is None:
            raise Refused("gone")
        await button.pressed(interaction, context)


def _pressed(interaction: discord.Interaction) -> str:
    """The id of the pressed button, or of the one that an accepted notice has pressed."""
    data: Any = interaction.data
    custom_id: str = data["custom_id"]
    accepted = re.fullmatch(ID, custom_id)
    return custom_id if accepted is None else accepted["then"]
