"""Whether orders may be taken: the class's rules, how many clips one may have in the making, and who can pay."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from generation.accounts import Accounts
from generation.clock import Clock
from generation.errors import RequestError
from generation.pricing import price_credits
from generation.privacy.notices import check_accepted, check_stays
from generation.request import ClipRequest
from generation.teaching import house_rules, wording
from generation.teaching.house_rules import Asker
from storage import class_rules, jobs, pools, sessions
from storage.class_rules import ClassRules
from storage.database import Transaction
from storage.errors import InsufficientCredits, PoolClosed
from storage.sessions import ClassSession

OUTSTANDING_LIMIT = 5
"""Jobs of one person that wait or run at one time, where nobody has said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one person asks for together; who pays is said as in ``NewOrder``."""

    guild_id: int
    user_id: int
    requests: Sequence[ClipRequest]
    asker: Asker | None = None
    pool_id: int | None = None
    at_own_cost: bool = False


class Admission:
    """Judges requests of one person together, inside an open transaction; a hold has the last word on the credits.

    Jobs that wait for one of the models that are ``resting`` do not count among a person's outstanding ones: they
    can do nothing about it. ``is_too_large`` knows what the card has no room for. ``asks_notice`` says that nobody
    orders before they have accepted the notice.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        clock: Clock,
        outstanding_limit: int = OUTSTANDING_LIMIT,
        resting: Callable[[], Collection[str]] = tuple,
        is_too_large: Callable[[ClipRequest], bool] = lambda _: False,
        asks_notice: bool = True,
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._outstanding_limit = outstanding_limit
        self._resting = resting
        self._is_too_large = is_too_large
        self._asks_notice = asks_notice

    def check_hold(self, tx: Transaction, demand: Demand) -> None:
        """The last check before credits are held; ``pool_id`` of the demand is who pays.

        Raise NoticeNeeded for an asker who has not accepted the notice, CapReached for whoever had their share of the
        pool before they were forgotten.
        """
        who = tx, demand.guild_id, demand.user_id
        if demand.asker is not None and self._asks_notice:
            check_accepted(*who, demand.requests)
        if demand.pool_id is not None:
            self._accounts.check_share(*who, demand.pool_id, sum(map(price_credits, demand.requests)))

    def check(self, tx: Transaction, demand: Demand) -> int | None:
        """The pool that pays, None for the person.

        Raises RuleRefused, RequestError("too_large"), ("outstanding"), or ("outstanding_set") if only some of them
        had room; PoolClosed for the pool of a session that is over.
        """
        if any(map(self._is_too_large, demand.requests)):
            raise RequestError("too_large")
        check_stays(tx, demand.guild_id, demand.user_id, demand.asker)
        wording.check_requests(tx, demand.guild_id, demand.requests)
        session = sessions.running(tx, demand.guild_id, self._clock())
        demand = self._with_payer(tx, demand, session)
        limit, more = self._outstanding_limit, len(demand.requests)
        now = jobs.outstanding_count(tx, demand.guild_id, demand.user_id, self._resting())
        if demand.asker is not None:
            rules = class_rules.read(tx, demand.guild_id, demand.user_id)
            for request in demand.requests:
                house_rules.check(rules, demand.asker, request)
            if session is not None and not demand.asker.is_instructor:
                self._check_session(tx, demand, session, rules, now)
            limit = house_rules.outstanding_limit(rules, demand.asker, limit)
        if now >= limit:
            raise RequestError("outstanding", limit=limit)
        if now + more > limit:
            raise RequestError("outstanding_set", limit=limit, now=now, more=more)
        return demand.pool_id

    def check_room(self, tx: Transaction, demand: Demand) -> int | None:
        """``check``, and whether who pays can pay for all of it. Raises as ``ledger.hold`` too."""
        needed = sum(map(price_credits, demand.requests))
        balance = self._accounts.see(tx, demand.guild_id, demand.user_id, self._clock())
        pool_id = self.check(tx, demand)
        if pool_id is not None:
            self._accounts.check_share(tx, demand.guild_id, demand.user_id, pool_id, needed)
            pools.check_room(tx, pool_id, demand.user_id, needed)
        elif balance.available < needed:
            raise InsufficientCredits(balance.available, needed)
        return pool_id

    @staticmethod
    def _with_payer(tx: Transaction, demand: Demand, session: ClassSession | None) -> Demand:
        if demand.at_own_cost:
            return replace(demand, pool_id=None)
        if demand.pool_id is None:
            return demand if session is None else replace(demand, pool_id=session.pool_id)
        # Its time may be over although the clock has not closed its pool yet.
        if session is None and sessions.of_pool(tx, demand.pool_id) is not None:
            raise PoolClosed(demand.pool_id)
        return demand

    def _check_session(
        self, tx: Transaction, demand: Demand, session: ClassSession, rules: ClassRules, outstanding: int
    ) -> None:
        house_rules.check_turn(outstanding)
        if demand.pool_id != session.pool_id:
            return
        unusable = {*rules.models_off, *self._resting()}
        house_rules.check_session(
            session, demand.requests, unusable, sessions.taken(tx, session.pool_id, demand.user_id)
        )
