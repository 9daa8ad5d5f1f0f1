"""The line and the devices as people may see them: of everybody, or of one class."""

from dataclasses import dataclass

from generation.line.prospects import Outlook
from storage.jobs import Job, Waiting


@dataclass(frozen=True, slots=True)
class Standing:
    """The line as everybody may see it; ``waiting_count`` counts those beyond ``waiting`` too.

    ``set_aside_count`` are those whose model rests or whose class is paused: they wait for the one or the other and
    not for their turn.
    """

    running: list[tuple[Job, Outlook]]
    waiting: list[tuple[Waiting, Outlook]]
    waiting_count: int
    set_aside_count: int


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device: the model that is loaded, the job that it renders, and whether its process is there."""

    name: str
    resident: str | None
    job: Job | None
    is_up: bool


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """The line as one class sees it: its own people who wait, in the order of service, and every device."""

    waiting: list[Waiting]
    set_aside: list[Waiting]
    devices: list[DeviceState]
