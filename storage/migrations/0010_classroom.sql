-- What instructors set and do: their role and channel, the class's rules, who is blocked, and a log of every act.

ALTER TABLE guild_settings ADD COLUMN staff_role_id INTEGER;
ALTER TABLE guild_settings ADD COLUMN staff_channel_id INTEGER;
ALTER TABLE guild_settings ADD COLUMN allowance_period TEXT
    CONSTRAINT allowance_period_kind CHECK (allowance_period IN ('week', 'month'));
ALTER TABLE guild_settings ADD COLUMN allowance_cap_credits INTEGER
    CONSTRAINT allowance_cap_amount CHECK (allowance_cap_credits BETWEEN 0 AND 1000000000);

-- Everything that an instructor did or a student tried; whom and details are read by the words of each act.
CREATE TABLE staff_acts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    actor_id INTEGER NOT NULL, -- 0 is the bot itself, where time decided
    what TEXT NOT NULL,
    whom_id INTEGER,
    details TEXT NOT NULL DEFAULT '{}',
    why TEXT NOT NULL,
    was_refused INTEGER NOT NULL DEFAULT 0,
    at REAL NOT NULL,
    CONSTRAINT act_named CHECK (what <> ''),
    CONSTRAINT act_details CHECK (json_valid(details) AND json_type(details) = 'object'),
    CONSTRAINT act_refused CHECK (was_refused IN (0, 1))
) STRICT;

-- A replayed interaction writes its act once.
CREATE UNIQUE INDEX one_act_per_key ON staff_acts (key);
-- The log is paged by server, newest first, with what was done apart from what was refused.
CREATE INDEX acts_of_guild ON staff_acts (guild_id, was_refused);

CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON staff_acts
BEGIN
    SELECT RAISE(ABORT, 'acts_append_only');
END;

CREATE TRIGGER acts_are_not_deleted BEFORE DELETE ON staff_acts
BEGIN
    SELECT RAISE(ABORT, 'acts_append_only');
END;
