"""What a person has: balance, allowance of the month, statement."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from generation.clock import Clock
from storage import guilds, ledger, pools
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.ledger import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What everybody gets each calendar month, where a server has not set its own."""

    credits: int
    timezone: ZoneInfo


class Accounts:
    """Everybody's credits, apart from what they are spent on."""

    def __init__(self, database: Database, *, allowance: Allowance, clock: Clock) -> None:
        self._database = database
        self._allowance = allowance
        self._clock = clock

    async def account(self, guild_id: int, user_id: int, *, entries: int) -> tuple[Balance, list[ledger.Entry]]:
        """A person's balance and last ledger entries, newest first; opens the account and tops it up if due."""

        def work(tx: Transaction) -> tuple[Balance, list[ledger.Entry]]:
            balance = self.see(tx, guild_id, user_id, self._clock())
            return balance, ledger.statement(tx, guild_id, user_id, entries)

        return await self._database.write(work)

    async def next_top_up(self, guild_id: int) -> tuple[datetime, int]:
        """When the next month begins for this server, and what everybody then has at least."""
        allowance = await self._database.read(lambda tx: self._allowance_of(tx, guild_id))
        here = datetime.fromtimestamp(self._clock(), allowance.timezone)
        year, month = (here.year + 1, 1) if here.month == 12 else (here.year, here.month + 1)
        return datetime(year, month, 1, tzinfo=allowance.timezone), allowance.credits

    async def balance(self, guild_id: int, user_id: int) -> Balance:
        """What a person has now; zero for somebody never seen."""
        return await self._database.read(lambda tx: ledger.balance(tx, guild_id, user_id))

    async def left_after(self, job: Job) -> int:
        """What the payer of this job has left for its person: their own available credits, or their share of a pool."""

        def work(tx: Transaction) -> int:
            if job.pool_id is None:
                return ledger.balance(tx, job.guild_id, job.user_id).available
            return pools.left_for(tx, pools.get(tx, job.pool_id), job.user_id)

        return await self._database.read(work)

    async def set_allowance(self, guild_id: int, allowance_credits: int, *, actor: int) -> None:
        """Give a server an allowance of its own, from the next month on."""

        def work(tx: Transaction) -> None:
            changed = replace(guilds.get(tx, guild_id), allowance_credits=allowance_credits)
            guilds.set(tx, guild_id, changed, updated_by=actor, now=self._clock())

        await self._database.write(work)

    def see(self, tx: Transaction, guild_id: int, user_id: int, now: float) -> Balance:
        """The person's balance inside the open transaction; opens the account and tops it up if due."""
        allowance = self._allowance_of(tx, guild_id)
        period = datetime.fromtimestamp(now, allowance.timezone).strftime("%Y-%m-01")
        return ledger.see(
            tx, guild_id=guild_id, user_id=user_id, period=period, allowance_credits=allowance.credits, now=now
        )

    def _allowance_of(self, tx: Transaction, guild_id: int) -> Allowance:
        own = guilds.get(tx, guild_id)
        return Allowance(
            credits=self._allowance.credits if own.allowance_credits is None else own.allowance_credits,
            timezone=self._allowance.timezone if own.timezone is None else ZoneInfo(own.timezone),
        )
