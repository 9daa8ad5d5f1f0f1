"""How settings are read, from the environment and then from the file ``.env``; and where the bot keeps its data."""

import os
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Annotated, TypeVar

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

T = TypeVar("T", bound=BaseSettings)

PREFIX = "STILLMOTION_"
ENV_FILE = ".env"
DATABASE_NAME = "stillmotion.sqlite3"
"""In the data folder."""

READ_FROM = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True)


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        msg = "nobody of that name has a home here"
        raise ValueError(msg) from error


AtHome = Annotated[Path, AfterValidator(_at_home)]
"""A path that may begin with ``~``: no shell looks at what stands in a file or between quotes."""


class DataSettings(BaseSettings):
    """What the bot and the tools beside it have in common."""

    model_config = READ_FROM

    data_folder: AtHome = Field(default=Path("data"), description="Where credits, jobs, stills and clips are kept.")


class WrongSettings(Exception):
    """Settings that are none, cannot be read or are not allowed: a line for each, with its name."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"Wrong setting {name}: {problem}" for name, problem in problems))


def read_settings(kind: type[T], *others: type[BaseSettings], prefixes: tuple[str, ...] = (PREFIX,)) -> T:
    """The settings, of which ``others`` are those that stand in the same places.

    Raises WrongSettings, also for names that begin like settings (with ``prefixes``) and are none, and for lines of
    the file that say nothing: pydantic overlooks both.
    """
    kinds: tuple[type[BaseSettings], ...] = (kind, *others)
    known = set[str]().union(*map(written_names, kinds))
    try:
        names = {**dotenv_values(ENV_FILE), **os.environ}
        problems = [(name, "no such setting") for name in misspelt(names, prefixes, known)]
        if problems := [*problems, *_unreadable_lines()]:
            raise WrongSettings(problems)
        return kind()
    except UnicodeDecodeError as error:
        raise WrongSettings([(ENV_FILE, f"not UTF-8 text ({error.reason})")]) from error
    except ValidationError as error:
        prefix = next(str(each.model_config["env_prefix"]) for each in kinds if each.__name__ == error.title)
        found = [(str(problem["loc"][0]), problem["msg"]) for problem in error.errors()]
        # An alias is told as it is written.
        raise WrongSettings((n if n.isupper() else f"{prefix}{n.upper()}", why) for n, why in found) from error


def written_names(settings: type[BaseSettings]) -> set[str]:
    """How the settings of a class are written in the environment: with its prefix, or as an alias says."""
    prefix = str(settings.model_config["env_prefix"])
    aliases = {
        name: field.validation_alias
        for name, field in settings.model_fields.items()
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings))
    }
    return {
        str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{prefix}{name.upper()}"
        for name, alias in aliases.items()
    }


def misspelt(environment: Iterable[str], prefixes: tuple[str, ...], known: Container[str]) -> list[str]:
    """Names of the environment that begin like settings and are none of the known."""
    return sorted(name for name in environment if name.upper().startswith(prefixes) and name.upper() not in known)


def _unreadable_lines() -> list[tuple[str, str]]:
    path = Path(ENV_FILE)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as file:
        bad = [line.original.line for line in parse_stream(file) if line.error]
    return [(f"in line {number} of {ENV_FILE}", "not NAME=VALUE") for number in bad]
