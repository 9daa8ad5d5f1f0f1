"""Wishes to be forgotten, from the confirmation until nothing names their person; what goes stands in ``erasure``.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

from dataclasses import dataclass

from storage.database import Transaction

BEGIN_SQL = """
INSERT INTO forgettings (guild_id, user_id, asked_at) VALUES (:guild_id, :user_id, :now)
ON CONFLICT (guild_id, user_id) WHERE user_id IS NOT NULL DO NOTHING
"""
OF_PERSON_SQL = "SELECT id FROM forgettings WHERE guild_id = ? AND user_id = ?"
UNDER_WAY_SQL = "SELECT id FROM forgettings WHERE user_id IS NOT NULL ORDER BY id LIMIT ?"
GET_SQL = "SELECT id, guild_id, user_id FROM forgettings WHERE id = ? AND user_id IS NOT NULL"
END_SQL = "UPDATE forgettings SET user_id = NULL, erased_at = :now WHERE id = :forgetting_id"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One wish that is under way. ``stand_in`` is what takes the person's place in every row that stays."""

    id: int
    guild_id: int
    user_id: int

    @property
    def stand_in(self) -> int:
        """Negative, so that it is never anybody's id."""
        return -self.id


def begin(tx: Transaction, guild_id: int, user_id: int, *, now: float) -> int:
    """Note the wish and return its number; while one is under way that one's."""
    tx.execute(BEGIN_SQL, {"guild_id": guild_id, "user_id": user_id, "now": now})
    begun = of_person(tx, guild_id, user_id)
    assert begun is not None
    return begun


def of_person(tx: Transaction, guild_id: int, user_id: int) -> int | None:
    """The number of the person's wish that is under way, if one is."""
    row = tx.execute(OF_PERSON_SQL, (guild_id, user_id)).fetchone()
    return None if row is None else int(row[0])


def under_way(tx: Transaction, limit: int) -> list[int]:
    """Numbers of up to ``limit`` wishes that are not fulfilled, oldest first."""
    return [number for (number,) in tx.execute(UNDER_WAY_SQL, (limit,))]


def get(tx: Transaction, forgetting_id: int) -> Forgetting | None:
    """The wish, unless it is fulfilled."""
    row = tx.execute(GET_SQL, (forgetting_id,)).fetchone()
    return None if row is None else Forgetting(*row)


def end(tx: Transaction, forgetting_id: int, *, now: float) -> None:
    """Forget whose wish it was; every other row has lost their id by then."""
    tx.execute(END_SQL, {"forgetting_id": forgetting_id, "now": now})
