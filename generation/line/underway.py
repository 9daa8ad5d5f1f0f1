"""A render under way: how far it has come, and when its device is therefore free again."""

from dataclasses import dataclass, field
from typing import Final

from generation.line.allocation import Assignment
from generation.line.estimates import Estimates, Milestone
from generation.line.forecast import Busy

OVERRUN_SHARE: Final = 0.05
"""What is over its estimate is expected to take this share of it still, so that no told end is past; not measured."""


@dataclass(slots=True)
class Underway:
    """A job that a device has since ``begun_at``, and when each of its reports of progress came, newest last.

    Times are seconds of the line's clock.
    """

    given: Assignment
    begun_at: float
    reports: dict[Milestone, float] = field(default_factory=dict)

    def report(self, milestone: Milestone, now: float) -> None:
        """It has come this far. A long stage repeats its last report, which is no news; one begun anew counts anew.

        Loading is left out: how long it takes depends on where the weights lie, and is learned by itself.
        """
        if milestone[0] != "load" and milestone != next(reversed(self.reports), None):
            self.reports.pop(milestone, None)
            self.reports[milestone] = now

    def busy(self, estimates: Estimates, now: float) -> Busy:
        """When it ends: the median time that clips of its kind still took after the same report, else took in all."""
        given, job = self.given, self.given.job
        since, left = self.begun_at, given.swap_seconds + given.seconds
        known = None
        if self.reports:
            milestone, reported_at = next(reversed(self.reports.items()))
            known = estimates.left_seconds(job.model_id, job.recipe, milestone)
            since, left = (since, left) if known is None else (reported_at, known)
        free_at = max(min(since, now) + left, now + OVERRUN_SHARE * left)
        return Busy(given.device, free_at, given.is_known or known is not None)

    def finished(self, estimates: Estimates, now: float) -> None:
        """Learn what it still took after each report."""
        job = self.given.job
        # A clock that was set back meanwhile says nothing of how long anything took.
        took = {milestone: now - at for milestone, at in self.reports.items() if at <= now}
        estimates.learn_left(job.model_id, job.recipe, took)
