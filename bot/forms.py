"""What every form shares: an id of its own, an end, and one place that answers errors."""

import secrets
from typing import Any

import discord

from bot.errors import answer_error
from bot.words import load_words

FORM_SECONDS = 3600.0
"""How long an open form is remembered; Discord does not say when somebody closes one."""

TITLE_LIMIT = 45
OPTION_LIMIT = 25

Text = discord.ui.TextInput[Any]
Select = discord.ui.Select[Any]


class Form(discord.ui.Modal):
    """A modal of which several may be open at a time."""

    def __init__(self, name: str, title: str) -> None:
        # discord.py finds an open modal by its id alone, so two people's must differ.
        super().__init__(title=title[:TITLE_LIMIT], custom_id=f"{name}-{secrets.token_hex(8)}", timeout=FORM_SECONDS)

    def ask(self, label: str, field: discord.ui.Item[Any], hint: str | None = None) -> None:
        """Add a field with its label and a line under it."""
        self.add_item(discord.ui.Label(text=label[:TITLE_LIMIT], component=field, description=hint))

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Be counted as under way. Raises Refused("restarting") during a stop."""
        interaction.client.in_flight.begin(interaction)  # type: ignore[attr-defined] # made in StillmotionBot
        return True

    async def on_error(self, interaction: discord.Interaction, error: Exception) -> None:  # type: ignore[override] # a modal has no item
        """Answer in the one place that answers errors."""
        await answer_error(interaction, load_words(), error)


def line(custom_id: str, value: str = "", *, limit: int, required: bool = True, hint: str | None = None) -> Text:
    """A field for one line of text."""
    return discord.ui.TextInput(
        custom_id=custom_id, default=value or None, max_length=limit, required=required, placeholder=hint
    )


def paragraph(custom_id: str, value: str = "", *, limit: int, hint: str | None = None) -> Text:
    """A field for a longer text."""
    return discord.ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        default=value or None,
        max_length=limit,
        placeholder=hint,
    )


def choice(
    custom_id: str, options: dict[str, str], chosen: str | None = None, *, least: int = 1, most: int = 1
) -> Select:
    """A field to choose in; ``options`` are labels by value, of which Discord shows the first 25."""
    shown = list(options.items())[:OPTION_LIMIT]
    return discord.ui.Select(
        custom_id=custom_id,
        min_values=least,
        max_values=min(most, len(shown)),
        options=[
            discord.SelectOption(label=label[:100], value=value, default=value == chosen) for value, label in shown
        ],
    )
