"""Sets up the log of a process, so that no traceback in it shows a token or a person's words."""

import contextlib
import io
import logging
import os
import sys
from typing import Literal, TextIO, cast

import structlog
from pydantic import Field
from pydantic_settings import BaseSettings

from storage.settings import READ_FROM

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["console", "json"]


class LogSettings(BaseSettings):
    """What is logged, and how: for the bot, and for a process that is not the bot."""

    model_config = READ_FROM

    log_level: LogLevel = Field(default="INFO", description="What is logged.")
    log_format: LogFormat = Field(default="console", description="For people or for machines.")


class _Unfailing(io.TextIOBase):
    """A text stream that loses what cannot be written: a log that is full, or that nobody reads, ends no clip."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it if that is possible."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what can be handed on."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def set_up_log(level: LogLevel, log_format: LogFormat) -> None:
    """Log to stderr from ``level`` on, the libraries too; for the whole process. What cannot be written is lost."""
    if sys.stderr is None:
        # It was closed: the next file or socket would take its place, and get our children's words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - open for as long as the process lives
    stream = _Unfailing(sys.stderr)
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
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    # discord.py logs requests at DEBUG, prompts included; those stay out whatever our own level is.
    logging.basicConfig(level=max(logging.INFO, logging.getLevelNamesMapping()[level]), handlers=[handler])
