"""Money and job change together, here and nowhere else: every function is one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from generation.accounts import Accounts
from generation.admission import Admission, Demand
from generation.charges import Charge, ChargeState, charge_of
from generation.clock import Clock
from generation.lookup import existing
from generation.placing import NewOrder as NewOrder
from generation.placing import Placed as Placed
from generation.pricing import price_credits
from generation.request import ClipRequest
from generation.teaching.approvals import needs_approval
from generation.teaching.house_rules import Asker
from generation.workers.protocol import Failed, Rendered
from storage import exercises, jobs, ledger, lineage
from storage.blobs import BlobStore
from storage.database import Database, Transaction
from storage.history import JobEvent, history
from storage.jobs import Job, Ran, Waiting
from storage.staff_acts import THE_BOT

RECENT_JOBS = 100

HISTORY_LIMIT = 5000
"""Finished jobs that the start looks at; several hours of a busy class, read in a tenth of a second."""


class Orders:
    """The use cases that touch credits. Each is atomic, and idempotent where it is called twice."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        accounts: Accounts,
        admission: Admission,
        *,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._accounts = accounts
        self._admission = admission
        self._clock = clock

    async def place(self, order: NewOrder) -> Placed:
        """Open the account if need be, hold the price, add the job. Idempotent on ``order.key``.

        Raises InsufficientCredits, or RequestError: "outstanding" for a person who has as many jobs in the making as
        are allowed at one time, "too_large" for what the card has no room for; RuleRefused by the class's rules; of
        an order that a pool pays CapReached, PoolExhausted, PoolClosed or UnknownPool; NoticeNeeded for an asker who
        is to accept the notice first. Then nothing changed.
        """
        return (await self.place_all([order]))[0]

    async def place_all(self, orders: Sequence[NewOrder]) -> list[Placed]:
        """Place every order of one person, or none of them. Idempotent on each ``key``; raises as ``place``.

        What is missing is told of all of them together: RequestError("outstanding_set") if only some had room.
        """
        return await self._database.write(lambda tx: self.place_all_in(tx, orders))

    def place_all_in(self, tx: Transaction, orders: Sequence[NewOrder]) -> list[Placed]:
        """``place_all`` inside an open transaction, for what must happen together with it."""
        new = [order for order in orders if jobs.by_key(tx, order.key) is None]
        pool_id = self._admit(tx, new) if new else None
        placed = {order.key: self._place(tx, replace(order, pool_id=pool_id)) for order in new}
        return [placed.get(order.key) or self._replayed(tx, order) for order in orders]

    def place_in(self, tx: Transaction, order: NewOrder) -> Placed:
        """``place`` inside an open transaction, for what must happen together with it."""
        return self.place_all_in(tx, [order])[0]

    def _admit(self, tx: Transaction, orders: Sequence[NewOrder]) -> int | None:
        """The pool that pays for new orders of one person, None for the person. Raises as ``place_all``."""
        first = orders[0]
        demand = Demand(
            guild_id=first.guild_id,
            user_id=first.user_id,
            requests=[order.request for order in orders],
            asker=first.asker,
            pool_id=first.pool_id,
            at_own_cost=first.at_own_cost,
        )
        # An order that comes alone is told by its hold what is missing.
        check = self._admission.check if len(orders) == 1 else self._admission.check_room
        pool_id = check(tx, demand)
        self._admission.check_hold(tx, replace(demand, pool_id=pool_id))
        return pool_id

    def _replayed(self, tx: Transaction, order: NewOrder) -> Placed:
        balance = self._accounts.see(tx, order.guild_id, order.user_id, self._clock())
        known = jobs.by_key(tx, order.key)
        assert known is not None
        return Placed(known, balance, is_new=False)

    def _place(self, tx: Transaction, order: NewOrder) -> Placed:
        """Hold and add an order that was admitted, whose ``pool_id`` is who pays."""
        request, now = order.request, self._clock()
        self._accounts.see(tx, order.guild_id, order.user_id, now)
        price = price_credits(request)
        hold_id = ledger.hold(
            tx,
            key=order.key,
            guild_id=order.guild_id,
            user_id=order.user_id,
            amount_credits=price,
            reason="clip",
            actor=str(order.user_id),
            now=now,
            pool_id=order.pool_id,
        )
        new = jobs.NewJob(
            key=order.key,
            guild_id=order.guild_id,
            channel_id=order.channel_id,
            user_id=order.user_id,
            model_id=request.model.id,
            recipe=request.recipe(),
            price_credits=price,
            size_limit_bytes=order.size_limit_bytes,
            locale=order.locale,
            lane=order.lane,
            pool_id=order.pool_id,
        )
        job = jobs.add(tx, new, hold_id=hold_id, now=now)
        if order.exercise is not None:
            exercises.note(tx, job.id, order.exercise)
        if order.continues is not None:
            lineage.add(tx, job.id, order.continues)
        return Placed(job, ledger.balance(tx, order.guild_id, order.user_id), is_new=True)

    async def check_room(
        self,
        guild_id: int,
        user_id: int,
        *requests: ClipRequest,
        pool_id: int | None = None,
        asker: Asker | None = None,
    ) -> int | None:
        """Whether the requests would all be placed now, and by which pool they would be paid, None by the person.

        Raises as ``place_all`` and holds nothing.
        """
        demand = Demand(guild_id=guild_id, user_id=user_id, requests=requests, asker=asker, pool_id=pool_id)
        return await self._database.write(lambda tx: self._admission.check_room(tx, demand))

    async def claim(self, job_id: int, worker: str) -> Job | None:
        """Begin an attempt; None if the job is no longer queued (cancelled meanwhile)."""
        return await self._database.write(lambda tx: jobs.claim(tx, job_id, worker=worker, now=self._clock()))

    async def complete(self, job: Job, rendered: Rendered, clip: str) -> bool:
        """Job done, hold captured; its clip may wait for approval. False if the attempt lost its job: no change."""

        def work(tx: Transaction) -> bool:
            now = self._clock()
            owned = jobs.succeed(
                tx,
                job.id,
                job.attempts,
                clip=clip,
                clip_bytes=rendered.size_bytes,
                render_seconds=rendered.render_seconds,
                load_seconds=rendered.load_seconds,
                remarks=[list(remark) for remark in rendered.remarks],
                needs_approval=needs_approval(tx, job),
                now=now,
            )
            if owned:
                ledger.capture(tx, job.hold_id, reason="rendered", actor=THE_BOT, now=now)
            return owned

        return await self._database.write(work)

    async def fail(self, job: Job, failure: Failed) -> Job:
        """Back into the line if another attempt may help, else failed and released. Returns the job as it is now."""

        def work(tx: Transaction) -> Job:
            now = self._clock()
            if failure.retry and job.attempts < jobs.MAX_ATTEMPTS:
                jobs.requeue(tx, job.id, job.attempts, cause=f"{failure.fault} · {failure.cause}")
            elif jobs.fail(tx, job.id, job.attempts, fault=failure.fault, cause=failure.cause, now=now):
                ledger.release(tx, job.hold_id, reason="failed", actor=THE_BOT, now=now)
            return existing(tx, job.id)

        return await self._database.write(work)

    async def cancel(self, job_id: int, *, actor: int) -> Job:
        """Cancelled and released, whether queued or running; a finished job stays as it is. Returns the job."""
        return await self._database.write(lambda tx: self.cancel_in(tx, job_id, actor=actor))

    def cancel_in(self, tx: Transaction, job_id: int, *, actor: int) -> Job:
        """``cancel`` inside an open transaction, for what must happen together with it."""
        now = self._clock()
        if jobs.cancel(tx, job_id, now=now):
            ledger.release(tx, existing(tx, job_id).hold_id, reason="cancelled", actor=str(actor), now=now)
        return existing(tx, job_id)

    async def hand_back(self, job: Job) -> None:
        """Put an attempt that is stopped politely back into the line; it does not count. Nothing if it is over."""
        await self._database.write(lambda tx: jobs.hand_back(tx, job.id, job.attempts))

    async def unfinished(self) -> list[Job]:
        """Everything that waits or runs, in order of arrival."""
        return await self._database.read(jobs.unfinished)

    async def recover(self) -> list[Waiting]:
        """At start: put jobs whose render was interrupted back into the line, or end them. Returns the line."""
        interrupted = await self._database.read(jobs.interrupted)
        for job in interrupted:
            await self.fail(job, Failed(fault="crashed", cause="the bot stopped during the render", retry=True))
        waiting = await self._database.read(jobs.waiting)
        self._blobs.clear_incoming()
        return waiting

    async def history(self) -> list[Ran]:
        """The last HISTORY_LIMIT jobs that a device finished or gave up, newest first."""
        return await self._database.read(lambda tx: jobs.ran(tx, HISTORY_LIMIT))

    async def job(self, job_id: int) -> Job:
        """The job as it is now. Raises LookupError."""
        return await self._database.read(lambda tx: existing(tx, job_id))

    async def finished_clips(self, guild_id: int, user_id: int, limit: int) -> list[Job]:
        """The person's clips among their last 100 jobs that they have and may show, newest first, at most ``limit``."""
        recent = await self._database.read(lambda tx: jobs.recent(tx, guild_id, user_id, RECENT_JOBS))
        made = [job for job in recent if job.state == "succeeded" and job.delivery in ("posted", "abandoned")]
        return [job for job in made if job.visibility in ("shown", "private")][:limit]

    async def outstanding(self, guild_id: int, user_id: int) -> list[Job]:
        """A person's jobs that wait or run, oldest first."""
        return await self._database.read(lambda tx: jobs.outstanding(tx, guild_id, user_id))

    async def refund(self, job_id: int, reason: Literal["lost", "removed"]) -> Job:
        """Give back what a clip cost that can never be fetched. Idempotent; nothing for a job that was not charged."""

        def work(tx: Transaction) -> Job:
            job = existing(tx, job_id)
            if ledger.settlement(tx, job.hold_id) == "capture":
                ledger.refund(tx, job.hold_id, reason=reason, actor=THE_BOT, now=self._clock())
            return job

        return await self._database.write(work)

    async def charge(self, key: str) -> Charge | None:
        """What the ledger says about the order of that key; None if nothing was ever held for it."""

        def look(tx: Transaction) -> Charge | None:
            job = jobs.by_key(tx, key)
            return None if job is None else charge_of(tx, job)

        return await self._database.read(look)

    async def charge_state(self, job: Job) -> ChargeState:
        """What the ledger says about what was held for ``job``."""
        return (await self._database.read(lambda tx: charge_of(tx, job))).state

    async def why(self, job_id: int) -> tuple[Job, list[JobEvent], Charge]:
        """The job, everything that happened to it, and what became of its credits. Raises LookupError."""

        def work(tx: Transaction) -> tuple[Job, list[JobEvent], Charge]:
            job = existing(tx, job_id)
            return job, history(tx, job_id), charge_of(tx, job)

        return await self._database.read(work)

    def clip_path(self, job: Job) -> Path:
        """Where a worker writes the clip of this attempt."""
        return self._blobs.incoming(f"{job.id}-{job.attempts}.mp4")


def asked_in(key: str) -> int | None:
    """The interaction that asked for the order of that key."""
    first, _, _ = key.partition("-")
    return int(first) if first.isdecimal() else None
