"""History cannot be rewritten, by any kind of statement."""

import sqlite3

import pytest
from storage_samples import GUILD, USER, WHO, held, seen

from storage import errors, ledger

ROUTES = {
    "update": "UPDATE transfers SET amount_credits = 1",
    "update of one column by key": "UPDATE transfers SET reason = 'other' WHERE key = 'hold:one'",
    "delete": "DELETE FROM transfers",
    "delete of the last": "DELETE FROM transfers WHERE id = (SELECT max(id) FROM transfers)",
    "replace by id": """REPLACE INTO transfers SELECT id, key, kind, debit_account, credit_account, 1, hold_id, reason,
        actor, at FROM transfers WHERE kind = 'hold'""",
    "replace by key": """INSERT OR REPLACE INTO transfers (key, kind, debit_account, credit_account, amount_credits,
        reason, actor, at) SELECT key, kind, debit_account, credit_account, 1, reason, actor, at FROM transfers
        WHERE kind = 'hold'""",
    "replace of a settlement": """INSERT OR REPLACE INTO transfers (key, kind, debit_account, credit_account,
        amount_credits, hold_id, reason, actor, at) SELECT 'again', kind, debit_account, credit_account,
        amount_credits, hold_id, reason, actor, at FROM transfers WHERE kind = 'capture'""",
    "update or replace": "UPDATE OR REPLACE transfers SET key = 'hold:one'",
    "update or ignore": "UPDATE OR IGNORE transfers SET key = 'hold:one'",
    "upsert": """INSERT INTO transfers SELECT * FROM transfers WHERE kind = 'hold'
        ON CONFLICT DO UPDATE SET amount_credits = 1""",
    "an account that loses its transfers": "DELETE FROM accounts",
    "an account that changes hands": "UPDATE accounts SET user_id = 1 WHERE user_id <> 0",
}


def everything(tx: sqlite3.Connection) -> list[list[tuple]]:
    return [tx.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("transfers", "accounts")]


@pytest.fixture
def history(tx):
    seen(tx)
    ledger.capture(tx, held(tx), **WHO)
    return tx


@pytest.mark.parametrize("route", ROUTES)
def test_history_is_the_same_after_an_attempt_to_rewrite_it(history, route):
    before = everything(history)
    with pytest.raises(sqlite3.IntegrityError, match=r"append_only|accounts_keep_their_owner"):
        history.execute(ROUTES[route])
    assert everything(history) == before


async def test_attempt_to_rewrite_history_has_its_own_exception(database):
    await database.write(seen)
    with pytest.raises(errors.HistoryIsFixed):
        await database.write(lambda tx: tx.execute("DELETE FROM transfers"))


def insert(tx: sqlite3.Connection, **changed: object) -> None:
    """A hold of one credit that is right but for what is changed."""
    values = {
        "key": "planted",
        "kind": "hold",
        "debit_account": account(tx, "available"),
        "credit_account": account(tx, "held"),
        "amount_credits": 1,
        "hold_id": None,
        "reason": "r",
        "actor": "a",
        "at": 1.0,
        **changed,
    }
    names = ", ".join(values)
    tx.execute(f"INSERT INTO transfers ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))


def account(tx: sqlite3.Connection, kind: str, user_id: int = USER) -> int:
    owner = user_id if kind in ("available", "held") else 0
    row = tx.execute(
        "SELECT id FROM accounts WHERE guild_id = ? AND user_id = ? AND kind = ?", (GUILD, owner, kind)
    ).fetchone()
    return row[0]


def test_transfer_that_is_right_is_accepted(history):
    insert(history)
    assert ledger.balance(history, GUILD, USER) == ledger.Balance(388, 1)


@pytest.mark.parametrize(
    ("kind", "debit", "credit"),
    [
        ("hold", "issued", "held"),
        ("hold", "held", "available"),
        ("grant", "spent", "available"),
        ("grant", "available", "issued"),
    ],
)
def test_transfer_between_the_wrong_accounts_is_refused(history, kind, debit, credit):
    before = everything(history)
    with pytest.raises(sqlite3.IntegrityError, match="transfer_route"):
        insert(history, kind=kind, debit_account=account(history, debit), credit_account=account(history, credit))
    assert everything(history) == before


def test_transfer_between_two_people_is_refused(history):
    seen(history, 5)
    with pytest.raises(sqlite3.IntegrityError, match="transfer_route"):
        insert(history, credit_account=account(history, "held", 5))


def test_settlement_of_another_amount_is_refused(history):
    hold_id = held(history, 5, "open")
    settled = {
        "kind": "capture",
        "debit_account": account(history, "held"),
        "credit_account": account(history, "spent"),
    }
    with pytest.raises(sqlite3.IntegrityError, match="settlement_matches_hold"):
        insert(history, **settled, hold_id=hold_id, amount_credits=4)
    insert(history, **settled, hold_id=hold_id, amount_credits=5)


def test_second_settlement_is_refused_by_the_schema_itself(history):
    hold_id = held(history, 5, "open")
    held(history, 5, "other")
    ledger.release(history, hold_id, **WHO)
    settled = {
        "kind": "capture",
        "debit_account": account(history, "held"),
        "credit_account": account(history, "spent"),
    }
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*transfers\.hold_id"):
        insert(history, **settled, hold_id=hold_id, amount_credits=5)


def test_transfer_between_two_classes_is_refused(history):
    ledger.see(history, guild_id=1, user_id=USER, period="2026-11-01", allowance_credits=5, now=1.0)
    elsewhere = history.execute("SELECT id FROM accounts WHERE guild_id = 1 AND kind = 'held'").fetchone()[0]
    with pytest.raises(sqlite3.IntegrityError, match="transfer_route"):
        insert(history, credit_account=elsewhere)


def refunded_to(tx: sqlite3.Connection, user_id: int) -> dict[str, object]:
    accounts = {"debit_account": account(tx, "spent"), "credit_account": account(tx, "available", user_id)}
    return {"kind": "refund", **accounts, "hold_id": 2}


def test_refund_to_another_person_is_refused(history):
    seen(history, 5)
    with pytest.raises(sqlite3.IntegrityError, match="refund_within_capture"):
        insert(history, **refunded_to(history, 5))
    insert(history, **refunded_to(history, USER))


def test_second_refund_is_refused_by_the_schema_itself(history):
    ledger.refund(history, 2, amount_credits=1, **WHO)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*transfers\.hold_id"):
        insert(history, **refunded_to(history, USER))


def test_settlement_without_a_hold_is_refused(history):
    with pytest.raises(sqlite3.IntegrityError):
        insert(
            history,
            kind="release",
            debit_account=account(history, "held"),
            credit_account=account(history, "available"),
        )
