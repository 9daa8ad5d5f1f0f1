"""The one place that answers errors: exception type to words, and everything unforeseen to the log.

Exceptions of the other rooms carry data; their trees are drawn in ``generation/errors.py`` and ``storage/errors.py``.
``Refused`` is the bot's own: something Discord's side of the conversation does not allow.
"""

import errno
import secrets
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.quoting import quoted
from bot.staff.attempts import attempt
from bot.words import Value, Words, timestamp
from generation.charges import Charge
from generation.errors import ChallengeRefused, ClipRefused, RequestError, SessionRefused, StillError
from generation.teaching.approvals import ApprovalOver
from generation.teaching.asking import RequestDecided
from generation.teaching.grants import DraftOver
from generation.teaching.house_rules import RuleRefused
from generation.teaching.staff import Staff
from generation.teaching.wording import UnusableWord
from storage.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

DISCORD_AWAY = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a request raises while Discord, or the way to it, does not work; a refusal for good is one of them too."""

GONE = (discord.NotFound, discord.Forbidden)
"""What a request raises whose channel or message is not there any more, or out of reach."""

ALREADY_ANSWERED = 40060
"""Discord's code for a second first answer: it took one, and what it said about that was lost on its way here."""

FOUND_SHOWN = 60

ORDER_KEY = "order_key"
"""In an interaction's extras: the key of the order that it places, where that is not its own id."""

DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO})


class Refused(app_commands.AppCommandError):
    """The bot will not do this; ``key`` names the text ``error-<key>``, and nothing was held.

    ``view`` holds buttons for what may be done about it.
    """

    def __init__(self, key: str, *, view: discord.ui.View | None = None, **variables: Value) -> None:
        super().__init__(key)
        self.key = key
        self.view = view
        self.variables: Mapping[str, Value] = variables


def explain(words: Words, locale: str, error: BaseException) -> str | None:
    """What a person is told about an expected error, without what it cost; None for one that nobody foresaw."""
    match error:
        case Refused():
            return words(locale, f"error-{error.key}", **error.variables)
        case StillError():
            return words(locale, f"error-still-{error.fault}", **error.details)
        case RequestError():
            return words(locale, f"error-{error.fault}", **error.details)
        case ClipRefused():
            return words(locale, f"error-clip-{error.fault}")
        case RuleRefused(fault="word"):
            return words(locale, "error-rule-word", found=quoted(str(error.details["found"]), FOUND_SHOWN))
        case RuleRefused():
            return words(locale, f"error-rule-{error.fault}", **_timed(error.details))
        case UnusableWord(word=word):
            return words(locale, "error-words-unusable", word="none" if word is None else quoted(word))
        case ApprovalOver(decision=decision):
            by = "nobody" if decision is None else str(decision.decided_by)
            approved = "yes" if decision is not None and decision.reason is None else "no"
            return words(locale, "error-approval-over", by=by, approved=approved)
        case ChallengeRefused():
            return words(locale, f"error-challenge-{error.fault}", **_timed(error.details))
        case SessionRefused():
            return words(locale, f"error-session-{error.fault}", **_timed(error.details))
        case DraftOver():
            return words(locale, f"error-draft-{error.state}")
        case RequestDecided(request=request):
            return words(locale, "error-request-decided", state=request.state, by=str(request.decided_by))
        case discord.HTTPException(code=number) if number == ALREADY_ANSWERED:
            return words(locale, "error-answer-lost")
        case app_commands.NoPrivateMessage():
            return words(locale, "error-server-only")
        case app_commands.CheckFailure():
            return words(locale, "error-not-allowed")
        case DatabaseUnusable():
            return words(locale, "error-storage")
        case OSError(errno=number) if number in DISK_ERRORS:
            return words(locale, "error-storage")
        case _:
            return None


def _timed(details: Mapping[str, Value]) -> dict[str, Value]:
    """The details with their moments as each reader's own time, and an instructor's words as they were typed."""
    shown = {name: timestamp(float(value)) if name.endswith("_at") else value for name, value in details.items()}
    return shown | ({"reason": quoted(str(shown["reason"]))} if "reason" in shown else {})


async def _with_cost(interaction: discord.Interaction[Any], words: Words, error: BaseException, text: str) -> str:
    """The text, and what the interaction cost as the ledger has it: its order's key is its own id, or an offer's.

    Whose order was taken before a stop is told that, and nothing to try again.
    """
    orders, locale = interaction.client.buttons.shop.orders, str(interaction.locale)
    try:
        charge: Charge | None = await orders.charge(interaction.extras.get(ORDER_KEY, str(interaction.id)))
    except DatabaseUnusable as failure:
        log.warning("ledger not readable", interaction=interaction.id, why=str(failure))
        return f"{text} {words(locale, 'error-charge-unknown')}"
    if charge is None:
        return f"{text} {words(locale, 'error-not-charged')}"
    about: dict[str, Value] = {"job": str(charge.job_id), "price": charge.price_credits}
    is_stopped = isinstance(error, Refused) and error.key == "restarting"
    if is_stopped and charge.state in ("held", "capture"):
        return words(locale, "error-restarting-taken", **about)
    about["payer"] = "pool" if charge.is_sponsored else "person"
    return f"{text} {words(locale, f'error-charge-{charge.state}', **about)}"


async def _note(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Write a blocked word into the class's log: which entry of the list and where, but not what stood around it."""
    if not isinstance(error, RuleRefused) or error.fault != "word" or interaction.guild_id is None:
        return
    staff: Staff = interaction.client.buttons.shop.staff
    try:
        await staff.refuse(attempt(interaction, "word", word=error.details["word"]))
    except DatabaseUnusable as failure:
        log.warning("refusal not noted", user=interaction.user.id, why=str(failure))


async def answer_error(interaction: discord.Interaction[Any], words: Words, error: BaseException) -> None:
    """Tell the person privately what happened and what it cost, and the log if it was not foreseen. Never raises."""
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
        await _note(interaction, cause)
    text = await _with_cost(interaction, words, cause, text)
    try:
        view = (cause.view if isinstance(cause, Refused) else None) or discord.utils.MISSING
        is_answered = isinstance(cause, discord.HTTPException) and cause.code == ALREADY_ANSWERED
        if is_answered or interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, view=view)
        else:
            await interaction.response.send_message(text, ephemeral=True, view=view)
    except DISCORD_AWAY as failure:
        log.warning("could not answer", command=command, user=interaction.user.id, why=str(failure))
