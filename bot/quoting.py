"""Words of a person, or too many of them, inside the bot's own; pure."""

import discord

PROMPT_SHOWN = 200
ALT_LIMIT = 1024
FIELD_LIMIT = 1024
"""Characters of one field of an embed."""


def quoted(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """A person's words inside the bot's own: shortened, and without any markdown, link or mark of ours in effect."""
    return discord.utils.escape_markdown(shortened(prompt, limit)).replace("[", "\\[").replace("-#", "\\-#")


def shortened(text: str, limit: int = PROMPT_SHOWN) -> str:
    """At most ``limit`` characters, the cut marked."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def fitting(lines: list[str], limit: int = FIELD_LIMIT) -> str:
    """As many whole lines as an embed field holds."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > limit:
            break
        kept.append(line)
    return "\n".join(kept)
