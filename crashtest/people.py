"""Three people who go on typing, whatever happens to the bot."""

import asyncio
import contextlib
import io
import itertools
import random
from collections.abc import Coroutine
from typing import Any

from PIL import Image

from crashtest.bot import SMALL
from sandbox.errors import SandboxError
from sandbox.files import Upload
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.person import Person
from sandbox.server import Sandbox

PROMPTS = ("slow zoom in", "pan right", "orbit", "handheld")
SHORT_SECONDS = 0.5
CANCEL_LABEL = "Cancel"

ANSWER_SECONDS = 60.0
STATUS_SECONDS = 30.0
"""How long somebody who wants to cancel waits for a message to do it under."""


def offers_to_cancel(message: Message) -> bool:
    """Whether it is the status of a clip under way."""
    return any(button.label == CANCEL_LABEL for button in message.buttons)


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
        self._guests: list[Person] = []
        self._sandbox = sandbox
        self._rng = rng
        self.still = still()
        self._seeds = itertools.count(1)
        self._typing: set[asyncio.Task[None]] = set()

    @property
    def ids(self) -> list[int]:
        """Their user ids, and those of all guests."""
        return [person.id for person in (*self.everybody, *self._guests)]

    def anybody(self) -> Person:
        """One of them."""
        return self._rng.choice(self.everybody)

    def guest(self) -> Person:
        """Somebody new, who does only what they came for: whoever was forgotten has no credits left this month."""
        self._guests.append(self._sandbox.person(f"Guest {len(self._guests) + 1}"))
        return self._guests[-1]

    def two(self) -> list[Person]:
        """Two different ones of them."""
        return self._rng.sample(self.everybody, 2)

    def ask(
        self, person: Person, seconds: float = SHORT_SECONDS, channel: Channel | None = None, prompt: str = ""
    ) -> asyncio.Task[None]:
        """Somebody types /animate; never twice the same wish, so that no two clips are one file."""
        prompt = prompt or self._rng.choice(PROMPTS)
        wish: dict[str, object] = {"prompt": prompt, "seed": next(self._seeds), "seconds": seconds}
        return self._do(self._ask(person, wish, channel))

    def cancel(self, person: Person) -> asyncio.Task[None]:
        """Somebody whose clip is under way takes it back, by the button under its status or by the command."""
        return self._do(self._cancel(person, by_button=self._rng.random() < 0.5))

    async def give_up(self) -> None:
        """The bot is dead: nobody waits for its answers any more."""
        for task in self._typing:
            task.cancel()
        await asyncio.gather(*self._typing, return_exceptions=True)

    async def finish(self) -> None:
        """Wait until everybody has read the last word of the answer."""
        await asyncio.gather(*self._typing)

    def _do(self, deed: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(deed)
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)
        return task

    async def _ask(self, person: Person, wish: dict[str, object], channel: Channel | None) -> None:
        with contextlib.suppress(SandboxError, TimeoutError):
            call = await person.command("animate", {"still": self.still, "shape": SMALL, **wish}, channel)
            await call.finished(ANSWER_SECONDS)

    async def _cancel(self, person: Person, *, by_button: bool) -> None:
        with contextlib.suppress(SandboxError, TimeoutError):
            status = await person.waits_for(
                lambda m: offers_to_cancel(m) and person.mention in m.content, timeout_seconds=STATUS_SECONDS
            )
            await (person.click(status, CANCEL_LABEL) if by_button else person.command("cancel", {}))
