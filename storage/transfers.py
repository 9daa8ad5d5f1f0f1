"""One transfer as a row: how it is inserted, and how its key is recognised when it comes again."""

from typing import Any

from storage.database import Transaction
from storage.errors import KeyReused

BY_KEY_SQL = """
SELECT transfer.id, transfer.amount_credits, debit.guild_id, max(debit.user_id, credit.user_id),
    coalesce(debit.pool_id, credit.pool_id)
FROM transfers AS transfer
JOIN accounts AS debit ON debit.id = transfer.debit_account
JOIN accounts AS credit ON credit.id = transfer.credit_account
WHERE transfer.key = ?
"""


def replayed(
    tx: Transaction, key: str, *, guild_id: int, user_id: int, amount_credits: int, pool_id: int | None = None
) -> int | None:
    """The id of the transfer made with ``key``, None if there is none; ``user_id`` 0 is a pool or the class.

    Raises KeyReused if the key moved another amount, or another person's or pool's credits.
    """
    row = tx.execute(BY_KEY_SQL, (key,)).fetchone()
    if row is None:
        return None
    if row[1:] != (amount_credits, guild_id, user_id, pool_id):
        raise KeyReused(key)
    return int(row[0])


def insert(tx: Transaction, sql: str, values: dict[str, Any]) -> int | None:
    """The new row's id, or None if ``sql`` selected nothing to insert. Raises sqlite3.IntegrityError."""
    cursor = tx.execute(sql, values)
    return cursor.lastrowid if cursor.rowcount == 1 else None


def insert_one(tx: Transaction, sql: str, values: dict[str, Any]) -> int:
    """The new row's id of a statement that always inserts."""
    inserted = insert(tx, sql, values)
    if inserted is None:
        msg = "a statement that always inserts inserted nothing"
        raise RuntimeError(msg)
    return inserted
