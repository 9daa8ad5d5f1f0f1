"""Three people who go on typing, whatever happens to the bot."""

import asyncio
import contextlib
import io
import random
from collections.abc import Coroutine
from typing import Any

from PIL import Image

from crashtest.promises import can_cancel
from sandbox.errors import SandboxError
from sandbox.files import Upload
from sandbox.person import Person
from sandbox.server import Sandbox

PROMPTS = ("slow zoom in", "pan right", "orbit", "handheld")
SHORT_SECONDS = 0.5


def still() -> Upload:
    """A sharp picture with nothing random in it."""
    image = Image.linear_gradient("L").resize((320, 320)).convert("RGB")
    image.paste((200, 80, 40), (40, 60, 160, 220))
    target = io.BytesIO()
    image.save(target, "PNG")
    return Upload("still.png", target.getvalue(), content_type="image/png")


class People:
    """Everybody's deeds, chosen by ``rng``; what a dead bot does not answer is nobody's fault."""

    def __init__(self, sandbox: Sandbox, rng: random.Random) -> None:
        self.everybody = [sandbox.person(name) for name in ("Ada", "Ben", "Cleo")]
        self._rng = rng
        self._still = still()
        self._typing: set[asyncio.Task[None]] = set()

    @property
    def ids(self) -> list[int]:
        """Their user ids."""
        return [person.id for person in self.everybody]

    def anybody(self) -> Person:
        """One of them."""
        return self._rng.choice(self.everybody)

    def ask(self, person: Person, seconds: float = SHORT_SECONDS) -> asyncio.Task[None]:
        """Somebody types /animate."""
        wish = {"prompt": self._rng.choice(PROMPTS), "seed": self._rng.randrange(1000), "seconds": seconds}
        return self._do(self._ask(person, wish))

    def cancel(self, person: Person) -> asyncio.Task[None]:
        """Somebody takes a clip back, by the command or by the button under it."""
        return self._do(self._press(person) if self._rng.random() < 0.5 else self._type_cancel(person))

    async def give_up(self, sandbox: Sandbox) -> None:
        """The bot is dead: let everybody who still waits for an answer see that none comes."""
        while self._typing:
            sandbox.clock.advance(3.5)  # Discord waits 3 s for an answer
            await asyncio.wait(self._typing, timeout=0.2)

    async def finish(self) -> None:
        """Wait until everybody has read the answer."""
        await asyncio.gather(*self._typing)

    def _do(self, deed: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(deed)
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)
        return task

    async def _ask(self, person: Person, wish: dict[str, object]) -> None:
        with contextlib.suppress(SandboxError, TimeoutError):
            await person.command("animate", {"still": self._still, "shape": "square", **wish})

    async def _type_cancel(self, person: Person) -> None:
        with contextlib.suppress(SandboxError, TimeoutError):
            await person.command("cancel", {})

    async def _press(self, person: Person) -> None:
        with contextlib.suppress(SandboxError, TimeoutError):
            status = await person.waits_for(lambda m: can_cancel(m) and person.mention in m.content, timeout_seconds=3)
            await person.click(status, "Cancel")
