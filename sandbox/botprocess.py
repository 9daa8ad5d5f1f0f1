"""The bot under trial as a child process: started with the sandbox's address, watched, stopped with SIGTERM."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from sandbox.errors import SandboxError

STOP_SECONDS: Final = 20.0
_LINES_SHOWN: Final = 20
T = TypeVar("T")


class BotDied(SandboxError):
    """The bot ended by itself; `returncode` is negative for a signal."""

    def __init__(self, returncode: int) -> None:
        self.returncode = returncode
        super().__init__(f"the bot ended with {returncode}")


class BotProcess:
    """A running bot whose output goes to a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.log = log
        self._process = process

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls, command: Sequence[str], url: str, log: Path) -> AsyncIterator["BotProcess"]:
        """Run a command until the block is left; `{url}` in its arguments becomes the sandbox's address.

        Raises OSError when the command cannot be started.
        """
        arguments = [argument.replace("{url}", url) for argument in command]
        with log.open("wb") as output:
            # In a session of its own, so that Ctrl-C in the terminal reaches only us and the bot is asked politely.
            process = await asyncio.create_subprocess_exec(
                *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        bot = cls(process, log)
        try:
            yield bot
        finally:
            await bot.stop()

    async def alive_during(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; BotDied as soon as the bot ends before it."""
        working, dying = asyncio.ensure_future(work), asyncio.ensure_future(self._process.wait())
        try:
            await asyncio.wait({working, dying}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise BotDied(dying.result())
        finally:
            for task in (working, dying):
                task.cancel()
            await asyncio.gather(working, dying, return_exceptions=True)

    async def ended(self) -> int:
        """Wait for the bot to end by itself; its return code."""
        return await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL after STOP_SECONDS."""
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        """The end of what the bot wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LINES_SHOWN:])
