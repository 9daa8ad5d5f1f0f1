"""Remembers whom the bot has met and with which roles; the database is asked only when something has changed."""

from collections.abc import Collection

from generation.clock import Clock
from storage import roster
from storage.database import Database

REMEMBERED_SECONDS = 600.0
"""How far “last seen” may lag behind, so that a busy person does not cost a write at every click."""


class Roster:
    """Whom the bot has met since the database was made."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._noted: dict[tuple[int, int], tuple[str, frozenset[int], float]] = {}

    async def meet(self, guild_id: int, user_id: int, *, name: str, role_ids: Collection[int]) -> None:
        """Note the person as they are now. Raises DatabaseUnusable."""
        now, roles, key = self._clock(), frozenset(role_ids), (guild_id, user_id)
        known = self._noted.get(key)
        if known is not None and known[:2] == (name, roles) and 0 <= now - known[2] < REMEMBERED_SECONDS:
            return
        await self._database.write(lambda tx: roster.meet(tx, guild_id, user_id, name=name, role_ids=roles, now=now))
        self._noted[key] = name, roles, now

    async def names(self, guild_id: int) -> dict[int, str]:
        """The names of everybody ever met in the server, by user id."""
        people = await self._database.read(lambda tx: roster.people(tx, guild_id))
        return {person.user_id: person.name for person in people}

    def forget(self, guild_id: int, user_id: int) -> None:
        """Whoever removes the person's row calls this too, so that they are met anew."""
        self._noted.pop((guild_id, user_id), None)
