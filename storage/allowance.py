"""A person's own accounts: opened at first sight, and filled up once in every week or month."""

from dataclasses import dataclass

from storage import seals
from storage.database import Transaction
from storage.transfers import insert

PERSON_SQL = """
SELECT kind, balance_credits, allowance_period FROM accounts WHERE guild_id = ? AND user_id = ? AND pool_id IS NULL
"""

OPEN_SQL = """
INSERT INTO accounts (guild_id, user_id, kind) VALUES
    (:guild_id, 0, 'issued'), (:guild_id, 0, 'spent'), (:guild_id, :user_id, 'available'), (:guild_id, :user_id, 'held')
ON CONFLICT (guild_id, user_id, kind) WHERE pool_id IS NULL DO NOTHING
"""

ALLOWANCE_SQL = """
UPDATE accounts SET allowance_period = :period
WHERE guild_id = :guild_id AND user_id = :user_id AND kind = 'available' AND pool_id IS NULL
"""

GRANT_SQL = """
INSERT INTO transfers (key, kind, debit_account, credit_account, amount_credits, reason, actor, at)
SELECT :key, 'grant', issued.id, available.id, :amount_credits, :reason, :actor, :now
FROM accounts AS available
JOIN accounts AS issued
    ON issued.guild_id = available.guild_id AND issued.user_id = 0 AND issued.kind = 'issued' AND issued.pool_id IS NULL
WHERE available.guild_id = :guild_id AND available.user_id = :user_id AND available.kind = 'available'
    AND available.pool_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole credits of one person in one class: free to use, and held by unfinished jobs."""

    available: int
    held: int


def see(
    tx: Transaction,
    *,
    guild_id: int,
    user_id: int,
    period: str,
    allowance_credits: int,
    cap_credits: int | None = None,
    seal: str | None = None,
    now: float,
) -> Balance:
    """The person's balance, after what the week or month that began on the day ``period`` ("2026-11-01") owes them.

    A person never seen before gets the whole allowance, whatever has been granted to them. A later period gives up to
    ``allowance_credits`` but tops available and held credits up to ``cap_credits`` at the most (None: the allowance
    itself), never takes any away, and counts as done even if nothing was due. A period that began before the last one
    topped up gives nothing, so a clock set back cannot pay twice. Nor does anything come to a person never seen who
    was forgotten in this period, as their ``seal`` shows: they had it. Idempotent.
    """
    available, held, last_period = purse(tx, guild_id, user_id)
    if last_period is not None and period <= last_period:
        return Balance(available, held)
    total = available + held
    was_given = last_period is None and seal is not None and seals.is_sealed(tx, seal, now)
    due_credits = (
        0 if was_given else due(total, last_period, allowance_credits=allowance_credits, cap_credits=cap_credits)
    )
    person = {"guild_id": guild_id, "user_id": user_id, "period": period}
    tx.execute(OPEN_SQL, person)
    tx.execute(ALLOWANCE_SQL, person)
    if due_credits > 0:
        details = {"amount_credits": due_credits, "reason": "allowance", "actor": "calendar", "now": now}
        key = f"allowance:{guild_id}:{user_id}:{period}"
        insert(tx, GRANT_SQL, {**person, **details, "key": key})
    return Balance(available + due_credits, held)


def due(has_credits: int, last_period: str | None, *, allowance_credits: int, cap_credits: int | None) -> int:
    """What a new period gives somebody who has ``has_credits``, held ones included; see ``see``."""
    cap = allowance_credits if cap_credits is None else cap_credits
    room = allowance_credits if last_period is None else max(0, cap - has_credits)
    return min(allowance_credits, room)


def purse(tx: Transaction, guild_id: int, user_id: int) -> tuple[int, int, str | None]:
    """Available and held credits, and the last period whose allowance was given."""
    available, held, period = 0, 0, None
    for kind, credits_, allowance_period in tx.execute(PERSON_SQL, (guild_id, user_id)):
        if kind == "available":
            available, period = credits_, allowance_period
        elif kind == "held":
            held = credits_
    return available, held, period
