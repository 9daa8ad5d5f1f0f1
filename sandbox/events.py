"""What happens in the sandbox, told to everybody who listens: gateway sessions, waiting people, a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sandbox.wire import Json

Listener = Callable[["Event"], None]

# Which gateway intents bring an event to a bot, from Discord's list of intents. Events that are not listed, such as
# INTERACTION_CREATE, reach every session.
GUILDS, GUILD_MEMBERS = 1 << 0, 1 << 1
GUILD_MESSAGES, GUILD_MESSAGE_REACTIONS, GUILD_MESSAGE_TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_MESSAGE_REACTIONS, DIRECT_MESSAGE_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT: Final = 1 << 15
_GUILD_INTENTS: Final = {
    **dict.fromkeys(("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"), GUILDS),
    **dict.fromkeys(("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"), GUILDS),
    **dict.fromkeys(("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "CHANNEL_PINS_UPDATE"), GUILDS),
    **dict.fromkeys(("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE"), GUILDS),
    **dict.fromkeys(("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), GUILD_MEMBERS),
    **dict.fromkeys(("THREAD_MEMBERS_UPDATE",), GUILDS | GUILD_MEMBERS),
    **dict.fromkeys(("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"), GUILD_MESSAGES),
    **dict.fromkeys(("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"), GUILD_MESSAGE_REACTIONS),
    **dict.fromkeys(("MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI"), GUILD_MESSAGE_REACTIONS),
    "TYPING_START": GUILD_MESSAGE_TYPING,
}
_DIRECT_SHIFT: Final = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `name` is the gateway's name, or a lower-case one for what Discord does not announce (a logged request, the clock).
    `subject` is the live object it is about; `for_bot` is false for what only people and the page may see.
    """

    name: str
    payload: Json
    guild_id: int | None = None
    subject: object = None
    for_bot: bool = True

    def wanted_by(self, intents: int) -> bool:
        """Whether a session that identified with these intents receives it."""
        if not self.for_bot:
            return False
        needed = _GUILD_INTENTS.get(self.name)
        if needed is None:
            return True
        if self.guild_id is None and needed & (GUILD_MESSAGES | GUILD_MESSAGE_REACTIONS | GUILD_MESSAGE_TYPING):
            needed <<= _DIRECT_SHIFT
        return bool(intents & needed)


class EventHub:
    """Calls every listener at once and in order; a listener must not block."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next_key = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Listen from now on; call the returned function to stop (more than once does no harm)."""
        key = self._next_key
        self._next_key += 1
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None

    def publish(self, event: Event) -> None:
        """Tell everybody who listens at this moment."""
        for listener in tuple(self._listeners.values()):
            listener(event)
