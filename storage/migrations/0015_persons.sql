-- People: what they agreed to, how they are forgotten, and for how long what they make is kept.

-- Who accepted the notice before their first order, and which version of its words.
CREATE TABLE notices (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    accepted_at REAL NOT NULL,
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT notice_version CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- An order that waits for its person's word keeps how it was asked for.
ALTER TABLE drafts ADD COLUMN lane TEXT NOT NULL DEFAULT 'class'
    CONSTRAINT draft_lane CHECK (lane IN ('class', 'demo'));
ALTER TABLE proposals ADD COLUMN exercise TEXT
    CONSTRAINT proposal_exercise CHECK (exercise IN ('a', 'b', 'c'));

-- Days that the stills, clips and words of this server are kept; NULL is until their person deletes them.
ALTER TABLE guild_settings ADD COLUMN retention_days INTEGER
    CONSTRAINT retention_days_amount CHECK (retention_days BETWEEN 1 AND 36500);

-- Once a day the servers that keep things for a time only are looked for.
CREATE INDEX guilds_with_retention ON guild_settings (guild_id) WHERE retention_days IS NOT NULL;
-- Once a day what is older than its server keeps it is looked for, oldest first.
CREATE INDEX jobs_by_age ON jobs (guild_id, finished_at) WHERE finished_at IS NOT NULL AND visibility <> 'deleted';

-- One row for each wish to be forgotten, from the confirmation on. The negative of its number stands for the person
-- wherever their id has been; who that was is known until the rest is done, and to nobody afterwards.
CREATE TABLE forgettings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, because the ledger goes on naming it
    guild_id INTEGER NOT NULL,
    user_id INTEGER,
    asked_at REAL NOT NULL,
    erased_at REAL,
    CONSTRAINT erased_names_nobody CHECK ((user_id IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT forgotten_is_a_person CHECK (user_id > 0)
) STRICT;

-- Asked for twice it is one; every order looks here whether its person is being forgotten.
CREATE UNIQUE INDEX one_forgetting_of_a_person ON forgettings (guild_id, user_id) WHERE user_id IS NOT NULL;
-- The start takes up what was interrupted, oldest first.
CREATE INDEX forgettings_under_way ON forgettings (id) WHERE user_id IS NOT NULL;

-- What a forgotten person has had of this month's allowance and of pools that are still open: a keyed hash each, so
-- that coming back brings nothing anew. The key is a file of its own and in no copy of this database.
CREATE TABLE seals (
    seal TEXT PRIMARY KEY,
    until REAL, -- when the next week or month begins, and with it the next allowance
    pool_id INTEGER REFERENCES pools (id),
    CONSTRAINT seal_of_one_thing CHECK ((until IS NULL) = (pool_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- A closed pool gives nothing any more, so its seals go.
CREATE INDEX seals_of_pool ON seals (pool_id) WHERE pool_id IS NOT NULL;
-- What is over is removed once a day.
CREATE INDEX seals_by_end ON seals (until) WHERE until IS NOT NULL;

-- What was decided in the database and is still to be done outside: files that nothing may need any more, messages
-- that belong to no clip, and results of challenges that show a clip which is gone.
CREATE TABLE loose_files (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE loose_messages (
    message_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL
) STRICT;

CREATE TABLE stale_results (
    challenge_id INTEGER PRIMARY KEY REFERENCES challenges (id)
) STRICT;

-- History stays fixed, but for one change: in every row of a person who is being forgotten their id becomes the
-- negative of the forgetting's number, and nothing else may differ.

DROP TRIGGER accounts_keep_their_owner;

CREATE TRIGGER accounts_keep_their_owner BEFORE UPDATE OF id, guild_id, user_id, pool_id, kind ON accounts
WHEN (OLD.id, OLD.guild_id, OLD.pool_id, OLD.kind) IS NOT (NEW.id, NEW.guild_id, NEW.pool_id, NEW.kind)
    OR NOT EXISTS (
        SELECT 1 FROM forgettings
        WHERE guild_id = OLD.guild_id AND user_id = OLD.user_id AND NEW.user_id = -id
    )
BEGIN
    SELECT RAISE(ABORT, 'accounts_keep_their_owner');
END;

DROP TRIGGER transfers_are_not_changed;

-- Keys of an allowance or a grant contain whom it was given to.
CREATE TRIGGER transfers_are_not_changed BEFORE UPDATE ON transfers
WHEN (OLD.id, OLD.kind, OLD.debit_account, OLD.credit_account, OLD.amount_credits, OLD.hold_id, OLD.reason, OLD.at)
        IS NOT (NEW.id, NEW.kind, NEW.debit_account, NEW.credit_account, NEW.amount_credits, NEW.hold_id, NEW.reason,
            NEW.at)
    OR NOT EXISTS (
        SELECT 1 FROM accounts
        JOIN forgettings AS forgetting
            ON forgetting.guild_id = accounts.guild_id AND forgetting.user_id = accounts.user_id
        WHERE accounts.id IN (OLD.debit_account, OLD.credit_account)
            AND NEW.actor = iif(OLD.actor = CAST(forgetting.user_id AS TEXT), CAST(-forgetting.id AS TEXT), OLD.actor)
            AND NEW.key = iif(instr(':' || OLD.key || ':', ':' || forgetting.user_id || ':'), 'forgotten:' || OLD.id,
                OLD.key)
    )
BEGIN
    SELECT RAISE(ABORT, 'transfers_append_only');
END;

DROP TRIGGER job_keeps_its_order;

CREATE TRIGGER job_keeps_its_order
BEFORE UPDATE OF id, key, hold_id, guild_id, channel_id, user_id, model_id, price_credits, created_at, lane ON jobs
WHEN (OLD.id, OLD.key, OLD.hold_id, OLD.guild_id, OLD.channel_id, OLD.model_id, OLD.price_credits, OLD.created_at,
        OLD.lane)
    IS NOT (NEW.id, NEW.key, NEW.hold_id, NEW.guild_id, NEW.channel_id, NEW.model_id, NEW.price_credits,
        NEW.created_at, NEW.lane)
    OR NOT EXISTS (
        SELECT 1 FROM forgettings
        WHERE guild_id = OLD.guild_id AND user_id = OLD.user_id AND NEW.user_id = -id
    )
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;

DROP TRIGGER acts_are_not_changed;

-- What somebody did as an instructor stays theirs; what was done to them, or refused to them, loses name and words.
CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON staff_acts
WHEN (OLD.id, OLD.key, OLD.guild_id, OLD.what, OLD.was_refused, OLD.at)
        IS NOT (NEW.id, NEW.key, NEW.guild_id, NEW.what, NEW.was_refused, NEW.at)
    OR NOT EXISTS (
        SELECT 1 FROM forgettings
        WHERE guild_id = OLD.guild_id AND user_id IS NOT NULL
            AND NEW.actor_id = iif(OLD.was_refused AND OLD.actor_id = user_id, -id, OLD.actor_id)
            AND NEW.whom_id IS iif(OLD.whom_id = user_id, -id, OLD.whom_id)
            AND NEW.why = iif(OLD.whom_id = user_id, '', OLD.why)
            AND NEW.details = replace(OLD.details, '[' || user_id || ',', '[' || -id || ',')
    )
BEGIN
    SELECT RAISE(ABORT, 'acts_append_only');
END;

DROP TRIGGER vote_is_changed_fairly;

CREATE TRIGGER vote_is_changed_fairly BEFORE UPDATE ON challenge_votes
WHEN (OLD.challenge_id, OLD.entry_id, OLD.at) IS NOT (NEW.challenge_id, NEW.entry_id, NEW.at)
    OR NOT EXISTS (
        SELECT 1 FROM challenges
        JOIN forgettings ON forgettings.guild_id = challenges.guild_id AND forgettings.user_id = OLD.user_id
        WHERE challenges.id = OLD.challenge_id AND NEW.user_id = -forgettings.id
    )
BEGIN
    SELECT RAISE(ABORT, 'vote_is_fair') WHERE NOT EXISTS (
        SELECT 1 FROM challenge_entries AS entry
        JOIN challenges ON challenges.id = entry.challenge_id
        JOIN jobs ON jobs.id = entry.job_id
        WHERE entry.id = NEW.entry_id AND entry.challenge_id = NEW.challenge_id AND entry.user_id <> NEW.user_id
            AND entry.withdrawn_at IS NULL AND jobs.state = 'succeeded'
            AND challenges.state = 'open' AND challenges.opens_at <= NEW.at
            AND (challenges.closes_at IS NULL OR NEW.at < challenges.closes_at)
    );
END;
