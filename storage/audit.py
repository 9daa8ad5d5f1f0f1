"""The proof that credits and jobs agree: everything is recomputed from the transfers and compared."""

import sqlite3

from storage.database import Transaction

REFERENCES_SQL = """
SELECT printf('%s row %d points at no row of %s', "table", rowid, parent) FROM pragma_foreign_key_check
"""

CHECKS: dict[str, str] = {}
"""Every check by name: a query whose rows are the sentences of what is wrong, and nothing when all is well."""


def audit(tx: Transaction) -> list[str]:
    """Every disagreement found in the database, one sentence each; empty when it is clean.

    Reads everything: 100,000 jobs take about three seconds, in which other reads wait. A part of the file that
    is too damaged to be read is a finding too.
    """
    findings = _findings(tx, "integrity", "SELECT integrity_check FROM pragma_integrity_check")
    findings = [finding for finding in findings if finding != "integrity: ok"]
    findings += _findings(tx, "reference", REFERENCES_SQL)
    for name, sql in CHECKS.items():
        findings += _findings(tx, name, sql)
    return findings


def _findings(tx: Transaction, name: str, sql: str) -> list[str]:
    try:
        return [f"{name}: {row[0]}" for row in tx.execute(sql)]
    except sqlite3.DatabaseError as error:
        return [f"{name}: {error}"]


CHECKS["balance"] = """
    WITH moved AS (
        SELECT debit_account AS account_id, -amount_credits AS amount FROM transfers
        UNION ALL
        SELECT credit_account, amount_credits FROM transfers
    )
    SELECT printf('account %d has %d credits, its transfers say %d',
        accounts.id, accounts.balance_credits, coalesce(sum(moved.amount), 0))
    FROM accounts LEFT JOIN moved ON moved.account_id = accounts.id
    GROUP BY accounts.id HAVING accounts.balance_credits <> coalesce(sum(moved.amount), 0)
"""

CHECKS["sum"] = """
    SELECT printf('the accounts of guild %d sum to %d credits', guild_id, sum(balance_credits))
    FROM accounts GROUP BY guild_id HAVING sum(balance_credits) <> 0
"""

CHECKS["below zero"] = """
    SELECT printf('account %d (%s) has %d credits', id, kind, balance_credits)
    FROM accounts WHERE balance_credits < 0 AND kind NOT IN ('issued', 'spent')
"""

CHECKS["history"] = """
    SELECT printf('%d transfers are kept, the last one is number %d', count(*), max(id))
    FROM transfers HAVING count(*) <> coalesce(max(id), 0)
"""

CHECKS["route"] = """
    SELECT printf('transfer %d (%s) goes from account %d to account %d', transfers.id, transfers.kind,
        transfers.debit_account, transfers.credit_account)
    FROM transfers
    LEFT JOIN accounts AS debit ON debit.id = transfers.debit_account
    LEFT JOIN accounts AS credit ON credit.id = transfers.credit_account
    WHERE debit.guild_id IS NOT credit.guild_id
        OR (debit.user_id IS NOT credit.user_id AND debit.user_id <> 0 AND credit.user_id <> 0)
        OR (debit.pool_id <> credit.pool_id)
        OR (transfers.kind, debit.kind, credit.kind) NOT IN (
            VALUES ('grant', 'issued', 'available'), ('hold', 'available', 'held'), ('capture', 'held', 'spent'),
                ('release', 'held', 'available'), ('refund', 'spent', 'available'),
                ('grant', 'issued', 'pool'), ('hold', 'pool', 'pool_held'), ('capture', 'pool_held', 'pool_spent'),
                ('release', 'pool_held', 'pool'), ('refund', 'pool_spent', 'pool'),
                ('prize', 'pool', 'available'), ('return', 'pool', 'issued'), ('take', 'available', 'issued')
        )
"""

CHECKS["settlement"] = """
    SELECT printf('transfer %d (%s of %d credits) does not match hold %d',
        settled.id, settled.kind, settled.amount_credits, settled.hold_id)
    FROM transfers AS settled LEFT JOIN transfers AS hold ON hold.id = settled.hold_id AND hold.kind = 'hold'
    WHERE settled.kind IN ('capture', 'release')
        AND (hold.credit_account, hold.amount_credits) IS NOT (settled.debit_account, settled.amount_credits)
"""

CHECKS["settled twice"] = """
    SELECT printf('hold %d has %d settlements', hold_id, count(*))
    FROM transfers WHERE kind IN ('capture', 'release') GROUP BY hold_id HAVING count(*) > 1
"""

CHECKS["refund"] = """
    SELECT printf('hold %d: %d credits refunded, %d captured', refund.hold_id,
        sum(refund.amount_credits), coalesce(capture.amount_credits, 0))
    FROM transfers AS refund
    LEFT JOIN transfers AS capture ON capture.hold_id = refund.hold_id AND capture.kind = 'capture'
    WHERE refund.kind = 'refund' GROUP BY refund.hold_id
    HAVING sum(refund.amount_credits) > coalesce(capture.amount_credits, 0) OR count(*) > 1
"""

CHECKS["hold without job"] = """
    SELECT printf('hold %d of %d credits is open and pays for no job', hold.id, hold.amount_credits)
    FROM transfers AS hold
    WHERE hold.kind = 'hold'
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.hold_id = hold.id)
        AND NOT EXISTS (
            SELECT 1 FROM transfers AS settled
            WHERE settled.hold_id = hold.id AND settled.kind IN ('capture', 'release')
        )
"""

CHECKS["price"] = """
    SELECT printf('job %d costs %d credits, its hold %d has %d',
        jobs.id, jobs.price_credits, jobs.hold_id, coalesce(hold.amount_credits, 0))
    FROM jobs
    LEFT JOIN transfers AS hold ON hold.id = jobs.hold_id AND hold.kind = 'hold'
    LEFT JOIN accounts AS held ON held.id = hold.credit_account
    WHERE (hold.amount_credits, held.guild_id, held.user_id, held.pool_id)
        IS NOT (jobs.price_credits, jobs.guild_id, jobs.user_id, jobs.pool_id)
"""

CHECKS["pool"] = """
    SELECT printf('account %d of guild %d belongs to pool %d of guild %d',
        accounts.id, accounts.guild_id, pools.id, pools.guild_id)
    FROM accounts JOIN pools ON pools.id = accounts.pool_id
    WHERE accounts.guild_id <> pools.guild_id
"""

CHECKS["pool cap"] = """
    SELECT printf('person %d has %d credits of pool %d, which gives each %d',
        accounts.user_id, sum(accounts.balance_credits), pools.id, pools.cap_credits)
    FROM accounts JOIN pools ON pools.id = accounts.pool_id
    WHERE accounts.kind IN ('pool_held', 'pool_spent')
    GROUP BY pools.id, accounts.user_id HAVING sum(accounts.balance_credits) > pools.cap_credits
"""

CHECKS["closed pool"] = """
    SELECT printf('pool %d is closed and keeps %d credits', pools.id, accounts.balance_credits)
    FROM accounts JOIN pools ON pools.id = accounts.pool_id
    WHERE accounts.kind = 'pool' AND pools.closed_at IS NOT NULL AND accounts.balance_credits <> 0
"""

CHECKS["session"] = """
    SELECT printf('session %d is %s, its pool %d is %s', sessions.id, iif(sessions.ended_at IS NULL, 'on', 'over'),
        pools.id, iif(pools.closed_at IS NULL, 'open', 'closed'))
    FROM class_sessions AS sessions JOIN pools ON pools.id = sessions.pool_id
    WHERE (sessions.ended_at IS NULL) <> (pools.closed_at IS NULL)
"""

CHECKS["session's tally"] = """
    SELECT printf('session %d says %d clips were made, there are %d', sessions.id,
        json_extract(sessions.tally, '$.made') + json_extract(sessions.tally, '$.demonstrations'), count(jobs.id))
    FROM class_sessions AS sessions
    LEFT JOIN jobs ON jobs.pool_id = sessions.pool_id AND jobs.state = 'succeeded'
    WHERE sessions.tally IS NOT NULL
    GROUP BY sessions.id
    HAVING json_extract(sessions.tally, '$.made') + json_extract(sessions.tally, '$.demonstrations') <> count(jobs.id)
"""

CHECKS["job and hold"] = """
    SELECT printf('job %d is %s, its hold %d %s', jobs.id, jobs.state, jobs.hold_id,
        CASE settled.kind WHEN 'capture' THEN 'is captured' WHEN 'release' THEN 'is released' ELSE 'is open' END)
    FROM jobs
    LEFT JOIN transfers AS settled ON settled.hold_id = jobs.hold_id AND settled.kind IN ('capture', 'release')
    WHERE settled.kind IS NOT CASE jobs.state
        WHEN 'succeeded' THEN 'capture' WHEN 'failed' THEN 'release' WHEN 'cancelled' THEN 'release' END
"""

CHECKS["delivery"] = """
    SELECT printf('job %d is %s, its delivery %s with message %s', id, state,
        coalesce(delivery, 'not begun'), coalesce(message_id, 'none'))
    FROM jobs
    WHERE (delivery IS NOT NULL) <> (finished_at IS NOT NULL) OR (delivery IS 'posted') <> (message_id IS NOT NULL)
"""

CHECKS["job history"] = """
    SELECT printf('job %d is %s (%s), its history ends with %s (%s)', jobs.id, jobs.state,
        coalesce(jobs.delivery, 'not begun'), coalesce(last.state, 'nothing'), coalesce(last.delivery, 'not begun'))
    FROM jobs
    LEFT JOIN job_events AS last ON last.id = (SELECT max(id) FROM job_events WHERE job_id = jobs.id)
    WHERE (last.state, last.delivery, last.attempts) IS NOT (jobs.state, jobs.delivery, jobs.attempts)
"""

CHECKS["posted twice"] = """
    SELECT printf('message %d is the delivery of %d jobs', message_id, count(*))
    FROM jobs WHERE message_id IS NOT NULL GROUP BY message_id HAVING count(*) > 1
"""

CHECKS["totals"] = """
    WITH counted AS (
        SELECT guild_id, user_id, 1 AS ordered, state = 'succeeded' AS made, state = 'failed' AS failed,
            0 AS spent, 0 AS sponsored
        FROM jobs
        UNION ALL
        SELECT held.guild_id, held.user_id, 0, 0, 0,
            (held.pool_id IS NULL) * iif(moved.kind = 'refund', -1, 1) * moved.amount_credits,
            (held.pool_id IS NOT NULL) * iif(moved.kind = 'refund', -1, 1) * moved.amount_credits
        FROM transfers AS moved
        JOIN transfers AS hold ON hold.id = moved.hold_id
        JOIN accounts AS held ON held.id = hold.credit_account
        WHERE moved.kind IN ('capture', 'refund')
        UNION ALL
        SELECT guild_id, user_id, -ordered, -made, -failed, -spent_credits, -sponsored_credits FROM person_totals
    )
    SELECT printf('person %d of guild %d: the totals lack %d orders, %d clips, %d failures, %d and %d credits',
        user_id, guild_id, sum(ordered), sum(made), sum(failed), sum(spent), sum(sponsored))
    FROM counted GROUP BY guild_id, user_id
    HAVING sum(ordered) OR sum(made) OR sum(failed) OR sum(spent) OR sum(sponsored)
"""
