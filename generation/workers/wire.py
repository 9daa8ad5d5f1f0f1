"""JSON lines between the bot and a worker: the values of protocol.py, checked on arrival."""

from dataclasses import dataclass

from pydantic import ConfigDict, TypeAdapter

from generation.workers.protocol import RenderTask, WorkerEvent

LINE_LIMIT_BYTES = 4 * 2**20
"""Longest line: a preview picture is tens of kilobytes, so this is never met in earnest."""


@dataclass(frozen=True, slots=True)
class Submit:
    """To the worker: begin this task."""

    submit: RenderTask


@dataclass(frozen=True, slots=True)
class Cancel:
    """To the worker: stop this attempt within a step."""

    cancel: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Report:
    """From the worker: an event of one attempt."""

    job_id: int
    attempt: int
    event: WorkerEvent


@dataclass(frozen=True, slots=True)
class Ready:
    """From the worker: started, and waiting for tasks."""

    ready_pid: int


_CONFIG = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", extra="forbid")
_TO_WORKER: TypeAdapter[Submit | Cancel] = TypeAdapter(Submit | Cancel, config=_CONFIG)
_FROM_WORKER: TypeAdapter[Ready | Report] = TypeAdapter(Ready | Report, config=_CONFIG)


def command_line(command: Submit | Cancel) -> bytes:
    """One line, newline included."""
    return _TO_WORKER.dump_json(command) + b"\n"


def read_command(line: bytes) -> Submit | Cancel:
    """The command of one line. Raises pydantic.ValidationError."""
    return _TO_WORKER.validate_json(line)


def report_line(report: Ready | Report) -> bytes:
    """One line, newline included."""
    return _FROM_WORKER.dump_json(report) + b"\n"


def read_report(line: bytes) -> Ready | Report:
    """The report of one line. Raises pydantic.ValidationError."""
    return _FROM_WORKER.validate_json(line)
