"""Words of a person, or too many of them, inside the bot's own; pure."""

import re
import unicodedata
from typing import Final

import discord

PROMPT_SHOWN = 200
MESSAGE_LIMIT = 2000
ALT_LIMIT = 1024
FIELD_LIMIT = 1024
"""Characters of one field of an embed."""

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: one that is not closed would turn the rest of the bot's line around."""

_OPENING: Final = str.maketrans({"[": "\ue000", "<": "\ue001"})
_OPENED: Final = str.maketrans({"\ue000": "\\[", "\ue001": "\\<"})
"""Masked links, mentions, moments and emojis begin with one of these. They are put aside, in private use characters,
while discord.py escapes the rest: it would escape a masked link as one thing, and a second backslash undoes that."""

_ADDRESS: Final = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=\.\w\w)/|(?<=\.\w\w\w)/")
"""Where an address or an invitation is cut by a backslash, so that Discord neither links nor unfolds it."""


def quoted(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """A person's words inside the bot's own: shortened, read as typed, with no markdown, link or mention in effect.

    What is written from right to left keeps its direction to itself, and marks that turn the direction are left out.
    """
    plain = _TURNING.sub("", shortened(prompt, limit))
    safe = discord.utils.escape_markdown(plain.translate(_OPENING), ignore_links=False).translate(_OPENED)
    safe = _ADDRESS.sub(r"\\\g<0>", safe.replace("-#", "-\\#"))
    return f"\u2068{safe}\u2069" if any(unicodedata.bidirectional(char) in ("R", "AL") for char in plain) else safe


def shortened(text: str, limit: int = PROMPT_SHOWN) -> str:
    """At most ``limit`` characters, the cut marked."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def described(text: str) -> str:
    """Alt text as Discord takes it: plain, shortened, and without marks that turn the direction."""
    return shortened(_TURNING.sub("", text), ALT_LIMIT)


def fitting(lines: list[str], limit: int = FIELD_LIMIT) -> str:
    """As many whole lines as an embed field holds."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > limit:
            break
        kept.append(line)
    return "\n".join(kept)
