"""What an order cost, as the ledger has it."""

from dataclasses import dataclass
from typing import Literal

from storage import ledger
from storage.database import Transaction
from storage.jobs import Job

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


def charge_of(tx: Transaction, job: Job) -> Charge:
    """What was held for the job, and what became of it."""
    state = "refund" if ledger.is_refunded(tx, job.hold_id) else ledger.settlement(tx, job.hold_id) or "held"
    return Charge(job.id, job.price_credits, state, job.pool_id is not None)
