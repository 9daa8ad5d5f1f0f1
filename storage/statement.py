"""A person's transfers as they see them."""

from dataclasses import dataclass
from typing import Literal

from storage.database import Transaction

Kind = Literal["grant", "hold", "capture", "release", "refund", "prize", "return", "take"]

PERSON_ACCOUNTS_SQL = "SELECT kind, id FROM accounts WHERE guild_id = ? AND user_id = ? AND pool_id IS NULL"

STATEMENT_SQL = """
SELECT entry.id, entry.at, entry.kind, entry.sign * entry.amount_credits, entry.reason, entry.actor,
    CASE entry.kind WHEN 'hold' THEN entry.id ELSE entry.hold_id END AS about_hold, jobs.id,
    entry.amount_credits
FROM (
    SELECT * FROM (
        SELECT -1 AS sign, transfers.* FROM transfers
        WHERE debit_account = :available ORDER BY id DESC LIMIT :limit
    )
    UNION ALL
    SELECT * FROM (
        SELECT 1 AS sign, transfers.* FROM transfers
        WHERE credit_account = :available ORDER BY id DESC LIMIT :limit
    )
    UNION ALL
    SELECT * FROM (
        SELECT 0 AS sign, transfers.* FROM transfers
        WHERE debit_account = :held AND kind = 'capture' ORDER BY id DESC LIMIT :limit
    )
) AS entry
LEFT JOIN jobs ON jobs.hold_id = CASE entry.kind WHEN 'hold' THEN entry.id ELSE entry.hold_id END
ORDER BY entry.id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer as its person sees it; ``amount_credits`` is its effect on what is available.

    A capture has no effect of its own (its hold had it), so all entries of a person sum to the available balance;
    ``moved_credits`` is what it moved all the same.
    ``hold_id`` is a hold's own id and the hold that a capture, release or refund is about; ``at`` is seconds since
    the epoch. Clips that a pool paid for are not here, as they moved none of the person's credits.
    """

    id: int
    at: float
    kind: Kind
    amount_credits: int
    reason: str
    actor: str
    hold_id: int | None
    job_id: int | None
    moved_credits: int


def statement(tx: Transaction, guild_id: int, user_id: int, limit: int) -> list[Entry]:
    """The person's last ``limit`` transfers, newest first."""
    accounts: dict[str, int] = dict(tx.execute(PERSON_ACCOUNTS_SQL, (guild_id, user_id)).fetchall())
    if not accounts:
        return []
    return [Entry(*row) for row in tx.execute(STATEMENT_SQL, {**accounts, "limit": limit})]
