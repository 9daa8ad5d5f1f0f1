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

-- Whom the bot has met in a server: without Discord's list of members this is all it knows of them.
CREATE TABLE people (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    met_at REAL NOT NULL,
    seen_at REAL NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

-- The roles that a person had when they last used the bot.
CREATE TABLE people_roles (
    guild_id INTEGER NOT NULL,
    role_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, role_id, user_id)
) STRICT, WITHOUT ROWID;

-- A person's roles are replaced when they have changed.
CREATE INDEX roles_of_person ON people_roles (guild_id, user_id);

-- Credits about to be given or taken back, shown to an instructor before anything happens.
CREATE TABLE grant_drafts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    whom_id INTEGER, -- the one person or the role; NULL is a list
    shares TEXT NOT NULL, -- [[user_id, credits], …]
    why TEXT NOT NULL,
    drafted_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    CONSTRAINT draft_kind CHECK (kind IN ('grant', 'take')),
    CONSTRAINT draft_shares CHECK (json_valid(shares) AND json_type(shares) = 'array' AND shares <> '[]'),
    CONSTRAINT draft_says_why CHECK (why <> ''),
    CONSTRAINT draft_state CHECK (state IN ('open', 'done', 'discarded'))
) STRICT;

-- A replayed command finds its draft.
CREATE UNIQUE INDEX one_draft_per_key ON grant_drafts (key);

CREATE TRIGGER draft_transition BEFORE UPDATE ON grant_drafts WHEN OLD.state <> 'open' OR OLD.shares <> NEW.shares
BEGIN
    SELECT RAISE(ABORT, 'draft_transition');
END;

-- Somebody who ran out of credits asks the instructors for more.
CREATE TABLE credit_requests (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL, -- where they asked
    amount_credits INTEGER NOT NULL,
    why TEXT NOT NULL,
    asked_at REAL NOT NULL,
    card_channel_id INTEGER,
    card_message_id INTEGER,
    state TEXT NOT NULL DEFAULT 'open',
    decided_by INTEGER,
    decided_at REAL,
    CONSTRAINT request_amount CHECK (amount_credits BETWEEN 1 AND 1000000000),
    CONSTRAINT request_state CHECK (state IN ('open', 'approved', 'declined')),
    CONSTRAINT request_decided CHECK (
        (state = 'open') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
    ),
    CONSTRAINT request_card CHECK ((card_channel_id IS NULL) = (card_message_id IS NULL))
) STRICT;

-- A replayed form finds its request.
CREATE UNIQUE INDEX one_request_per_key ON credit_requests (key);
-- Nobody asks twice before they are answered.
CREATE UNIQUE INDEX one_open_request_per_person ON credit_requests (guild_id, user_id) WHERE state = 'open';

CREATE TRIGGER request_transition BEFORE UPDATE OF state ON credit_requests WHEN OLD.state <> 'open'
BEGIN
    SELECT RAISE(ABORT, 'request_transition');
END;

-- Whether a class takes orders and starts them; no row is a class that runs.
CREATE TABLE class_states (
    guild_id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    since REAL NOT NULL,
    CONSTRAINT class_state_known CHECK (state IN ('paused', 'draining')),
    CONSTRAINT class_state_says_why CHECK (reason <> '')
) STRICT;

CREATE TABLE models_off (
    guild_id INTEGER NOT NULL,
    model_id TEXT NOT NULL,
    PRIMARY KEY (guild_id, model_id)
) STRICT, WITHOUT ROWID;

-- Where clips may be asked for; a server without a row allows it everywhere.
CREATE TABLE allowed_channels (
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

-- The role @everyone has the server's own id; NULL leaves a limit as it is elsewhere.
CREATE TABLE role_limits (
    guild_id INTEGER NOT NULL,
    role_id INTEGER NOT NULL,
    longest_seconds REAL,
    largest_pixels INTEGER,
    outstanding INTEGER,
    PRIMARY KEY (guild_id, role_id),
    CONSTRAINT limit_seconds CHECK (longest_seconds > 0),
    CONSTRAINT limit_pixels CHECK (largest_pixels > 0),
    CONSTRAINT limit_outstanding CHECK (outstanding >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked_people (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT block_says_why CHECK (reason <> '')
) STRICT, WITHOUT ROWID;
