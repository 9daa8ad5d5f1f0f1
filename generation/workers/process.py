"""A worker in a child process on this machine: started at once, noticed when it dies, started again."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import structlog

from generation.errors import RenderFailed
from generation.workers.forked import ForkedWorker
from generation.workers.protocol import Failed, Progressed, RenderTask, Stage, WorkerEvent
from generation.workers.wire import Cancel, Ready, Submit, command_line, read_report

log = structlog.get_logger(__name__)

START_LIMIT_SECONDS = 60.0
RESTART_PAUSE_SECONDS = 0.5
RESTART_PAUSE_LIMIT_SECONDS = 30.0

STALL_SECONDS: Mapping[Stage, float] = {"load": 1800.0, "encode_prompt": 180.0, "denoise": 600.0, "decode": 300.0}
"""Silence after which a render is given up, by stage: the slowest load is from a network disk, the slowest step
compiles its kernels first, and after the last frame an encode may run twice."""

Attempt = tuple[int, int]
"""(job id, attempt number)."""


class ProcessWorker:
    """One device, served by one child process that is replaced whenever it ends."""

    def __init__(
        self, name: str, *, environment: Mapping[str, str], stall_seconds: Mapping[Stage, float] = STALL_SECONDS
    ) -> None:
        self.name = name
        self._stall_seconds = stall_seconds
        self._environment = dict(environment)
        self._streams: dict[Attempt, asyncio.Queue[WorkerEvent]] = {}
        self._cancelled_early: set[Attempt] = set()
        self._process: ForkedWorker | None = None
        self._ready = asyncio.Event()
        self._came_up = False
        self._closing = False
        self._supervisor: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to run the child; returns at once."""
        self._supervisor = asyncio.create_task(self._supervise(), name=f"worker {self.name}")

    @property
    def pid(self) -> int | None:
        """Process id of the running child."""
        return self._process.pid if self._process is not None and self._ready.is_set() else None

    @property
    def is_up(self) -> bool:
        """See Worker.is_up."""
        return self._ready.is_set()

    async def submit(self, task: RenderTask) -> None:
        """See Worker.submit; waits for a child that is being restarted."""
        attempt = (task.job_id, task.attempt)
        if attempt in self._streams:
            return
        try:
            async with asyncio.timeout(START_LIMIT_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise RenderFailed("crashed", "the worker did not start") from error
        stream = self._streams[attempt] = asyncio.Queue[WorkerEvent]()
        if attempt in self._cancelled_early:
            self._cancelled_early.discard(attempt)
            stream.put_nowait(Failed(fault="cancelled", cause="", retry=False))
        else:
            await self._send(Submit(task))

    async def events(self, job_id: int, attempt: int) -> AsyncIterator[WorkerEvent]:
        """See Worker.events. Raises KeyError for an attempt that was never submitted."""
        stream = self._streams[job_id, attempt]
        stage: Stage = "load"
        try:
            while True:
                event = await self._next(stream, stage)
                yield event
                if not isinstance(event, Progressed):
                    return
                stage = event.stage
        finally:
            self._streams.pop((job_id, attempt), None)

    async def _next(self, stream: asyncio.Queue[WorkerEvent], stage: Stage) -> WorkerEvent:
        limit_seconds = self._stall_seconds[stage]
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that meets an event.
            async with asyncio.timeout(limit_seconds):
                return await stream.get()
        except TimeoutError:
            # What hangs in native code hears no request to stop; the supervisor starts a fresh child.
            self._ready.clear()
            if self._process is not None:
                self._process.kill()
            return Failed(fault="stalled", cause=f"silent in {stage} for {limit_seconds:.0f} s", retry=True)

    async def cancel(self, job_id: int, attempt: int) -> None:
        """See Worker.cancel."""
        if (job_id, attempt) in self._streams:
            await self._send(Cancel((job_id, attempt)))
        else:
            # The child is still starting; its task waits in submit.
            self._cancelled_early.add((job_id, attempt))

    async def close(self) -> None:
        """See Worker.close; waits until the child is gone."""
        self._closing = True
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)

    async def _send(self, command: Submit | Cancel) -> None:
        assert self._process is not None
        # A child that died in between is noticed by the supervisor, which ends every open attempt.
        await self._process.send(command_line(command))

    async def _supervise(self) -> None:
        pause = RESTART_PAUSE_SECONDS
        while not self._closing:
            self._came_up = False
            try:
                cause = await self._run_child()
            except (OSError, ValueError) as error:
                # No process could be started, or what it said was not a report: it is replaced like a dead one.
                cause = f"{type(error).__name__}: {error}"[:200]
            self._ready.clear()
            log.warning("worker ended", worker=self.name, cause=cause, jobs=[job for job, _ in self._streams])
            for stream in self._streams.values():
                stream.put_nowait(Failed(fault="crashed", cause=cause, retry=True))
            pause = RESTART_PAUSE_SECONDS if self._came_up else min(pause * 2, RESTART_PAUSE_LIMIT_SECONDS)
            await asyncio.sleep(pause)

    async def _run_child(self) -> str:
        """Start a child and relay its reports until it ends; returns how it ended."""
        self._process = process = await ForkedWorker.start(self._environment)
        try:
            async for line in process.lines():
                self._relay(line)
            code = await process.ended()
        finally:
            process.kill()
            await process.ended()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _relay(self, line: bytes) -> None:
        report = read_report(line)
        if isinstance(report, Ready):
            self._came_up = True
            self._ready.set()
            log.info("worker ready", worker=self.name, pid=report.ready_pid)
        elif (stream := self._streams.get((report.job_id, report.attempt))) is not None:
            stream.put_nowait(report.event)
