"""A worker's process as its bot holds it: forked, spoken to over a socket, ended together with all that it started."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

from generation.forks import fork_context
from generation.workers.wire import LINE_LIMIT_BYTES

WORKER_TITLE = "still-worker"
"""Its name in ``top`` and ``ps -e``, where a forked process would be called as its server is."""


STDERR = 2


class ForkedWorker:
    """A child that takes commands and gives reports, a line each, until either side is gone."""

    def __init__(self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> "ForkedWorker":
        """Fork one that sees exactly this environment. Raises OSError if no process can be started."""
        forking = asyncio.create_task(asyncio.to_thread(_fork, dict(environment)))
        try:
            process, ours = await asyncio.shield(forking)
        except asyncio.CancelledError:
            with contextlib.suppress(OSError):
                _, ours = await forking
                ours.close()  # the child ends with it
            raise
        try:
            reader, writer = await asyncio.open_connection(sock=ours, limit=LINE_LIMIT_BYTES)
        except BaseException:
            ours.close()
            raise
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    async def send(self, line: bytes) -> None:
        """Write one line; to a child that is gone already it is lost without an error."""
        self._writer.write(line)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def lines(self) -> AsyncIterator[bytes]:
        """What it reports, until it ends."""
        with contextlib.suppress(ConnectionError):
            async for line in self._reader:
                yield line

    def kill(self) -> None:
        """End it at once, with the encoder that it may have started; one that is gone already is fine."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()  # it may not have had a group of its own yet

    async def ended(self) -> int:
        """Wait until it is gone; its exit code, negative for a signal."""
        await asyncio.to_thread(self._process.join)
        self._writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        assert self._process.exitcode is not None
        return self._process.exitcode


def _fork(environment: dict[str, str]) -> tuple[BaseProcess, socket.socket]:
    """The child and our end of the line to it. Blocks: the first one waits until the server has imported everything."""
    ours, theirs = socket.socketpair()
    with theirs:
        # Its log goes where ours goes now; the server may have been started with another standard error.
        socket.send_fds(ours, [b"\n"], [STDERR])
        process = fork_context().Process(target=_work, args=(theirs, environment), daemon=True)
        try:
            process.start()
        except BaseException:
            ours.close()
            raise
    return process, ours


def _work(connection: socket.socket, environment: dict[str, str]) -> None:
    """The child's side."""
    # A group of its own, so that the encoder that it starts can be ended with it.
    os.setsid()
    _, [stderr], _, _ = socket.recv_fds(connection, 1, 1)
    os.dup2(stderr, STDERR)
    os.close(stderr)
    os.environ.clear()
    os.environ.update(environment)
    with contextlib.suppress(OSError):  # only Linux has this file
        Path("/proc/self/comm").write_text(WORKER_TITLE, encoding="ascii")
    from generation.workers.child import main

    with connection, connection.makefile("rb") as commands, connection.makefile("wb") as reports:
        main(commands, reports)
