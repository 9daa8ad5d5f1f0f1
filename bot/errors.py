"""The one place that answers errors: exception type to words, and everything unforeseen to the log.

Exceptions of the other rooms carry data; their trees are drawn in ``generation/errors.py`` and ``storage/errors.py``.
``Refused`` is the bot's own: something Discord's side of the conversation does not allow.
"""

import secrets
from collections.abc import Mapping

import discord
import structlog
from discord import app_commands

from bot.words import Value, Words
from generation.errors import RequestError, StillError

log = structlog.get_logger(__name__)


class Refused(app_commands.AppCommandError):
    """The bot will not do this; ``key`` names the text ``error-<key>``, and nothing was held."""

    def __init__(self, key: str, **variables: Value) -> None:
        super().__init__(key)
        self.key = key
        self.variables: Mapping[str, Value] = variables


def explain(words: Words, locale: str, error: BaseException) -> str | None:
    """What a person is told about an expected error; None for one that nobody foresaw."""
    match error:
        case Refused():
            text = words(locale, f"error-{error.key}", **error.variables)
        case StillError():
            text = words(locale, f"error-still-{error.fault}", **error.details)
        case RequestError():
            text = words(locale, f"error-{error.fault}", **error.details)
        case app_commands.NoPrivateMessage():
            text = words(locale, "error-server-only")
        case app_commands.CheckFailure():
            text = words(locale, "error-not-allowed")
        case _:
            return None
    return f"{text} {words(locale, 'error-not-charged')}"


async def answer_error(interaction: discord.Interaction, words: Words, error: BaseException) -> None:
    """Tell the person privately, and the log if it was not foreseen. Never raises."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    locale = str(interaction.locale)
    text = explain(words, locale, cause)
    command = interaction.command.qualified_name if interaction.command else interaction.type.name
    if text is None:
        reference = secrets.token_hex(4)
        log.error("interaction failed", reference=reference, command=command, user=interaction.user.id, exc_info=cause)
        text = words(locale, "error-unexpected", reference=reference)
    else:
        log.info("interaction refused", command=command, user=interaction.user.id, why=repr(cause))
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as failure:
        log.warning("could not answer", command=command, user=interaction.user.id, why=str(failure))
