-- Sponsored pools: credits of a challenge or a class session, spent by many within a cap for each; and taking back.

CREATE TABLE pools (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    cap_credits INTEGER, -- the most that one person may spend and hold of it; NULL is all of it
    created_by INTEGER NOT NULL,
    created_at REAL NOT NULL,
    closed_at REAL,
    CONSTRAINT pool_kind CHECK (kind IN ('challenge', 'session')),
    CONSTRAINT pool_title CHECK (title <> ''),
    CONSTRAINT pool_cap_amount CHECK (cap_credits BETWEEN 1 AND 1000000000)
) STRICT;

-- A replayed opening finds its pool, and cannot make a second one.
CREATE UNIQUE INDEX one_pool_per_key ON pools (key);
-- A person is shown what is left for them in the open pools, however many have been closed.
CREATE INDEX pools_open ON pools (guild_id) WHERE closed_at IS NULL;

-- Triggers that read the tables rebuilt here would stop their renaming.
DROP TRIGGER job_matches_hold;

CREATE TABLE new_transfers (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    debit_account INTEGER NOT NULL REFERENCES accounts (id),
    credit_account INTEGER NOT NULL REFERENCES accounts (id),
    amount_credits INTEGER NOT NULL,
    hold_id INTEGER, -- checked by triggers, because a reference to itself makes SQLite plan a scan at each insert
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at REAL NOT NULL,
    CONSTRAINT transfer_kind CHECK (
        kind IN ('grant', 'hold', 'capture', 'release', 'refund', 'prize', 'return', 'take')
    ),
    CONSTRAINT transfer_amount CHECK (amount_credits BETWEEN 1 AND 1000000000),
    CONSTRAINT transfer_points_at_hold CHECK ((hold_id IS NOT NULL) = (kind IN ('capture', 'release', 'refund'))),
    CONSTRAINT transfer_says_why CHECK (reason <> '' AND actor <> '')
) STRICT;

INSERT INTO new_transfers (id, key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at)
SELECT id, key, kind, debit_account, credit_account, amount_credits, hold_id, reason, actor, at
FROM transfers ORDER BY id;

DROP TABLE transfers;

CREATE TABLE new_accounts (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL, -- 0 is the class itself, or a pool as a whole
    pool_id INTEGER REFERENCES pools (id),
    kind TEXT NOT NULL,
    balance_credits INTEGER NOT NULL DEFAULT 0,
    allowance_period TEXT, -- the first day of the last week or month whose allowance was given
    CONSTRAINT account_kind CHECK (
        kind IN ('available', 'held', 'issued', 'spent', 'pool', 'pool_held', 'pool_spent')
    ),
    CONSTRAINT account_owner CHECK ((user_id = 0) = (kind IN ('issued', 'spent', 'pool'))),
    CONSTRAINT account_of_pool CHECK ((pool_id IS NOT NULL) = (kind IN ('pool', 'pool_held', 'pool_spent'))),
    CONSTRAINT enough_credits CHECK (balance_credits >= 0 OR kind IN ('issued', 'spent')),
    CONSTRAINT allowance_is_available CHECK (allowance_period IS NULL OR kind = 'available'),
    CONSTRAINT allowance_period_form CHECK (allowance_period IS date(allowance_period, '+0 days'))
) STRICT;

INSERT INTO new_accounts (id, guild_id, user_id, kind, balance_credits, allowance_period)
SELECT id, guild_id, user_id, kind, balance_credits, allowance_month || '-01'
FROM accounts ORDER BY id;

DROP TABLE accounts;
ALTER TABLE new_accounts RENAME TO accounts;
ALTER TABLE new_transfers RENAME TO transfers;

-- Every movement looks its accounts up by person, and nobody has two of a kind.
CREATE UNIQUE INDEX one_account_of_a_kind ON accounts (guild_id, user_id, kind) WHERE pool_id IS NULL;
-- What a person holds and has spent of a pool stands here; it is counted at every hold.
CREATE UNIQUE INDEX one_pool_account_of_a_kind ON accounts (pool_id, user_id, kind) WHERE pool_id IS NOT NULL;
-- A replayed request finds its first transfer, and cannot make a second one.
CREATE UNIQUE INDEX one_transfer_per_key ON transfers (key);
-- A hold is captured or released, once; settling looks here whether it was.
CREATE UNIQUE INDEX one_settlement_per_hold ON transfers (hold_id) WHERE kind IN ('capture', 'release');
-- Captured credits are given back at most once.
CREATE UNIQUE INDEX one_refund_per_hold ON transfers (hold_id) WHERE kind = 'refund';
-- A statement reads what left an account, newest first.
CREATE INDEX transfers_by_debit ON transfers (debit_account);
-- A statement reads what reached an account, newest first.
CREATE INDEX transfers_by_credit ON transfers (credit_account);

CREATE TRIGGER transfer_route BEFORE INSERT ON transfers
BEGIN
    SELECT RAISE(ABORT, 'transfer_route') WHERE NOT EXISTS (
        SELECT 1
        FROM accounts AS debit
        JOIN accounts AS credit ON credit.id = NEW.credit_account AND credit.guild_id = debit.guild_id
        WHERE debit.id = NEW.debit_account
            AND (debit.user_id = credit.user_id OR debit.user_id = 0 OR credit.user_id = 0)
            AND (debit.pool_id = credit.pool_id OR debit.pool_id IS NULL OR credit.pool_id IS NULL)
            AND NEW.kind || ' ' || debit.kind || ' ' || credit.kind IN (
                'grant issued available', 'grant issued pool',
                'hold available held', 'hold pool pool_held',
                'capture held spent', 'capture pool_held pool_spent',
                'release held available', 'release pool_held pool',
                'refund spent available', 'refund pool_spent pool',
                'prize pool available',
                'return pool issued',
                'take available issued'
            )
    );
END;

CREATE TRIGGER settlement_matches_hold BEFORE INSERT ON transfers WHEN NEW.kind IN ('capture', 'release')
BEGIN
    SELECT RAISE(ABORT, 'settlement_matches_hold') WHERE NOT EXISTS (
        SELECT 1 FROM transfers AS hold
        WHERE hold.id = NEW.hold_id AND hold.kind = 'hold'
            AND hold.credit_account = NEW.debit_account AND hold.amount_credits = NEW.amount_credits
    );
END;

CREATE TRIGGER refund_within_capture BEFORE INSERT ON transfers WHEN NEW.kind = 'refund'
BEGIN
    SELECT RAISE(ABORT, 'refund_within_capture') WHERE NOT EXISTS (
        SELECT 1
        FROM transfers AS hold
        JOIN transfers AS capture ON capture.hold_id = hold.id AND capture.kind IN ('capture', 'release')
        WHERE hold.id = NEW.hold_id AND capture.kind = 'capture' AND hold.debit_account = NEW.credit_account
            AND capture.credit_account = NEW.debit_account AND NEW.amount_credits <= capture.amount_credits
    );
END;

CREATE TRIGGER pool_cap BEFORE INSERT ON transfers WHEN NEW.kind = 'hold'
BEGIN
    SELECT RAISE(ABORT, 'pool_cap') WHERE EXISTS (
        SELECT 1
        FROM accounts AS held
        JOIN pools ON pools.id = held.pool_id
        WHERE held.id = NEW.credit_account AND pools.cap_credits < NEW.amount_credits + (
            SELECT sum(own.balance_credits) FROM accounts AS own
            WHERE own.pool_id = held.pool_id AND own.user_id = held.user_id AND own.kind IN ('pool_held', 'pool_spent')
        )
    );
END;

CREATE TRIGGER pool_closed BEFORE INSERT ON transfers WHEN NEW.kind IN ('grant', 'hold', 'prize')
BEGIN
    SELECT RAISE(ABORT, 'pool_closed') WHERE EXISTS (
        SELECT 1 FROM accounts JOIN pools ON pools.id = accounts.pool_id
        WHERE accounts.id IN (NEW.debit_account, NEW.credit_account) AND pools.closed_at IS NOT NULL
    );
END;

CREATE TRIGGER pool_open BEFORE INSERT ON transfers WHEN NEW.kind = 'return'
BEGIN
    SELECT RAISE(ABORT, 'pool_open') WHERE EXISTS (
        SELECT 1 FROM accounts JOIN pools ON pools.id = accounts.pool_id
        WHERE accounts.id = NEW.debit_account AND pools.closed_at IS NULL
    );
END;

CREATE TRIGGER transfer_moves_balances AFTER INSERT ON transfers
BEGIN
    UPDATE accounts SET balance_credits = balance_credits - NEW.amount_credits WHERE id = NEW.debit_account;
    UPDATE accounts SET balance_credits = balance_credits + NEW.amount_credits WHERE id = NEW.credit_account;
END;

CREATE TRIGGER transfers_are_not_changed BEFORE UPDATE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'transfers_append_only');
END;

CREATE TRIGGER transfers_are_not_deleted BEFORE DELETE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'transfers_append_only');
END;

CREATE TRIGGER account_matches_pool BEFORE INSERT ON accounts WHEN NEW.pool_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'account_matches_pool') WHERE NOT EXISTS (
        SELECT 1 FROM pools WHERE pools.id = NEW.pool_id AND pools.guild_id = NEW.guild_id
    );
END;

CREATE TRIGGER accounts_keep_their_owner BEFORE UPDATE OF id, guild_id, user_id, pool_id, kind ON accounts
BEGIN
    SELECT RAISE(ABORT, 'accounts_keep_their_owner');
END;

CREATE TRIGGER accounts_are_not_deleted BEFORE DELETE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'accounts_keep_their_owner');
END;

CREATE TRIGGER pools_keep_their_promise BEFORE UPDATE ON pools
WHEN (OLD.id, OLD.key, OLD.guild_id, OLD.kind, OLD.created_by, OLD.created_at)
        IS NOT (NEW.id, NEW.key, NEW.guild_id, NEW.kind, NEW.created_by, NEW.created_at)
    OR OLD.closed_at IS NOT NULL
    OR NEW.cap_credits < OLD.cap_credits OR (OLD.cap_credits IS NULL AND NEW.cap_credits IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'pools_keep_their_promise');
END;

CREATE TRIGGER pools_are_not_deleted BEFORE DELETE ON pools
BEGIN
    SELECT RAISE(ABORT, 'pools_keep_their_promise');
END;

-- The pool that pays for the job; NULL is its person's own credits.
ALTER TABLE jobs ADD COLUMN pool_id INTEGER REFERENCES pools (id);

-- What was made from a pool's credits, newest first.
CREATE INDEX jobs_of_pool ON jobs (pool_id) WHERE pool_id IS NOT NULL;

CREATE TRIGGER job_matches_hold BEFORE INSERT ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_matches_hold') WHERE NOT EXISTS (
        SELECT 1
        FROM transfers AS hold
        JOIN accounts AS held ON held.id = hold.credit_account
        WHERE hold.id = NEW.hold_id AND hold.kind = 'hold' AND hold.amount_credits = NEW.price_credits
            AND held.guild_id = NEW.guild_id AND held.user_id = NEW.user_id AND held.pool_id IS NEW.pool_id
    );
END;

CREATE TRIGGER job_keeps_its_pool BEFORE UPDATE OF pool_id ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;
