"""Reading a typed slash command such as `/animate still:@photo.png prompt:"slow zoom in"`."""

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.command_rules import OptionKind
from sandbox.errors import ClientRefused
from sandbox.files import Upload
from sandbox.wire import Json

_OPTION = re.compile(r"([-_'\w]+):(.*)", re.DOTALL)
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


@dataclass(frozen=True)
class Typed:
    """The words of a command ("class session start") and its options as they were typed."""

    name: str
    options: dict[str, str]

    def plus(self, options: Iterable[tuple[str, str]]) -> "Typed":
        """With more options; one that is there already is replaced."""
        return Typed(self.name, {**self.options, **dict(options)})


def read(text: str) -> Typed:
    """Split a typed command; values with spaces stand in double quotes, apostrophes need none.

    Raises ClientRefused "unreadable" for an open quote, a missing name, or a word that is no option.
    """
    lexer = shlex.shlex(text.strip().removeprefix("/"), posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes = True, "", '"'
    try:
        words = list(lexer)
    except ValueError as error:
        raise ClientRefused("unreadable", text, str(error)) from None
    names: list[str] = []
    options: dict[str, str] = {}
    for word in words:
        match = _OPTION.fullmatch(word)
        if match is not None:
            options[match[1]] = match[2]
        elif options:
            raise ClientRefused("unreadable", word, "name:value")
        else:
            names.append(word)
    if not names:
        raise ClientRefused("unreadable", text, "/command")
    return Typed(" ".join(names), options)


def values(typed: Typed, known: Iterable[Json], pick: Callable[[str, str], object]) -> dict[str, object]:
    """Turn typed texts into option values by the types the bot registered.

    `pick(kind, name)` finds a person, role or channel by name. Raises ClientRefused "wrong_type" or "no_such_file";
    an unknown option is left for the client to refuse.
    """
    kinds = {option["name"]: option for option in known}
    return {name: _value(kinds[name], text, pick) if name in kinds else text for name, text in typed.options.items()}


def _value(option: Json, text: str, pick: Callable[[str, str], object]) -> object:
    name, kind = option["name"], OptionKind(option["type"])
    if kind is OptionKind.ATTACHMENT:
        return upload(name, text)
    if option.get("choices"):
        return _choice(option, text)
    if kind is OptionKind.STRING:
        return text
    if kind is OptionKind.BOOLEAN:
        if text.lower() not in _TRUE | _FALSE:
            raise ClientRefused("wrong_type", name, "true or false")
        return text.lower() in _TRUE
    if kind in (OptionKind.INTEGER, OptionKind.NUMBER):
        try:
            return int(text) if kind is OptionKind.INTEGER else float(text)
        except ValueError:
            raise ClientRefused("wrong_type", name, kind.name.lower()) from None
    return pick(kind.name.lower(), text.lstrip("@#"))


def _choice(option: Json, text: str) -> object:
    """A choice by its name or its value, whatever the value's type is."""
    found = next((one for one in option["choices"] if text in (one["name"], str(one["value"]))), None)
    return text if found is None else found["value"]


def upload(name: str, text: str) -> Upload:
    """The file that is named for an option, with or without an @. Raises ClientRefused("no_such_file")."""
    path = Path(text.removeprefix("@")).expanduser()
    if not path.is_file():
        raise ClientRefused("no_such_file", name, str(path))
    return Upload(path.name, path.read_bytes())
