"""The words people see: Fluent files under texts/, one per locale, en-US behind all of them."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import discord
from discord import app_commands
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

FOLDER = Path(__file__).with_name("texts")
FALLBACK = "en-US"

Value = str | int | float

_NOBODY = re.compile(r"<@-\d+>")
"""The mention of somebody who was forgotten: rows that stay have a negative number in their place."""


class Words:
    """All texts in all locales that there is a file for."""

    def __init__(self, bundles: Mapping[str, FluentBundle]) -> None:
        self._bundles = bundles

    @property
    def locales(self) -> frozenset[str]:
        """Locales that there is a file for."""
        return frozenset(self._bundles)

    def __call__(self, locale: str, key: str, /, **variables: Value) -> str:
        """The text of ``key``. Raises KeyError for an unknown key and ValueError for a missing variable."""
        bundle = self._bundles.get(locale, self._bundles[FALLBACK])
        if not bundle.has_message(key):
            bundle = self._bundles[FALLBACK]
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise KeyError(key)
        # 1280×720 is not 1,280×720: no number here is long enough to want grouping.
        shown = {
            name: fluent_number(v, useGrouping=False) if isinstance(v, int) else v for name, v in variables.items()
        }
        text, errors = bundle.format_pattern(pattern, shown)
        if errors:
            msg = f"{key}: {errors}"
            raise ValueError(msg)
        said = str(text)
        return _NOBODY.sub(self(locale, "forgotten-person"), said) if "<@-" in said else said


@cache
def load_words() -> Words:
    """Read every texts/<locale>.ftl, once; they are part of the package, as code is.

    What the house builds is handed its words; buttons and forms, which discord.py builds, load them.
    """
    bundles = {}
    for path in FOLDER.glob("*.ftl"):
        # Isolation marks would show up as odd characters around every number in Discord.
        bundle = FluentBundle([path.stem], use_isolating=False)
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
        bundles[path.stem] = bundle
    return Words(bundles)


def server_locale(interaction: discord.Interaction) -> str:
    """The language of what everybody in a channel reads."""
    return str(interaction.guild_locale or FALLBACK)


def command_text(key: str) -> app_commands.locale_str:
    """The English text of a command's name or description, which ``CommandTranslator`` turns into the others."""
    return app_commands.locale_str(load_words()(FALLBACK, key), key=key)


class CommandTranslator(app_commands.Translator):
    """Gives Discord the commands' texts in the locales that there is a file for."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in ``locale``, or None where there is none."""
        words = load_words()
        key = string.extras.get("key")
        return words(locale.value, key) if key and locale.value in words.locales else None


def timestamp(moment: datetime | float, style: discord.utils.TimestampStyle = "R") -> str:
    """Discord's own time mark, shown in each reader's time zone and language."""
    seconds = moment if isinstance(moment, float | int) else moment.timestamp()
    return f"<t:{int(seconds)}:{style}>"


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """Where Discord's clients find a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def payer(pool_id: int | None) -> str:
    """Who pays, by the name with which texts tell "person" and "pool" apart."""
    return "person" if pool_id is None else "pool"
