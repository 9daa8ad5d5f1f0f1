-- The report on a class: what everybody ordered, made and spent, counted as it happens; and what ended in which week.

CREATE TABLE person_totals (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    ordered INTEGER NOT NULL DEFAULT 0, -- clips asked for, whatever became of them
    made INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    spent_credits INTEGER NOT NULL DEFAULT 0, -- their own, less what was refunded
    sponsored_credits INTEGER NOT NULL DEFAULT 0, -- the same of pools
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT totals_of_jobs CHECK (made >= 0 AND failed >= 0 AND made + failed <= ordered),
    CONSTRAINT totals_of_credits CHECK (spent_credits >= 0 AND sponsored_credits >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO person_totals (guild_id, user_id, ordered, made, failed)
SELECT guild_id, user_id, count(*), sum(state = 'succeeded'), sum(state = 'failed') FROM jobs GROUP BY guild_id, user_id;

INSERT INTO person_totals (guild_id, user_id, spent_credits, sponsored_credits)
SELECT held.guild_id, held.user_id,
    sum((held.pool_id IS NULL) * iif(moved.kind = 'refund', -1, 1) * moved.amount_credits),
    sum((held.pool_id IS NOT NULL) * iif(moved.kind = 'refund', -1, 1) * moved.amount_credits)
FROM transfers AS moved
JOIN transfers AS hold ON hold.id = moved.hold_id
JOIN accounts AS held ON held.id = hold.credit_account
WHERE moved.kind IN ('capture', 'refund') GROUP BY held.guild_id, held.user_id
ON CONFLICT (guild_id, user_id) DO UPDATE
SET spent_credits = excluded.spent_credits, sponsored_credits = excluded.sponsored_credits;

CREATE TRIGGER order_is_counted AFTER INSERT ON jobs
BEGIN
    INSERT INTO person_totals (guild_id, user_id, ordered) VALUES (NEW.guild_id, NEW.user_id, 1)
    ON CONFLICT (guild_id, user_id) DO UPDATE SET ordered = ordered + 1;
END;

CREATE TRIGGER end_is_counted AFTER UPDATE OF state ON jobs
WHEN NEW.state IN ('succeeded', 'failed') AND OLD.state <> NEW.state
BEGIN
    UPDATE person_totals SET made = made + (NEW.state = 'succeeded'), failed = failed + (NEW.state = 'failed')
    WHERE guild_id = NEW.guild_id AND user_id = NEW.user_id;
END;

CREATE TRIGGER spending_is_counted AFTER INSERT ON transfers WHEN NEW.kind = 'capture'
BEGIN
    INSERT INTO person_totals (guild_id, user_id, spent_credits, sponsored_credits)
    SELECT guild_id, user_id, (pool_id IS NULL) * NEW.amount_credits, (pool_id IS NOT NULL) * NEW.amount_credits
    FROM accounts WHERE id = NEW.debit_account
    ON CONFLICT (guild_id, user_id) DO UPDATE SET spent_credits = spent_credits + excluded.spent_credits,
        sponsored_credits = sponsored_credits + excluded.sponsored_credits;
END;

CREATE TRIGGER refund_is_counted AFTER INSERT ON transfers WHEN NEW.kind = 'refund'
BEGIN
    UPDATE person_totals SET spent_credits = spent_credits - (held.pool_id IS NULL) * NEW.amount_credits,
        sponsored_credits = sponsored_credits - (held.pool_id IS NOT NULL) * NEW.amount_credits
    FROM transfers AS hold JOIN accounts AS held ON held.id = hold.credit_account
    WHERE hold.id = NEW.hold_id
        AND person_totals.guild_id = held.guild_id AND person_totals.user_id = held.user_id;
END;

-- A report reads what ended in each of its weeks, out of this index alone, however long the history is.
CREATE INDEX jobs_ended ON jobs (guild_id, finished_at, user_id, state, pool_id, price_credits, hold_id)
WHERE finished_at IS NOT NULL;
