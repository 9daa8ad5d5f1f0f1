"""What people can be told of the line: when whoever waits begins and when what runs is ready."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from generation.line.allocation import Allocator, Device
from generation.line.forecast import Busy, Expected, Margins, forecast
from generation.line.people import Line
from generation.line.underway import Underway
from storage.jobs import Waiting

FORECAST_AGE_SECONDS = 5.0
"""How long a forecast is told again while the line stands still."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a person can be told about a job. Times are seconds since the epoch; None where nothing is known yet.

    ``place`` is 1 for whoever is served next, 0 for a job that a device has, and None for one too far back.
    ``starts`` is the range in which the render begins, ``render_seconds`` how long it takes then, and ``ready_at`` when
    a job that runs is done; all as forecast at ``forecast_at``. While its class ``is_paused`` it does not begin.
    """

    place: int | None = None
    starts: tuple[float, float] | None = None
    render_seconds: float | None = None
    ready_at: float | None = None
    forecast_at: float = 0.0
    is_paused: bool = False


_Forecast = tuple[float, dict[int, Expected]]
"""When it was made, and what is expected of each job by its id."""


class Prospects:
    """Forecasts of a line that somebody else changes, who says so; how far they were off here widens the next ones.

    ``running`` and ``devices`` are looked at as they are when something is asked.
    """

    def __init__(
        self,
        line: Line,
        running: Mapping[int, Underway],
        devices: Mapping[str, Device],
        allocator: Allocator,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._line = line
        self._running = running
        self._devices = devices
        self._allocator = allocator
        self._clock = clock
        self._margins = Margins()
        self._promised: dict[int, tuple[float, float]] = {}
        self._forecast: _Forecast | None = None

    def changed(self) -> None:
        """The line, or what runs, is not as it was."""
        self._forecast = None

    def promise(self, jobs: Iterable[Waiting]) -> None:
        """People are told about these jobs now; how right that was is learned when they begin."""
        now, expected = self._latest()
        for job in jobs:
            one = expected.get(job.job_id)
            if one is not None and one.is_known:
                self._promised.setdefault(job.job_id, (now, one.wait_seconds))

    def begun(self, job_id: int, now: float) -> None:
        """The job's wait is over."""
        if (promise := self._promised.pop(job_id, None)) is not None:
            self._margins.learn(promise[1], max(0.0, now - promise[0]))

    def withdrawn(self, job_id: int) -> None:
        """The job left the line unserved."""
        self._promised.pop(job_id, None)
        self.changed()

    def expected(self) -> dict[int, Expected]:
        """By job id, in the order in which the line would be served if nobody else came; its first LOOK_AHEAD jobs."""
        return self._latest()[1]

    def outlook(self, job: Waiting, *, is_joining: bool = False) -> Outlook:
        """What can be told about a job that runs or waits, or if it ``is_joining``, as if it waited already."""
        estimates = self._allocator.estimates
        render_seconds = estimates.render_seconds(job.model_id, job.recipe)
        if (running := self._running.get(job.job_id)) is not None:
            now = self._clock()
            busy = running.busy(estimates, now)
            ready_at = busy.free_at if busy.is_known else None
            return Outlook(0, render_seconds=render_seconds, ready_at=ready_at, forecast_at=now)
        at, one = self._joined(job) if is_joining and job.job_id not in self._line else self._waiting(job)
        if one is None:
            return Outlook(render_seconds=render_seconds)
        return Outlook(one.place, self._starts(one, at), render_seconds, forecast_at=at)

    def _starts(self, one: Expected, at: float) -> tuple[float, float] | None:
        """The range in which a waiting job begins, as past forecasts on this machine suggest; None while unknown."""
        if not one.is_known:
            return None
        low, _, high = self._margins.around(one.wait_seconds)
        return at + low, at + high

    def _joined(self, job: Waiting) -> tuple[float, Expected | None]:
        now, played = self._play(job)
        return now, next((one for one in played if one.job.job_id == job.job_id), None)

    def _waiting(self, job: Waiting) -> tuple[float, Expected | None]:
        at, expected = self._latest()
        return at, expected.get(job.job_id)

    def _latest(self) -> _Forecast:
        if self._forecast is None or not 0 <= self._clock() - self._forecast[0] < FORECAST_AGE_SECONDS:
            now, played = self._play()
            self._forecast = now, {one.job.job_id: one for one in played}
        return self._forecast

    def _play(self, *joining: Waiting) -> tuple[float, Iterator[Expected]]:
        now = self._clock()
        return now, forecast(self._line, self._busy(now), self._allocator, now, joining)

    def _busy(self, now: float) -> list[Busy]:
        working = [running.busy(self._allocator.estimates, now) for running in self._running.values()]
        named = {busy.device.name for busy in working}
        return [*working, *(Busy(device, now) for name, device in self._devices.items() if name not in named)]
