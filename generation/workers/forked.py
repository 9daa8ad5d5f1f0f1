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


class ForkedWorker:
    """A child that takes commands and gives reports, a line each, until either side is gone."""

    def __init__(self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> "ForkedWorker":
        """Fork one that sees exactly this environment. Raises OSError if no process can be started."""
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.to_thread(_fork, theirs, dict(environment))
            reader, writer = await asyncio.open_connection(sock=ours, limit=LINE_LIMIT_BYTES)
        except BaseException:
            ours.close()  # a child that was forked all the same ends with it
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
        self._writer.close()
        assert self._process.exitcode is not None
        return self._process.exitcode


def _fork(theirs: socket.socket, environment: dict[str, str]) -> BaseProcess:
    """Blocks: the first one waits until the server has imported everything."""
    with theirs:
        process = fork_context().Process(target=_work, args=(theirs, environment), daemon=True)
        process.start()
    return process


def _work(connection: socket.socket, environment: dict[str, str]) -> None:
    """The child's side."""
    # A group of its own, so that the encoder that it starts can be ended with it.
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    with contextlib.suppress(OSError):  # only Linux has this file
        Path("/proc/self/comm").write_text(WORKER_TITLE, encoding="ascii")
    from generation.workers.child import main

    with connection, connection.makefile("rb") as commands, connection.makefile("wb") as reports:
        main(commands, reports)
