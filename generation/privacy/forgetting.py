"""Forgetting a person who wishes it: nothing of theirs is made any more, their credits return, then every row lets go.

The wish is written down first and taken up again at every start until it is fulfilled. Fulfilling it is one
transaction; messages and files follow, as they do when a clip is deleted.
"""

from generation.accounts import Accounts
from generation.clock import Clock
from generation.privacy.keeping import Keeping
from storage import approvals, erasure, forgetting, holdings, jobs, ledger, staff_acts
from storage.database import Database, Transaction
from storage.forgetting import Forgetting
from storage.holdings import Footprint
from storage.jobs import Job
from storage.staff_acts import THE_BOT, by_the_bot


class Forgettings:
    """Wishes to be forgotten. Each step is atomic and idempotent."""

    def __init__(self, database: Database, accounts: Accounts, keeping: Keeping, *, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._keeping = keeping
        self._clock = clock

    async def footprint(self, guild_id: int, user_id: int) -> tuple[Footprint, int]:
        """How much there is of the person, and how many credits they would give up."""

        def work(tx: Transaction) -> tuple[Footprint, int]:
            balance = ledger.balance(tx, guild_id, user_id)
            return holdings.footprint(tx, guild_id, user_id), balance.available + balance.held

        return await self._database.read(work)

    async def begin(self, guild_id: int, user_id: int) -> int:
        """Write the wish down and return its number; from now on the person orders nothing until it is fulfilled."""
        return await self._database.write(lambda tx: forgetting.begin(tx, guild_id, user_id, now=self._clock()))

    async def under_way(self, limit: int) -> list[int]:
        """Numbers of wishes that are not fulfilled, oldest first."""
        return await self._database.read(lambda tx: forgetting.under_way(tx, limit))

    async def get(self, number: int) -> Forgetting | None:
        """The wish, unless it is fulfilled."""
        return await self._database.read(lambda tx: forgetting.get(tx, number))

    async def outstanding(self, wish: Forgetting) -> list[Job]:
        """What is still to be cancelled."""
        return await self._database.read(lambda tx: jobs.outstanding(tx, wish.guild_id, wish.user_id))

    async def fulfil(self, number: int) -> bool:
        """Forget the person, all at once; True if it is done, now or before.

        Their clips that wait for approval are taken back and refunded first. False while something of theirs is being
        made or brought into a channel: nothing is changed then.
        """

        def work(tx: Transaction) -> bool:
            wish = forgetting.get(tx, number)
            if wish is None:
                return True
            if erasure.is_unsettled(tx, wish):
                return False
            now = self._clock()
            for job in approvals.waiting_of(tx, wish.guild_id, wish.user_id):
                approvals.take_back(tx, job, actor=str(wish.user_id), now=now)
            self._accounts.close_in(tx, wish.guild_id, wish.user_id, key=f"forgotten-{number}", actor=THE_BOT)
            erasure.erase(tx, wish, now=now)
            act = by_the_bot(wish.guild_id, "forgotten", f"forgotten:{number}", number=str(number))
            staff_acts.write(tx, act, now=now)
            return True

        is_fulfilled = await self._database.write(work)
        if is_fulfilled:
            self._keeping.wake()
        return is_fulfilled
