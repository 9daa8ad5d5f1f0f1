"""How settings are read, from the environment and then from the file ``.env``; and where the bot keeps its data."""

from collections.abc import Container, Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "STILLMOTION_"
ENV_FILE = ".env"
DATABASE_NAME = "stillmotion.sqlite3"
"""In the data folder."""

READ_FROM = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True)

AtHome = Annotated[Path, AfterValidator(Path.expanduser)]
"""A path that may begin with ``~``: no shell looks at what stands in a file or between quotes."""


class DataSettings(BaseSettings):
    """What the bot and the tools beside it have in common."""

    model_config = READ_FROM

    data_folder: AtHome = Field(default=Path("data"), description="Where credits, jobs, stills and clips are kept.")


def written_names(settings: type[BaseSettings]) -> set[str]:
    """How the settings of a class are written in the environment: with its prefix, or as an alias says."""
    prefix = str(settings.model_config["env_prefix"])
    aliases = {name: field.validation_alias for name, field in settings.model_fields.items()}
    return {
        str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{prefix}{name.upper()}"
        for name, alias in aliases.items()
    }


def misspelt(environment: Iterable[str], prefix: str, known: Container[str]) -> list[str]:
    """Names of the environment that begin like settings and are none of the known; pydantic overlooks those."""
    return sorted(name for name in environment if name.upper().startswith(prefix) and name.upper() not in known)
