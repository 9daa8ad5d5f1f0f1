"""The worker process: takes tasks, renders them one at a time, and reports.

It ends when the commands do, so that no worker outlives its bot.
"""

import contextlib
import errno
import io
import json
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import structlog
from PIL import Image

from generation.errors import RenderFailed
from generation.guard import remarks_on
from generation.logs import LogSettings, set_up_log
from generation.media.encoder import Metadata, encode
from generation.media.motion import MotionWatch, blank_of
from generation.pipelines.base import Frame, JobCancelled
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from generation.stills import crop_to
from generation.workers.protocol import Failed, Progressed, Rendered, RenderTask, Stage, WorkerEvent
from generation.workers.wire import Cancel, Ready, Report, read_command, report_line

log = structlog.get_logger(__name__)

RETRIED_FAULTS = frozenset({"crashed", "internal", "stalled"})
"""Faults that may not repeat; all others would only burn GPU time again."""


NICENESS = 10
"""Whoever types a command is answered first; a render takes what is left of the processor."""


class Renderer:
    """Renders tasks one after another; ``cancel`` may come from another thread."""

    def __init__(self, pipelines: Pipelines) -> None:
        self._pipelines = pipelines
        self._cancelled: set[tuple[int, int]] = set()

    def cancel(self, job_id: int, attempt: int) -> None:
        """Make that attempt stop at its next report of progress, now or when it starts."""
        self._cancelled.add((job_id, attempt))

    def render(self, task: RenderTask, emit: Callable[[WorkerEvent], None]) -> WorkerEvent:
        """Make the clip of ``task``; the returned event ends the attempt. Never raises for a failed render."""
        try:
            return self._render(task, emit)
        except JobCancelled:
            return Failed(fault="cancelled", cause="", retry=False)
        except RenderFailed as error:
            if error.lacks_disk:
                return Failed(fault="disk_full", cause=error.cause, retry=True)
            return Failed(fault=error.fault, cause=error.cause, retry=error.fault in RETRIED_FAULTS)
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                return Failed(fault="disk_full", cause=str(error), retry=True)
            log.exception("render failed", job=task.job_id, attempt=task.attempt)
            return Failed(fault="internal", cause=f"{type(error).__name__}: {error}"[:500], retry=True)
        finally:
            self._cancelled.discard((task.job_id, task.attempt))

    def _render(self, task: RenderTask, emit: Callable[[WorkerEvent], None]) -> Rendered:
        started = time.monotonic()
        load_seconds, loading_since = 0.0, None
        request = task.request

        def progress(stage: Stage, done: int, total: int, preview: Frame | None = None) -> None:
            nonlocal load_seconds, loading_since
            if (task.job_id, task.attempt) in self._cancelled:
                raise JobCancelled
            now = time.monotonic()
            load_seconds += 0.0 if loading_since is None else now - loading_since
            loading_since = now if stage == "load" else None
            picture = None if preview is None else _jpeg(preview)
            emit(Progressed(stage=stage, done=done, total=total, preview_jpeg=picture))

        still, end_still = (
            None if path is None else crop_to(Image.open(path), request.width, request.height)
            for path in (task.still_path, task.end_still_path)
        )
        pipeline = self._pipelines.pipeline_for(request.model, progress)
        rendering = pipeline.render(request, still, end_still, progress)
        watch = MotionWatch(request.model.fps)
        encoded = encode(
            watch.passing(rendering.frames),
            width=request.width,
            height=request.height,
            fps=request.model.fps,
            path=task.clip_path,
            sound=rendering.sound,
            metadata=Metadata(
                description=task.description, recipe=json.dumps({**request.recipe(), **rendering.recipe})
            ),
            size_limit_bytes=task.size_limit_bytes,
        )
        blank = None if still is None else blank_of(np.asarray(still))
        is_computed = request.model.family == "draft"
        seen = remarks_on(watch.judge(), request.motion_prompt, still=blank, is_computed=is_computed)
        remarks = (*rendering.remarks, *seen)
        return Rendered(
            size_bytes=encoded.size_bytes,
            render_seconds=time.monotonic() - started - load_seconds,
            load_seconds=load_seconds,
            remarks=tuple((remark.key, remark.details) for remark in remarks),
        )


def _jpeg(frame: Frame) -> bytes:
    target = io.BytesIO()
    Image.fromarray(frame).save(target, "JPEG", quality=80)
    return target.getvalue()


def serve(commands: BinaryIO, reports: BinaryIO, renderer: Renderer) -> None:
    """Take commands until they end. Renders on the calling thread; reads commands on another."""
    tasks: queue.SimpleQueue[RenderTask] = queue.SimpleQueue()

    def listen() -> None:
        with contextlib.suppress(ConnectionError):  # a bot that died before it read everything
            for line in commands:
                command = read_command(line)
                if isinstance(command, Cancel):
                    renderer.cancel(*command.cancel)
                else:
                    tasks.put(command.submit)
        # The bot is gone or wants us gone: a render that hangs in native code must not keep the device.
        # Its encoder goes too, or it would finish a file that nobody waits for.
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(0)

    def send(report: Ready | Report) -> None:
        with contextlib.suppress(ConnectionError):  # the listener ends the process
            reports.write(report_line(report))
            reports.flush()

    threading.Thread(target=listen, name="commands", daemon=True).start()
    send(Ready(os.getpid()))
    while True:
        task = tasks.get()

        def emit(event: WorkerEvent, task: RenderTask = task) -> None:
            send(Report(task.job_id, task.attempt, event))

        emit(renderer.render(task, emit))


def main(commands: BinaryIO, reports: BinaryIO) -> None:
    """Be the worker that these two ends belong to."""
    os.nice(NICENESS)
    settings = LogSettings()
    set_up_log(settings.log_level, settings.log_format)
    serve(commands, reports, Renderer(Pipelines(PipelineSettings())))
