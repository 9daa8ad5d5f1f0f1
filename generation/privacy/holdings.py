"""What is held on a person, as a file: for themselves, or for an instructor, which stands in the log."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from generation.clock import Clock
from generation.teaching.staff import Staff
from storage import holdings
from storage.database import Database
from storage.staff_acts import NewAct

EXACT: Final = 2**53
"""Larger numbers, such as Discord's ids, are written as text: most programs that read JSON would round them."""

_MOMENTS: Final = frozenset({"at", "since"})


class Holdings:
    """Answers the question what is kept about somebody."""

    def __init__(self, database: Database, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock

    async def of_oneself(self, guild_id: int, user_id: int) -> bytes:
        """Everything held on the person in this server, as JSON for their own eyes."""
        found = await self._database.read(lambda tx: holdings.everything(tx, guild_id, user_id, for_staff=False))
        return self._as_json(guild_id, user_id, found)

    async def of_person(self, act: NewAct) -> bytes:
        """Everything held on ``act.whom_id``, for an instructor; the act stands in the log."""
        assert act.whom_id is not None
        user_id = act.whom_id
        found = await self._staff.act(
            act, lambda tx, now: holdings.everything(tx, act.guild_id, user_id, for_staff=True)
        )
        return self._as_json(act.guild_id, user_id, found)

    def _as_json(self, guild_id: int, user_id: int, sections: dict[str, list[dict[str, Any]]]) -> bytes:
        head = {"server": str(guild_id), "user": str(user_id), "written_at": _moment(self._clock())}
        rows = {
            name: [{column: _readable(column, value) for column, value in row.items()} for row in found]
            for name, found in sections.items()
        }
        return json.dumps(head | rows, ensure_ascii=False, indent=1).encode()


def _readable(column: str, value: Any) -> Any:
    if isinstance(value, float) and (column in _MOMENTS or column.endswith("_at")):
        return _moment(value)
    return str(value) if isinstance(value, int) and abs(value) > EXACT else value


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
