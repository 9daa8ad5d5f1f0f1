"""Classes that are paused or draining: written down for the next start, remembered for whoever asks often."""

from collections.abc import Callable

from generation.teaching.staff import Staff
from storage import class_rules
from storage.class_rules import ClassState, Closure
from storage.database import Database, Transaction
from storage.staff_acts import NewAct

Listener = Callable[[int], None]
"""Called on the event loop with the id of a server that was closed or resumed; must return at once."""


class Closures:
    """The state of every class. Call ``load`` before anything is started."""

    def __init__(self, database: Database, staff: Staff) -> None:
        self._database = database
        self._staff = staff
        self._closed: dict[int, Closure] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` about every change from now on."""
        self._listeners.append(listener)

    async def load(self) -> None:
        """Remember what an earlier process wrote down, and tell the listeners."""
        self._closed = await self._database.read(class_rules.closures)
        for guild_id in self._closed:
            self._tell(guild_id)

    def of(self, guild_id: int) -> Closure | None:
        """Why the class is closed; None while it runs."""
        return self._closed.get(guild_id)

    def is_paused(self, guild_id: int) -> bool:
        """Whether nothing may start for this server."""
        closure = self._closed.get(guild_id)
        return closure is not None and closure.state == "paused"

    async def close(self, act: NewAct, state: ClassState) -> Closure:
        """Pause the class (nothing starts) or let it drain (nothing new is taken), because of ``act.why``."""

        def change(tx: Transaction, now: float) -> Closure:
            class_rules.close(tx, act.guild_id, state, reason=act.why, now=now)
            return Closure(state, act.why, now)

        closure = self._closed[act.guild_id] = await self._staff.act(act, change)
        self._tell(act.guild_id)
        return closure

    async def resume(self, act: NewAct) -> bool:
        """Let the class run again; False if it did."""
        was_closed = await self._staff.act(act, lambda tx, now: class_rules.resume(tx, act.guild_id))
        self._closed.pop(act.guild_id, None)
        self._tell(act.guild_id)
        return was_closed

    def _tell(self, guild_id: int) -> None:
        for listener in self._listeners:
            listener(guild_id)
