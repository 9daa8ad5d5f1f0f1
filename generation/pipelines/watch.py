"""Where a running job can be stopped: hooks on the modules of a pipeline that report and, when cancelled, raise."""

import contextlib
from collections.abc import Iterator
from typing import Any

from generation.pipelines.base import Frame, Progress
from generation.pipelines.pace import Pace
from generation.workers.protocol import Stage


class Watch:
    """Repeats the job's last report whenever a module is about to run, so that a long stage can be cancelled.

    Idle without a job. A repeated report has the same counts, and shows a watchdog that the stage still moves;
    there are at least ``repeat_seconds`` between two, because blocks run by the thousand.
    """

    def __init__(self, repeat_seconds: float) -> None:
        self._progress: Progress | None = None
        self._last: tuple[Stage, int, int] = ("load", 0, 1)
        self._within: Stage | None = None
        self._repeats = Pace(repeat_seconds)

    def begin(self, progress: Progress) -> None:
        """Report to ``progress`` from now on."""
        self._progress = progress

    def end(self) -> None:
        """Forget the job; safe to call twice."""
        self._progress = None

    @contextlib.contextmanager
    def within(self, stage: Stage) -> Iterator[None]:
        """Report whatever happens inside as ``stage``, 0 of 1: the steps of a warm-up are no steps of the job."""
        outer, self._within = self._within, stage
        try:
            yield
        finally:
            self._within = outer

    def report(self, stage: Stage, done: int, total: int, preview: Frame | None = None) -> None:
        """Pass a report on and remember it. Raises JobCancelled when the job was cancelled."""
        if self._within is not None:
            stage, done, total, preview = self._within, 0, 1, None
        self._last = (stage, done, total)
        self._repeats.restart()
        if self._progress is not None:
            self._progress(stage, done, total, preview)

    def __call__(self, module: Any, arguments: Any) -> None:
        """The hook itself; raises JobCancelled through the module's caller."""
        if self._progress is not None and self._repeats.is_due:
            self.report(*self._last)


def install(watch: Watch, pipe: Any, *, compiled: bool) -> None:
    """Put ``watch`` before every block of every module of ``pipe``.

    Blocks that are compiled are left alone, because a hook in one breaks its graph; their transformer is watched.
    """
    import torch

    for name, component in pipe.components.items():
        if not isinstance(component, torch.nn.Module):
            continue
        component.register_forward_pre_hook(watch)
        if not (compiled and name.startswith("transformer")):
            for block in _outer_blocks(component):
                block.register_forward_pre_hook(watch)


def _outer_blocks(module: Any) -> Iterator[Any]:
    import torch

    for child in module.children():
        if isinstance(child, torch.nn.ModuleList):
            yield from child
        else:
            yield from _outer_blocks(child)
