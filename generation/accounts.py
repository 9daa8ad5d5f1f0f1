"""What a person has: balance, allowance of the month, statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from generation.clock import Clock
from generation.privacy.seals import UNKEYED, Sealer
from storage import guilds, ledger, pools, seals, sessions
from storage.database import Database, Transaction
from storage.errors import CapReached
from storage.guilds import AllowancePeriod
from storage.jobs import Job
from storage.ledger import Balance
from storage.pools import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What everybody gets each calendar month or week, where a server has not set its own.

    It fills up to ``cap_credits`` at the most; None fills up to the allowance itself.
    """

    credits: int
    timezone: ZoneInfo
    period: AllowancePeriod = "month"
    cap_credits: int | None = None

    def began(self, now: float) -> datetime:
        """The midnight at which the period of ``now`` began, by the class's clock; weeks begin on Mondays."""
        today = datetime.fromtimestamp(now, self.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
        return today.replace(day=1) if self.period == "month" else today - timedelta(days=today.weekday())

    def period_of(self, now: float) -> str:
        """The day on which the period of ``now`` began, as the ledger names it: "2026-11-01"."""
        return self.began(now).strftime("%Y-%m-%d")

    def next_begins(self, now: float) -> datetime:
        """The midnight at which the next period begins."""
        began = self.began(now)
        if self.period == "week":
            return began + timedelta(days=7)
        year, month = (began.year + 1, 1) if began.month == 12 else (began.year, began.month + 1)
        return began.replace(year=year, month=month)


class Accounts:
    """Everybody's credits, apart from what they are spent on.

    The ``sealer`` recognises those who were forgotten: nobody gets their allowance or their share of a pool anew.
    """

    def __init__(self, database: Database, *, allowance: Allowance, clock: Clock, sealer: Sealer = UNKEYED) -> None:
        self._database = database
        self._allowance = allowance
        self._clock = clock
        self._sealer = sealer

    async def account(self, guild_id: int, user_id: int, *, entries: int) -> tuple[Balance, list[ledger.Entry]]:
        """A person's balance and last ledger entries, newest first; opens the account and tops it up if due."""

        def work(tx: Transaction) -> tuple[Balance, list[ledger.Entry]]:
            balance = self.see(tx, guild_id, user_id, self._clock())
            return balance, ledger.statement(tx, guild_id, user_id, entries)

        return await self._database.write(work)

    async def next_top_up(self, guild_id: int) -> tuple[datetime, Allowance]:
        """When the next week or month begins for this server, and what everybody then gets."""
        allowance = await self._database.read(lambda tx: self.allowance_of(tx, guild_id))
        return allowance.next_begins(self._clock()), allowance

    async def balance(self, guild_id: int, user_id: int) -> Balance:
        """What a person has now; zero for somebody never seen."""
        return await self._database.read(lambda tx: ledger.balance(tx, guild_id, user_id))

    async def left_after(self, job: Job) -> int | None:
        """What the payer of this job has left for its person: their own available credits, or their share of a pool.

        None for the pool of a class session, in which nobody has a share.
        """

        def work(tx: Transaction) -> int | None:
            if job.pool_id is None:
                return ledger.balance(tx, job.guild_id, job.user_id).available
            pool = pools.get(tx, job.pool_id)
            return None if pool.kind == "session" else pools.left_for(tx, pool, job.user_id)

        return await self._database.read(work)

    def see(self, tx: Transaction, guild_id: int, user_id: int, now: float) -> Balance:
        """The person's balance inside the open transaction; opens the account and tops it up if due."""
        allowance = self.allowance_of(tx, guild_id)
        return ledger.see(
            tx,
            guild_id=guild_id,
            user_id=user_id,
            period=allowance.period_of(now),
            allowance_credits=allowance.credits,
            cap_credits=allowance.cap_credits,
            seal=self._sealer.of_person(guild_id, user_id),
            now=now,
        )

    def check_share(self, tx: Transaction, guild_id: int, user_id: int, pool_id: int, needed: int) -> None:
        """Raise CapReached for a person who used the pool before they were forgotten."""
        if seals.is_sealed(tx, self._sealer.of_share(guild_id, user_id, pool_id), self._clock()):
            raise CapReached(pool_id, 0, needed)

    def close_in(self, tx: Transaction, guild_id: int, user_id: int, *, key: str, actor: str) -> None:
        """Take what is left of the person's credits back to the class, and seal what they have had.

        For a person who is about to be forgotten, inside the open transaction. Idempotent on ``key``.
        """
        now = self._clock()
        left = ledger.balance(tx, guild_id, user_id).available
        if left > 0:
            about = {"guild_id": guild_id, "user_id": user_id, "amount_credits": left}
            ledger.take(tx, key=key, **about, reason="forgotten", actor=actor, now=now)
        until = self.allowance_of(tx, guild_id).next_begins(now).timestamp()
        seals.seal_period(tx, self._sealer.of_person(guild_id, user_id), until)
        for pool in pools.open_pools(tx, guild_id):
            if _is_shared_out(tx, pool) and pools.used(tx, pool.id, user_id) > 0:
                seals.seal_share(tx, self._sealer.of_share(guild_id, user_id, pool.id), pool.id)

    def allowance_of(self, tx: Transaction, guild_id: int) -> Allowance:
        """What everybody in this server gets, inside the open transaction."""
        own = guilds.get(tx, guild_id)
        return Allowance(
            credits=self._allowance.credits if own.allowance_credits is None else own.allowance_credits,
            timezone=self._allowance.timezone if own.timezone is None else ZoneInfo(own.timezone),
            period=own.allowance_period or self._allowance.period,
            cap_credits=own.allowance_cap_credits,
        )


def _is_shared_out(tx: Transaction, pool: Pool) -> bool:
    """Whether everybody may have so much of the pool and no more, in credits, entries or clips."""
    if pool.cap_credits is not None or pool.kind == "challenge":
        return True
    session = sessions.of_pool(tx, pool.id)
    return session is not None and session.clips_per_person is not None
