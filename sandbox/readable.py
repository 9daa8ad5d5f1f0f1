"""A message as plain words: mentions by name, times as distances, without the marks of emphasis."""

import re
from typing import Final

from sandbox.messages import Message
from sandbox.model import Guild
from sandbox.state import World

_MENTION = re.compile(r"<(@!?|@&|#)(\d+)>")
_TIME = re.compile(r"<t:(-?\d+)(?::[tTdDfFR])?>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|__|\*|`)(?=\S)(.+?)(?<=[^\s\\])\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINE_MARK = re.compile(r"^(-#|#{1,3}|>)\s+", re.MULTILINE)
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def plain(message: Message, world: World) -> str:
    """All text of a message as a person would read it aloud."""
    guild = message.channel.guild
    text = _MENTION.sub(lambda match: _named(match[1], int(match[2]), guild, world), message.text)
    text = _TIME.sub(lambda match: _distance(int(match[1]) - world.clock.now()), text)
    text = _COMMAND.sub(r"/\1", text)
    text = _LINE_MARK.sub("", text)
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", text))


def _named(mark: str, identifier: int, guild: Guild | None, world: World) -> str:
    if mark == "#":
        channel = world.channels.get(identifier)
        return "#unknown" if channel is None else f"#{channel.name}"
    if mark == "@&":
        role = None if guild is None else guild.roles.get(identifier)
        return "@unknown-role" if role is None else f"@{role.name}"
    user = world.users.get(identifier)
    return "@unknown-user" if user is None else f"@{user.name}"


def _distance(seconds: float) -> str:
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(seconds) >= size), (1, "s"))
    amount = f"{abs(seconds) / size:.0f} {unit}"
    return f"in {amount}" if seconds >= 0 else f"{amount} ago"
