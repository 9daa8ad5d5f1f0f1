"""Sponsored pools: opened, funded, shown to those who may use them, paid out as prizes, closed with the rest returned.

A clip is paid from one by ``NewOrder.pool_id``. The ``…_in`` functions take an open transaction, for a challenge or a
session that must change together with its pool.
"""

from dataclasses import dataclass

from generation.clock import Clock
from generation.teaching.staff import Staff
from storage import pools
from storage.database import Database, Transaction
from storage.pools import Pool, PoolKind, Totals
from storage.staff_acts import NewAct


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPool:
    """A pool to be opened with ``credits`` in it; ``cap_credits`` bounds what each person may have, None does not.

    ``key`` is the caller's, and makes a replay harmless.
    """

    key: str
    guild_id: int
    kind: PoolKind
    title: str
    credits: int
    cap_credits: int | None
    created_by: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one person may still have of an open pool, and what they have held and spent of it."""

    pool: Pool
    left: int
    used: int


def open_in(tx: Transaction, new: NewPool, now: float) -> Pool:
    """Open the pool and put its credits in. Idempotent on ``new.key``."""
    pool = pools.open(
        tx,
        key=new.key,
        guild_id=new.guild_id,
        kind=new.kind,
        title=new.title,
        cap_credits=new.cap_credits,
        created_by=new.created_by,
        now=now,
    )
    if new.credits > 0:
        about = {"reason": new.kind, "actor": str(new.created_by), "now": now}
        pools.fund(tx, pool.id, key=new.key, amount_credits=new.credits, **about)  # type: ignore[arg-type] # one dict
    return pool


def share_in(tx: Transaction, pool: Pool, user_id: int) -> Share:
    """What the person has of the pool."""
    return Share(pool, pools.left_for(tx, pool, user_id), pools.used(tx, pool.id, user_id))


class Pools:
    """The use cases around pools; every one that an instructor asks for is an act in the log."""

    def __init__(self, database: Database, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock

    async def open(self, act: NewAct, new: NewPool) -> Pool:
        """Open the pool and put its credits in. Idempotent on ``new.key``."""
        return await self._staff.act(act, lambda tx, now: open_in(tx, new, now))

    async def fund(self, act: NewAct, pool_id: int, credits_: int) -> Pool:
        """Put more credits in. Idempotent on the act's key. Raises PoolClosed, UnknownPool."""

        def change(tx: Transaction, now: float) -> Pool:
            pool = pools.get(tx, pool_id)
            about = {"reason": pool.kind, "actor": str(act.actor_id)}
            pools.fund(tx, pool_id, key=act.key, amount_credits=credits_, **about, now=now)
            return pool

        return await self._staff.act(act, change)

    async def close(self, act: NewAct, pool_id: int) -> int:
        """Close the pool and return its rest; the credits returned now stand in the log as ``rest``. Idempotent.

        Clips that are not finished keep what they hold; what they do not use is returned later.
        """

        def change(tx: Transaction, now: float) -> int:
            return pools.close(tx, pool_id, actor=str(act.actor_id), now=now)

        return await self._staff.act(act, change, lambda rest: {"rest": rest})

    async def prize(self, act: NewAct, pool_id: int, *, place: int, user_id: int, credits_: int) -> None:
        """Pay a prize, once for each ``place`` (1 is the first; people who tie take places one after another).

        Raises KeyReused if the place went to somebody else, PoolExhausted, PoolClosed, UnknownPool.
        """

        def change(tx: Transaction, now: float) -> None:
            paid = {"place": place, "user_id": user_id, "amount_credits": credits_}
            pools.prize(tx, pool_id, **paid, actor=str(act.actor_id), now=now)

        await self._staff.act(act, change)

    async def get(self, pool_id: int) -> Pool:
        """The pool as it is now. Raises UnknownPool."""
        return await self._database.read(lambda tx: pools.get(tx, pool_id))

    async def shares(self, guild_id: int, user_id: int) -> list[Share]:
        """What the person may still have of each open pool of the server, the oldest pool first."""

        def work(tx: Transaction) -> list[Share]:
            return [share_in(tx, pool, user_id) for pool in pools.open_pools(tx, guild_id)]

        return await self._database.read(work)

    async def share(self, pool_id: int, user_id: int) -> Share:
        """What the person may still have of one pool, 0 of a closed one. Raises UnknownPool."""
        return await self._database.read(lambda tx: share_in(tx, pools.get(tx, pool_id), user_id))

    async def totals(self, pool_id: int) -> Totals:
        """What has become of the pool's credits."""
        return await self._database.read(lambda tx: pools.totals(tx, pool_id))
