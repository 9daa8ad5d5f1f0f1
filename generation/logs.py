"""Sets up the log of a process, so that no traceback in it shows a token or a person's words."""

import logging
import sys
from typing import Literal

import structlog
from pydantic_settings import BaseSettings, SettingsConfigDict

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["console", "json"]


class LogSettings(BaseSettings):
    """The log settings of the bot, as a process that is not the bot reads them from the same places."""

    model_config = SettingsConfigDict(
        env_prefix="STILLMOTION_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    log_level: LogLevel = "INFO"
    log_format: LogFormat = "console"


def set_up_log(level: LogLevel, log_format: LogFormat) -> None:
    """Log to stderr from ``level`` on, the libraries too; for the whole process."""
    renderer = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        # Plain tracebacks: the pretty ones print local variables, among them the token and people's prompts.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if log_format == "json":
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    # discord.py logs requests at DEBUG, prompts included; those stay out whatever our own level is.
    logging.basicConfig(level=max(logging.INFO, logging.getLevelNamesMapping()[level]), handlers=[handler])
