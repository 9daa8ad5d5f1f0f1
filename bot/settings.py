"""Every setting, from the environment or from one ``.env`` file; a wrong one stops the start with its name."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AliasChoices, Field, SecretStr

from generation.admission import OUTSTANDING_LIMIT
from generation.logs import LogSettings
from generation.pipelines.settings import PipelineSettings
from storage.settings import AtHome, DataSettings


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        msg = "not a time zone such as Europe/Berlin"
        raise ValueError(msg) from error
    return name


class Settings(DataSettings, LogSettings):
    """Everything that the bot's own process reads: once, in ``__main__``, and handed on."""

    discord_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DISCORD_TOKEN", "discord_token"),
        description="The bot's token, from the Discord developer portal.",
    )
    catalog: AtHome | None = Field(default=None, description="Your own menu of models; the shipped one if unset.")
    workers: int = Field(default=1, ge=1, le=16, description="Worker processes, one per device.")
    allowance_credits: int = Field(default=400, ge=0, le=1_000_000, description="Credits per person and month.")
    outstanding_limit: int = Field(
        default=OUTSTANDING_LIMIT, ge=1, le=1000, description="Clips of one person in the making at one time."
    )
    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        default="UTC", description="The class's time zone: when a month begins."
    )
    staff_channel_id: int | None = Field(
        default=None, gt=0, description="Channel where the instructors are told what needs them; only the log if unset."
    )
    notice: bool = Field(
        default=True, description="Whether people accept a notice of what is kept before their first clip."
    )
    still_limit_bytes: int = Field(
        default=25 * 2**20, ge=2**10, le=2**28, description="Largest still that is downloaded."
    )
    gpu: PipelineSettings = Field(default_factory=PipelineSettings, description="How the models run.")
