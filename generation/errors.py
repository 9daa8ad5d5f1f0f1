"""What can go wrong while a clip is asked for or made. Errors carry data; bot/ owns the words.

GenerationError
├── CatalogError          the menu contradicts itself: stops the start
├── LockDamaged           the file of pinned commits cannot be read: stops the start
├── ModelUnusable         a model's weights cannot be used here: it is off the menu
├── RequestError          what was asked for cannot be made: nothing was held
├── StillError            the attached still cannot be used: nothing was held
├── ClipRefused           a clip is not theirs, not there any more, not to be retried or hidden: nothing changed
├── ChallengeRefused      a rule of a challenge forbids it: nothing was held
├── SessionRefused        a class session cannot be started or stopped now: nothing changed
├── NoticeNeeded          the person has not accepted the notice as it is now: nothing was held
└── RenderFailed          a job ended without a clip: its hold is released
"""

import errno
import os
from pathlib import Path
from typing import Literal

RequestFault = Literal[
    "unknown_model",
    "unknown_shape",
    "task",
    "prompt_empty",
    "prompt_long",
    "seed",
    "seconds",
    "aspect",
    "size",
    "feature",
    "quality",
    "negative_unused",
    "outstanding",
    "mark",
    "outstanding_set",
    "too_large",
]
StillFault = Literal["type", "broken", "truncated", "bomb", "too_small", "too_big", "download", "slow"]
ClipFault = Literal[
    "not_yours",
    "unfinished",
    "deleted",
    "hidden",
    "no_retry",
    "no_clip",
    "waiting",
    "not_hidden",
    "declined",
]
ChallengeFault = Literal[
    "unknown",
    "early",
    "over",
    "too_many",
    "words",
    "twice",
    "not_yours",
    "not_finished",
    "not_shown",
    "own_entry",
    "no_voting",
    "not_standing",
    "not_an_entry",
    "taken_back",
    "not_posted",
    "votes_decide",
    "waiting",
    "unfinished",
]
SessionFault = Literal["running", "none", "unknown"]
RenderFault = Literal[
    "crashed",
    "cancelled",
    "out_of_memory",
    "encoder",
    "bad_frames",
    "stalled",
    "internal",
    "too_big",
    "unusable",
    "disk_full",
]


class GenerationError(Exception):
    """Base of everything this package raises on purpose."""


class CatalogError(GenerationError):
    """A catalogue entry is wrong; the message names the file, the line, the model and the field."""

    def __init__(self, path: Path, model_id: str, problem: str, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: model {model_id!r}: {problem}" if model_id else f"{where}: {problem}")
        self.line = line


class LockDamaged(GenerationError):
    """The file of pinned commits at ``path`` cannot be read; the message says what to do."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}; correct it, or remove it and the models' newest commits are used")
        self.path = path


class ModelUnusable(GenerationError):
    """Weights that are missing, broken or of another model; ``problem`` is one clause for the operator."""

    def __init__(self, model_id: str, problem: str) -> None:
        super().__init__(model_id, problem)
        self.model_id = model_id
        self.problem = problem

    def __str__(self) -> str:
        return f"model {self.model_id!r} cannot be used: {self.problem}"


class RequestError(GenerationError):
    """A request that cannot be made; ``fault`` names the text, ``details`` fills its variables."""

    def __init__(self, fault: RequestFault, **details: str | float) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details


class StillError(GenerationError):
    """A still that cannot be used; ``fault`` names the text, ``details`` fills its variables."""

    def __init__(self, fault: StillFault, **details: str | float) -> None:
        super().__init__(fault, details)
        self.fault = fault
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the details, because stills are decoded in another process."""
        return (_still_error, (self.fault, self.details))


def _still_error(fault: StillFault, details: dict[str, str | int | float]) -> StillError:
    return StillError(fault, **details)


class ClipRefused(GenerationError):
    """Something that cannot be done with this clip, or not by this person; ``fault`` names the text."""

    def __init__(self, fault: ClipFault) -> None:
        super().__init__(fault)
        self.fault = fault


class NoticeNeeded(GenerationError):
    """An order that waits for its person to accept the notice of ``version``; it would cost ``price_credits``."""

    def __init__(self, version: int, price_credits: int) -> None:
        super().__init__(version)
        self.version = version
        self.price_credits = price_credits


class RenderFailed(GenerationError):
    """A render that ended without a clip; ``fault`` names the text, ``cause`` is for the log."""

    def __init__(self, fault: RenderFault, cause: str = "") -> None:
        super().__init__(f"{fault}: {cause}" if cause else fault)
        self.fault = fault
        self.cause = cause

    @property
    def lacks_disk(self) -> bool:
        """Whether the disk was full, in ffmpeg's words."""
        return os.strerror(errno.ENOSPC) in self.cause


class ChallengeRefused(GenerationError):
    """A challenge does not allow it; ``fault`` names why, ``details`` has what the words need."""

    def __init__(self, fault: ChallengeFault, **details: str | float) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details


class SessionRefused(GenerationError):
    """The class has a session already, or none; ``fault`` names why, ``details`` has what the words need."""

    def __init__(self, fault: SessionFault, **details: str | float) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details
