"""Whether orders may be taken: the class's rules, how many clips one may have in the making, and who can pay."""

from collections.abc import Callable, Collection, Sequence

from generation import house_rules
from generation.accounts import Accounts
from generation.clock import Clock
from generation.errors import RequestError
from generation.house_rules import Asker
from generation.notices import check_accepted, check_stays
from generation.pricing import price_credits
from generation.request import ClipRequest
from storage import class_rules, jobs, pools
from storage.database import Transaction
from storage.errors import InsufficientCredits


class Admission:
    """Judges requests of one person together, inside an open transaction; a hold has the last word on the credits.

    Jobs that wait for one of the models that are ``resting`` do not count among a person's outstanding ones: they
    can do nothing about it. ``asks_notice`` says that nobody orders before they have accepted the notice.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        clock: Clock,
        outstanding_limit: int,
        resting: Callable[[], Collection[str]],
        asks_notice: bool,
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._outstanding_limit = outstanding_limit
        self._resting = resting
        self._asks_notice = asks_notice

    def check_hold(
        self,
        tx: Transaction,
        guild_id: int,
        user_id: int,
        requests: Sequence[ClipRequest],
        *,
        pool_id: int | None,
        asker: Asker | None,
    ) -> None:
        """``check``, and the last ones before credits are held.

        Raise NoticeNeeded for an asker who has not accepted the notice, CapReached for whoever had their share of the
        pool before they were forgotten.
        """
        self.check(tx, guild_id, user_id, requests, asker)
        if asker is not None and self._asks_notice:
            check_accepted(tx, guild_id, user_id, requests)
        if pool_id is not None:
            self._accounts.check_share(tx, guild_id, user_id, pool_id, sum(map(price_credits, requests)))

    def check(
        self, tx: Transaction, guild_id: int, user_id: int, requests: Sequence[ClipRequest], asker: Asker | None
    ) -> None:
        """Raise RuleRefused, RequestError("outstanding"), or ("outstanding_set") if only some of them had room."""
        limit, more = self._outstanding_limit, len(requests)
        check_stays(tx, guild_id, user_id, asker)
        if asker is not None:
            rules = class_rules.read(tx, guild_id, user_id)
            for request in requests:
                house_rules.check(rules, asker, request)
            limit = house_rules.outstanding_limit(rules, asker, limit)
        now = jobs.outstanding_count(tx, guild_id, user_id, self._resting())
        if now >= limit:
            raise RequestError("outstanding", limit=limit)
        if now + more > limit:
            raise RequestError("outstanding_set", limit=limit, now=now, more=more)

    def check_room(
        self,
        tx: Transaction,
        guild_id: int,
        user_id: int,
        requests: Sequence[ClipRequest],
        *,
        pool_id: int | None,
        asker: Asker | None,
    ) -> None:
        """``check``, and whether the person, or else the pool, can pay for all of it. Raises as ``ledger.hold`` too."""
        needed = sum(map(price_credits, requests))
        balance = self._accounts.see(tx, guild_id, user_id, self._clock())
        self.check(tx, guild_id, user_id, requests, asker)
        if pool_id is not None:
            self._accounts.check_share(tx, guild_id, user_id, pool_id, needed)
            pools.check_room(tx, pool_id, user_id, needed)
        elif balance.available < needed:
            raise InsufficientCredits(balance.available, needed)
