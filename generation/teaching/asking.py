"""Asking the instructors for more credits, and their answer: given once, with the credits in the same transaction."""

import asyncio
from typing import Literal
from weakref import WeakValueDictionary

from generation.clock import Clock
from generation.teaching.staff import Staff
from storage import credit_requests, ledger
from storage.credit_requests import CreditRequest
from storage.database import Database, Transaction
from storage.staff_acts import NewAct

MOST_CREDITS = 10_000
"""What one request may ask for."""


class RequestDecided(Exception):
    """The request was answered before; ``request`` says how and by whom. Nothing changed."""

    def __init__(self, request: CreditRequest) -> None:
        super().__init__(request.id)
        self.request = request


class Asking:
    """Requests for credits, from the question to the answer."""

    def __init__(self, database: Database, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    def turn(self, guild_id: int, user_id: int) -> asyncio.Lock:
        """To be held from asking until the instructors have the card, so that two forms at once are one card."""
        return self._turns.setdefault((guild_id, user_id), asyncio.Lock())

    async def ask(
        self, key: str, *, guild_id: int, user_id: int, channel_id: int, amount_credits: int, why: str
    ) -> CreditRequest:
        """The person's request: that of ``key``, or the one that is open already, or a new one."""
        return await self._database.write(
            lambda tx: credit_requests.ask(
                tx,
                key=key,
                guild_id=guild_id,
                user_id=user_id,
                channel_id=channel_id,
                amount_credits=amount_credits,
                why=why,
                now=self._clock(),
            )
        )

    async def set_card(self, request_id: int, channel_id: int, message_id: int) -> None:
        """Remember the message by which the instructors know of the request."""
        await self._database.write(lambda tx: credit_requests.set_card(tx, request_id, channel_id, message_id))

    async def decide(
        self, request_id: int, state: Literal["approved", "declined"], *, guild_id: int, actor_id: int
    ) -> CreditRequest:
        """Answer a request of this server; approved credits are the person's at once.

        Raises LookupError for a request of another server or none, RequestDecided if it was answered before.
        """

        def change(tx: Transaction, now: float) -> CreditRequest:
            request = credit_requests.get(tx, request_id)
            assert request is not None
            if not credit_requests.decide(tx, request_id, state, actor_id=actor_id, now=now):
                raise RequestDecided(request)
            if state == "approved":
                ledger.grant(
                    tx,
                    key=f"request:{request_id}",
                    guild_id=guild_id,
                    user_id=request.user_id,
                    amount_credits=request.amount_credits,
                    reason="asked",
                    actor=str(actor_id),
                    now=now,
                )
            return request

        def work(tx: Transaction) -> CreditRequest:
            request = credit_requests.get(tx, request_id)
            if request is None or request.guild_id != guild_id:
                raise LookupError(request_id)
            act = NewAct(
                key=f"request:{request_id}",
                guild_id=guild_id,
                actor_id=actor_id,
                what=f"request-{state}",
                whom_id=request.user_id,
                why=request.why,
                details={"credits": request.amount_credits},
            )
            return self._staff.act_in(tx, act, change)

        return await self._database.write(work)
