"""What an order cost, as the ledger has it."""

from dataclasses import dataclass
from typing import Literal

from storage import jobs, ledger
from storage.database import Transaction

ChargeState = Literal["held", "capture", "release", "refund"]


@dataclass(frozen=True, slots=True)
class Charge:
    """What became of the credits of one order; ``refund`` is a capture that was given back.

    ``is_sponsored`` where a pool paid and not the person.
    """

    job_id: int
    price_credits: int
    state: ChargeState
    is_sponsored: bool = False


def charge_of(tx: Transaction, key: str) -> Charge | None:
    """The charge of the order placed with ``key``; None if nothing was ever held for it."""
    job = jobs.by_key(tx, key)
    if job is None:
        return None
    state = "refund" if ledger.is_refunded(tx, job.hold_id) else ledger.settlement(tx, job.hold_id) or "held"
    return Charge(job.id, job.price_credits, state, job.pool_id is not None)
