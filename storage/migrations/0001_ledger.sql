-- Credits: accounts whose balances are moved by append-only transfers.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL, -- 0 is the class itself
    kind TEXT NOT NULL,
    balance_credits INTEGER NOT NULL DEFAULT 0,
    allowance_month TEXT, -- the last calendar month whose allowance was given
    CONSTRAINT account_kind CHECK (kind IN ('available', 'held', 'issued', 'spent')),
    CONSTRAINT account_owner CHECK ((user_id = 0) = (kind IN ('issued', 'spent'))),
    CONSTRAINT enough_credits CHECK (balance_credits >= 0 OR kind IN ('issued', 'spent')),
    CONSTRAINT allowance_is_available CHECK (allowance_month IS NULL OR kind = 'available'),
    CONSTRAINT allowance_month_form CHECK (
        allowance_month GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]' AND substr(allowance_month, 6) BETWEEN '01' AND '12'
    )
) STRICT;

-- Every movement looks its accounts up by person, and nobody has two of a kind.
CREATE UNIQUE INDEX one_account_of_a_kind ON accounts (guild_id, user_id, kind);

CREATE TABLE transfers (
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
    CONSTRAINT transfer_kind CHECK (kind IN ('grant', 'hold', 'capture', 'release', 'refund')),
    CONSTRAINT transfer_amount CHECK (amount_credits BETWEEN 1 AND 1000000000),
    CONSTRAINT transfer_points_at_hold CHECK ((hold_id IS NOT NULL) = (kind IN ('capture', 'release', 'refund'))),
    CONSTRAINT transfer_says_why CHECK (reason <> '' AND actor <> '')
) STRICT;

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
            AND NEW.kind || ' ' || debit.kind || ' ' || credit.kind IN (
                'grant issued available',
                'hold available held',
                'capture held spent',
                'release held available',
                'refund spent available'
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
            AND NEW.amount_credits <= capture.amount_credits
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

CREATE TRIGGER accounts_keep_their_owner BEFORE UPDATE OF id, guild_id, user_id, kind ON accounts
BEGIN
    SELECT RAISE(ABORT, 'accounts_keep_their_owner');
END;

CREATE TRIGGER accounts_are_not_deleted BEFORE DELETE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'accounts_keep_their_owner');
END;
