"""What Discord accepts as an application command: the kinds of commands and options, and their limits."""

import re
from enum import IntEnum
from typing import Any, Final

from sandbox.errors import ApiError, invalid_form
from sandbox.wire import Json


class CommandKind(IntEnum):
    """What a command is started from."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


class OptionKind(IntEnum):
    """Option types, from Discord's reference on application commands."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


# Limits from Discord's reference on application commands.
MAX_COMMANDS: Final = {CommandKind.CHAT_INPUT: 100, CommandKind.USER: 15, CommandKind.MESSAGE: 15}
MAX_OPTIONS: Final = 25
MAX_TOTAL_CHARACTERS: Final = 8000
_CHAT_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
NESTING: Final = frozenset({OptionKind.SUBCOMMAND, OptionKind.GROUP})


def check_command(body: Json, path: str) -> None:
    """Raise 50035 for the first documented limit that a registered command breaks."""
    prefix = f"{path}." if path else ""
    kind = body.get("type") or CommandKind.CHAT_INPUT
    name = body.get("name") or ""
    if kind != CommandKind.CHAT_INPUT:
        if not 1 <= len(name) <= 32:
            raise _bad_length(f"{prefix}name", 1, 32)
        if body.get("options"):
            raise invalid_form(f"{prefix}options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", "No options here")
        return
    _check_names(body, prefix)
    _check_options(body.get("options") or [], f"{prefix}options")
    if _characters(body) > MAX_TOTAL_CHARACTERS:
        message = f"Command exceeds maximum size ({MAX_TOTAL_CHARACTERS})"
        raise invalid_form(f"{prefix}name", "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_names(item: Json, prefix: str) -> None:
    name, description = item.get("name") or "", item.get("description") or ""
    for text in (name, *(item.get("name_localizations") or {}).values()):
        if not _CHAT_NAME.fullmatch(text) or text != text.lower():
            message = "Command name is invalid"
            raise invalid_form(f"{prefix}name", "APPLICATION_COMMAND_INVALID_NAME", message)
    for text in (description, *(item.get("description_localizations") or {}).values()):
        if not 1 <= len(text) <= 100:
            raise _bad_length(f"{prefix}description", 1, 100)


def _check_options(options: list[Json], path: str) -> None:
    if len(options) > MAX_OPTIONS:
        raise _bad_length(path, 0, MAX_OPTIONS)
    names: set[str] = set()
    optional_seen = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        _check_names(option, f"{here}.")
        if option["name"] in names:
            raise invalid_form(f"{here}.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Duplicate option name")
        names.add(option["name"])
        if option["type"] in NESTING:
            _check_options(option.get("options") or [], f"{here}.options")
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            raise invalid_form(f"{here}.required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        _check_choices(option, here)


def _check_choices(option: Json, path: str) -> None:
    choices = option.get("choices") or []
    if len(choices) > MAX_OPTIONS:
        raise _bad_length(f"{path}.choices", 0, MAX_OPTIONS)
    if choices and option.get("autocomplete"):
        message = "Autocomplete options cannot have choices"
        raise invalid_form(f"{path}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", message)
    for index, choice in enumerate(choices):
        check_choice(choice, f"{path}.choices.{index}")


def check_choice(choice: Json, path: str) -> None:
    """Raise 50035 when a choice, fixed or suggested, is too long."""
    if not 1 <= len(str(choice.get("name", ""))) <= 100:
        raise _bad_length(f"{path}.name", 1, 100)
    value = choice.get("value")
    if isinstance(value, str) and len(value) > 100:
        raise _bad_length(f"{path}.value", 0, 100)


def _characters(item: Any) -> int:
    """Names, descriptions and values together, which Discord caps; of localisations only the longest counts."""
    total = 0
    for key in ("name", "description"):
        texts = [str(item.get(key) or ""), *(item.get(f"{key}_localizations") or {}).values()]
        total += max(map(len, texts))
    total += sum(len(str(choice["value"])) for choice in item.get("choices") or [] if "value" in choice)
    nested = [*(item.get("options") or []), *(item.get("choices") or [])]
    return total + sum(map(_characters, nested))


def _bad_length(path: str, low: int, high: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
