"""What listeners are told about jobs while they wait, run and end."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from generation.workers.protocol import Progressed
from storage.jobs import Job

PROGRESS_KEPT = 1000
"""Jobs whose last report is remembered; those longest without a new one are forgotten first."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something about a job that its owner may see: a change of state, or progress of the running attempt."""

    job: Job
    progress: Progressed | None = None


Listener = Callable[[Update], None]
"""Called on the event loop for every update; must return at once."""


class Updates:
    """Tells every listener, and remembers how far each attempt came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._last_progress: OrderedDict[int, Progressed] = OrderedDict()

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` about every update from now on."""
        self._listeners.append(listener)

    def tell(self, update: Update) -> None:
        """Tell all listeners."""
        for listener in self._listeners:
            listener(update)

    def progressed(self, job: Job, progress: Progressed) -> None:
        """Remember the report without its preview, and tell all listeners."""
        self._last_progress[job.id] = replace(progress, preview_jpeg=None)
        self._last_progress.move_to_end(job.id)
        if len(self._last_progress) > PROGRESS_KEPT:
            self._last_progress.popitem(last=False)
        self.tell(Update(job, progress))

    def last_progress(self, job_id: int) -> Progressed | None:
        """How far the job's last attempt came, as far as PROGRESS_KEPT remembers it; a restart forgets it."""
        return self._last_progress.get(job_id)
