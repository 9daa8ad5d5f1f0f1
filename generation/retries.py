"""The free retry of a clip that nobody can use: its refund and a new order, together, once per job."""

from dataclasses import replace

from generation.catalog import Catalog
from generation.clock import Clock
from generation.errors import ClipRefused
from generation.lookup import check_kept, owned
from generation.orders import NewOrder, Orders, Placed
from generation.pools import NewPool, open_in
from generation.pricing import price_credits
from generation.remarks import may_be_retried
from generation.request import SEED_LIMIT, ClipRequest
from generation.teaching.house_rules import Asker
from storage import jobs, ledger, pools, sessions
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.staff_acts import THE_BOT, THE_BOTS_ID

RETRY = "retry:"
"""Begins the key of a retry's order; the job it replaces follows."""

STRIDE = 1_000_003
"""From one seed to the next: a retry is a new picture, and the same one if it is asked for twice."""


class Retries:
    """Gives a person's credits back for a clip that came out still or blank, and orders it again with a new seed."""

    def __init__(self, database: Database, orders: Orders, *, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._orders = orders
        self._catalog = catalog
        self._clock = clock

    async def retry(self, job_id: int, *, actor: int, channel_id: int, asker: Asker | None = None) -> Placed:
        """Refund the owner's job and place the same recipe with another seed. One transaction, idempotent on the job.

        It is paid from where the clip was paid from, or by the class where that is closed; never by somebody whom the
        clip cost nothing. Raises LookupError; ClipRefused: not_yours, deleted, hidden, no_retry for a job that offers
        none or was refunded otherwise; and as ``Orders.place``, for whom ``asker`` is who asks. Nothing changed then.
        """

        def work(tx: Transaction) -> Placed:
            job = owned(tx, job_id, actor)
            if (known := jobs.by_key(tx, f"{RETRY}{job_id}")) is not None:
                return Placed(known, ledger.balance(tx, job.guild_id, job.user_id), is_new=False)
            self._check(tx, job)
            ledger.refund(tx, job.hold_id, reason="still", actor=str(actor), now=self._clock())
            new = self._order(job, channel_id, asker)
            if job.pool_id is None:
                return self._orders.place_in(tx, new)
            if (pool_id := self._pool(tx, job, job.pool_id)) is not None:
                return self._orders.place_in(tx, replace(new, pool_id=pool_id))
            return self._place_for_free(tx, new)

        return await self._database.write(work)

    def _check(self, tx: Transaction, job: Job) -> None:
        check_kept(job)
        if not offers_retry(job) or ledger.is_refunded(tx, job.hold_id):
            raise ClipRefused("no_retry")

    def _pool(self, tx: Transaction, job: Job, paid_before: int) -> int | None:
        """The pool that paid before while it is open; for a clip of an earlier session that of the one that runs."""
        if sessions.of_pool(tx, paid_before) is None:
            return paid_before if pools.get(tx, paid_before).is_open else None
        session = sessions.running(tx, job.guild_id, self._clock())
        return None if session is None else session.pool_id

    def _place_for_free(self, tx: Transaction, new: NewOrder) -> Placed:
        """Let the class pay, into whose account the refund went when that pool was closed.

        It does so through a pool for this one clip, closed at once: what a cancelled or failed retry releases goes
        back to the class, and is never its person's to spend.
        """
        about = NewPool(
            key=new.key,
            guild_id=new.guild_id,
            kind="session",
            title=new.key,
            credits=price_credits(new.request),
            cap_credits=None,
            created_by=THE_BOTS_ID,
        )
        now = self._clock()
        pool_id = open_in(tx, about, now).id
        placed = self._orders.place_in(tx, replace(new, pool_id=pool_id))
        pools.close(tx, pool_id, actor=THE_BOT, now=now)
        return placed

    def _order(self, job: Job, channel_id: int, asker: Asker | None) -> NewOrder:
        request = ClipRequest.from_recipe(job.recipe, self._catalog)
        return NewOrder(
            key=f"{RETRY}{job.id}",
            guild_id=job.guild_id,
            channel_id=channel_id,
            user_id=job.user_id,
            locale=job.locale,
            size_limit_bytes=job.size_limit_bytes,
            request=replace(request, seed=(request.seed + STRIDE) % SEED_LIMIT),
            lane=job.lane,
            asker=asker,
        )


def offers_retry(job: Job) -> bool:
    """Whether the finished job offers the free retry, used or not; a retry offers no second one."""
    return job.state == "succeeded" and may_be_retried(job.remarks) and not job.key.startswith(RETRY)
