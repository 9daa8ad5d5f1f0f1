"""Which free device takes which waiting job: the policy chooses the job, the device follows from its model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from generation.line.estimates import Estimates
from generation.line.fairness import Policy, fair_share
from generation.line.people import Line
from storage.jobs import Waiting


@dataclass(frozen=True, slots=True)
class Device:
    """A device, the model loaded on it, and when it was last given a job."""

    name: str
    resident: str | None = None
    used_at: float = -math.inf


def place(model_id: str, free: Sequence[Device]) -> Device:
    """Where a job runs: a free device that has its model, else an empty one, else the least recently used."""
    return min(
        free, key=lambda device: (device.resident != model_id, device.resident is not None, device.used_at, device.name)
    )


@dataclass(frozen=True, slots=True)
class Assignment:
    """A job on a device. ``device`` is as it will be; loading takes ``swap_seconds``, then the job ``seconds``.

    ``is_known`` says whether ``seconds`` was measured here. ``device_before`` is the device as it was, and
    ``served_before`` when the person was last served: what undoing the assignment takes.
    """

    job: Waiting
    device: Device
    swap_seconds: float
    seconds: float
    is_known: bool
    device_before: Device
    served_before: float


@dataclass(frozen=True, slots=True)
class Allocator:
    """The rules by which ``devices`` devices are shared."""

    estimates: Estimates
    devices: int
    policy: Policy = fair_share

    def estimate(self, job: Waiting) -> float:
        """Seconds that the job is assumed to render."""
        return self.estimates.assumed_seconds(job.model_id, job.recipe, job.price_credits)

    def assign(self, line: Line, free: Sequence[Device], now: float) -> Assignment:
        """Take the next job out of a line that is not empty, for one of the free devices, and charge its person."""
        estimates = self.estimates
        snapshot = line.snapshot(
            now,
            devices=self.devices,
            resident={device.resident for device in free if device.resident is not None},
            swap_seconds=estimates.swap_seconds,
        )
        job = self.policy(snapshot)
        device = place(job.model_id, free)
        needed = estimates.swap_seconds(job.model_id)
        known = estimates.render_seconds(job.model_id, job.recipe)
        seconds = self.estimate(job) if known is None else known
        served_before = line.begin(job, seconds, now)
        # A model without weights leaves the one that is loaded where it is.
        resident = job.model_id if needed else device.resident
        return Assignment(
            job,
            Device(device.name, resident, now),
            swap_seconds=0.0 if device.resident == job.model_id else needed,
            seconds=seconds,
            is_known=known is not None,
            device_before=device,
            served_before=served_before,
        )
