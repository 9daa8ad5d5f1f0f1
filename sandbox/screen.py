"""What a person reads while a bot works, on one live line of a terminal, or line by line where there is none."""

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sandbox.events import Event
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.readable import plain
from sandbox.state import World


class Screen:
    """Follows the bot's messages in the eyes of one person."""

    def __init__(self, console: Console, person: Person, world: World) -> None:
        self._console = console
        self._person = person
        self._world = world
        self._live: Live | None = None
        self._shown = ""

    @contextlib.contextmanager
    def following(self) -> Iterator[None]:
        """Show every new and edited message of a bot while the block runs."""
        unsubscribe = self._world.events.subscribe(self._on_event)
        try:
            if self._console.is_terminal:
                with Live(Text(""), console=self._console, transient=True) as self._live:
                    yield
            else:
                yield
        finally:
            self._live = None
            unsubscribe()

    def _on_event(self, event: Event) -> None:
        message = event.subject
        if not isinstance(message, Message) or not message.author.bot or not self._person.sees(message):
            return
        # Bots put what is new, such as a progress bar, on the last line; the rest stays the same.
        lines = ["thinking…"] if message.thinking else list(filter(None, plain(message, self._world).split("\n")))
        line = "" if not lines else lines[-1] if self._live is not None else " · ".join(lines)
        if not line or line == self._shown:
            return
        self._shown = line
        if self._live is None:
            self._console.print(Text(line), soft_wrap=True)
        else:
            self._live.update(Text(line, no_wrap=True, overflow="ellipsis"), refresh=True)
