"""Runs the bundled ffmpeg so that it is never left behind, never hangs on its own messages and says why it failed."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Queue
from threading import Event, Thread
from types import TracebackType
from typing import IO, Final, Self

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from generation.errors import RenderFailed

_COMMON: Final = ("-hide_banner", "-loglevel", "error", "-nostats", "-y")
_LAST_LINES: Final = 12
_LAST_WORDS_SECONDS: Final = 5.0
"""How long an ffmpeg that stopped reading may take to say why before it is killed."""


def run_ffmpeg(arguments: Sequence[str]) -> None:
    """Run ffmpeg to its end. Raises RenderFailed("encoder") with its last lines; kills it on any other exception."""
    with _process(arguments, stdin=subprocess.DEVNULL) as (process, messages):
        process.wait()
        _check(process, messages)


@contextmanager
def ffmpeg_output(arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    """What ffmpeg writes to standard output, as a stream; leaving early ends ffmpeg without an error."""
    with _process(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as (process, messages):
        assert process.stdout is not None
        with process.stdout:
            yield process.stdout
            if process.stdout.read(1) == b"":
                process.wait()
                _check(process, messages)


class FrameSink:
    """Standard input of an ffmpeg process, fed by its own thread so that frames are made while others are encoded.

    A context manager: leaving it normally waits for the finished file, leaving it by an exception kills ffmpeg.
    Raises RenderFailed("encoder") with the last lines that ffmpeg said.
    """

    def __init__(self, arguments: Sequence[str], frames_ahead: int) -> None:
        self._context = _process(arguments, stdin=subprocess.PIPE)
        self._queue: Queue[NDArray[np.uint8] | None] = Queue(frames_ahead)
        self._broken = Event()

    def __enter__(self) -> Self:
        self._process, self._messages = self._context.__enter__()
        self._feeder = Thread(target=self._feed, name="ffmpeg-feeder")
        self._feeder.start()
        return self

    def write(self, frame: NDArray[np.uint8]) -> None:
        """Queue one contiguous frame, waiting while ffmpeg is behind. The array must not change afterwards."""
        if self._broken.is_set():
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_WORDS_SECONDS)
                _check(self._process, self._messages)
            raise RenderFailed("encoder", "ffmpeg stopped reading")
        self._queue.put(frame)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                self._process.kill()
            self._queue.put(None)
            self._feeder.join()
            if kind is None:
                self._process.wait()
                _check(self._process, self._messages)
        except BaseException as failure:
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._context.__exit__(None, None, None)

    def _feed(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        while (frame := self._queue.get()) is not None:
            # After ffmpeg is gone the queue is still emptied, or the maker of the frames would wait for ever.
            if not self._broken.is_set():
                try:
                    pipe.write(frame.data)
                except OSError:
                    self._broken.set()
        with suppress(OSError):
            pipe.close()


@contextmanager
def _process(
    arguments: Sequence[str], *, stdin: int, stdout: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A started ffmpeg and the file of its messages; whatever happens inside, no process is left behind.

    Messages go to a file, because a pipe that nobody reads stops ffmpeg when it is full.
    """
    with tempfile.TemporaryFile() as messages:
        command = [imageio_ffmpeg.get_ffmpeg_exe(), *_COMMON, *arguments]
        try:
            process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=messages)
        except OSError as error:
            raise RenderFailed("encoder", str(error)) from error
        try:
            yield process, messages
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _check(process: subprocess.Popen[bytes], messages: IO[bytes]) -> None:
    if process.returncode != 0:
        messages.seek(0)
        lines = messages.read().decode("utf-8", "replace").strip().splitlines()[-_LAST_LINES:]
        raise RenderFailed("encoder", f"ffmpeg exit {process.returncode}: " + " | ".join(lines))
