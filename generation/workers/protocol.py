"""The small protocol between the dispatcher and whatever renders: submit, events, cancel, close.

Everything that crosses it is a frozen value that survives JSON, so that a worker may live in a child process
on this machine or on another one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from generation.errors import RenderFault
from generation.request import ClipRequest

Stage = Literal["load", "encode_prompt", "denoise", "decode"]
"""Where a render is; the frames of the last stage stream into the encoder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderTask:
    """One attempt at one job. The clip is written to ``clip_path``; nothing else outside is touched.

    ``description`` is the alt text that travels inside the file.
    """

    job_id: int
    attempt: int
    request: ClipRequest
    still_path: Path | None
    end_still_path: Path | None
    clip_path: Path
    size_limit_bytes: int
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """``done`` of ``total`` units of ``stage``; ``preview_jpeg`` is a small picture of the clip so far."""

    stage: Stage
    done: int
    total: int
    preview_jpeg: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The clip is complete, synced and within the limit at ``clip_path``.

    ``load_seconds`` is how long the model took to load; ``render_seconds`` is the rest of the attempt.
    """

    size_bytes: int
    render_seconds: float
    load_seconds: float = 0.0
    remarks: tuple[tuple[str, dict[str, str | int | float]], ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No clip. ``retry`` is true when another attempt may end differently; ``cause`` is for the log."""

    fault: RenderFault
    cause: str
    retry: bool


WorkerEvent = Progressed | Rendered | Failed


class Worker(Protocol):
    """One device. Renders one task at a time."""

    name: str

    @property
    def is_up(self) -> bool:
        """Whether it can begin a task at once; a process that died is being replaced."""

    async def submit(self, task: RenderTask) -> None:
        """Begin ``task``; idempotent on (job_id, attempt). Raises RenderFailed("crashed") if the worker is gone."""

    def events(self, job_id: int, attempt: int) -> AsyncIterator[WorkerEvent]:
        """Events of that attempt, from its first; ends after Rendered or Failed, always with one of the two."""

    async def cancel(self, job_id: int, attempt: int) -> None:
        """Ask the attempt to stop within a step; it then ends as Failed("cancelled"). Unknown attempts: no-op."""

    async def close(self) -> None:
        """Stop the worker and free its device; running work is lost."""
