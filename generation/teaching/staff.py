"""The one way for an instructor to change anything: the change and its line in the log are one transaction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from generation.clock import Clock
from storage import guilds, staff_acts
from storage.database import Database, Transaction
from storage.guilds import GuildSettings
from storage.staff_acts import Act, NewAct

T = TypeVar("T")

Change = Callable[[Transaction, float], T]
"""What an act changes, inside the open transaction, at ``now``; idempotent on the act's key where it may come twice."""


class Staff:
    """What instructors do, and the log of it. Who is an instructor is the caller's to know."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def act(self, act: NewAct, change: Change[T], outcome: Callable[[T], dict[str, Any]] | None = None) -> T:
        """Make the change and write it down, both or neither; returns what ``change`` returned.

        ``outcome`` adds to the act's details what only the change knows, such as how many credits came back. A replay
        of the act's key runs ``change`` again and writes nothing. What ``change`` raises undoes everything.
        """
        return await self._database.write(lambda tx: self.act_in(tx, act, change, outcome))

    def act_in(
        self, tx: Transaction, act: NewAct, change: Change[T], outcome: Callable[[T], dict[str, Any]] | None = None
    ) -> T:
        """``act`` inside an open transaction, for what must happen together with it."""
        now = self._clock()
        result = change(tx, now)
        details = {**act.details, **({} if outcome is None else outcome(result))}
        staff_acts.write(tx, replace(act, details=details), now=now)
        return result

    async def note(self, act: NewAct) -> None:
        """Write down what changed nothing, such as a look at everybody's work."""
        await self.act(act, lambda tx, now: None)

    async def refuse(self, act: NewAct) -> None:
        """Write down what somebody tried who is no instructor."""
        await self._database.write(lambda tx: staff_acts.write(tx, act, was_refused=True, now=self._clock()))

    async def settings(self, guild_id: int) -> GuildSettings:
        """What the server's instructors have set."""
        return await self._database.read(lambda tx: guilds.get(tx, guild_id))

    async def set(self, act: NewAct, **changed: Any) -> GuildSettings:
        """Change the server's settings by name (``GuildSettings``) as an act; returns them as they are now."""

        def change(tx: Transaction, now: float) -> GuildSettings:
            settings = replace(guilds.get(tx, act.guild_id), **changed)
            guilds.set(tx, act.guild_id, settings, updated_by=act.actor_id, now=now)
            return settings

        return await self.act(act, change)

    async def page(
        self, guild_id: int, limit: int, *, before_id: int | None = None, was_refused: bool = False
    ) -> list[Act]:
        """Up to ``limit`` lines of the log older than ``before_id``, newest first; those refused stand apart."""
        return await self._database.read(
            lambda tx: staff_acts.page(tx, guild_id, limit, before_id=before_id, was_refused=was_refused)
        )

    async def page_after(self, guild_id: int, limit: int, *, after_id: int, was_refused: bool = False) -> list[Act]:
        """Up to ``limit`` lines of the log that followed ``after_id``, newest first."""
        return await self._database.read(
            lambda tx: staff_acts.page_after(tx, guild_id, limit, after_id=after_id, was_refused=was_refused)
        )
