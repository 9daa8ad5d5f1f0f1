-- Settings of a server; NULL is the operator's default.

CREATE TABLE guild_settings (
    guild_id INTEGER PRIMARY KEY,
    allowance_credits INTEGER,
    timezone TEXT,
    updated_by INTEGER NOT NULL,
    updated_at REAL NOT NULL,
    CONSTRAINT allowance_amount CHECK (allowance_credits BETWEEN 0 AND 1000000000),
    CONSTRAINT timezone_name CHECK (timezone <> '')
) STRICT;
