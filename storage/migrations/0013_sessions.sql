-- Class sessions: minutes in which a pool pays for everybody, one board that shows them, and what came of them.

CREATE TABLE class_sessions (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL, -- where it was started: its board and its last words stand there
    pool_id INTEGER NOT NULL REFERENCES pools (id),
    model_id TEXT, -- the one model that it is held with; NULL leaves the choice
    clips_per_person INTEGER, -- NULL is without a bound
    locale TEXT NOT NULL,
    started_by INTEGER NOT NULL,
    started_at REAL NOT NULL,
    ends_at REAL NOT NULL,
    ended_by INTEGER, -- 0 is the clock
    ended_at REAL,
    tally TEXT, -- what came of it; NULL until its last clip is over
    board TEXT NOT NULL DEFAULT 'pending', -- how far its message is
    board_message_id INTEGER,
    pin TEXT, -- what became of pinning the board; NULL until it is posted
    closing TEXT, -- how far its last words are; NULL until there is a tally
    closing_message_id INTEGER,
    CONSTRAINT session_times CHECK (ends_at > started_at AND ended_at >= started_at),
    CONSTRAINT session_clips_each CHECK (clips_per_person BETWEEN 1 AND 1000),
    CONSTRAINT ended_session_has_time CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT session_tally CHECK (tally IS NULL OR (json_valid(tally) AND json_type(tally) = 'object')),
    CONSTRAINT tally_after_end CHECK (tally IS NULL OR ended_at IS NOT NULL),
    CONSTRAINT session_board CHECK (board IN ('pending', 'posted', 'abandoned')),
    CONSTRAINT posted_board_has_message CHECK (board <> 'posted' OR board_message_id IS NOT NULL),
    CONSTRAINT session_pin CHECK (pin IN ('pinned', 'forbidden', 'full')),
    CONSTRAINT session_closing CHECK (closing IN ('pending', 'posted', 'abandoned')),
    CONSTRAINT closing_after_tally CHECK ((closing IS NULL) = (tally IS NULL)),
    CONSTRAINT posted_closing_has_message CHECK ((closing_message_id IS NOT NULL) = (closing IS 'posted'))
) STRICT;

-- A replayed interaction finds its session, and cannot start a second one.
CREATE UNIQUE INDEX one_session_per_key ON class_sessions (key);
-- Every order looks here for a session that pays for it, and a class has one at a time.
CREATE UNIQUE INDEX one_running_session ON class_sessions (guild_id) WHERE ended_at IS NULL;
-- A job that a pool pays for looks here whether the pool is a session's; a session has a pool of its own.
CREATE UNIQUE INDEX one_session_per_pool ON class_sessions (pool_id);
-- The clock ends what is due, however many sessions there were.
CREATE INDEX sessions_due ON class_sessions (ends_at) WHERE ended_at IS NULL;
-- A class's sessions, newest first.
CREATE INDEX sessions_of_guild ON class_sessions (guild_id);
-- Sessions that are shown on a board, or whose last words are still to be said.
CREATE INDEX sessions_open ON class_sessions (id) WHERE tally IS NULL OR closing = 'pending';

CREATE TRIGGER session_matches_pool BEFORE INSERT ON class_sessions
BEGIN
    SELECT RAISE(ABORT, 'session_matches_pool') WHERE NOT EXISTS (
        SELECT 1 FROM pools WHERE id = NEW.pool_id AND guild_id = NEW.guild_id AND kind = 'session'
    );
END;

CREATE TRIGGER session_keeps_its_promise BEFORE UPDATE ON class_sessions
WHEN (OLD.id, OLD.key, OLD.guild_id, OLD.channel_id, OLD.pool_id, OLD.model_id, OLD.clips_per_person, OLD.started_by,
        OLD.started_at, OLD.ends_at)
    IS NOT (NEW.id, NEW.key, NEW.guild_id, NEW.channel_id, NEW.pool_id, NEW.model_id, NEW.clips_per_person,
        NEW.started_by, NEW.started_at, NEW.ends_at)
    OR (OLD.ended_at IS NOT NULL AND (OLD.ended_by, OLD.ended_at) IS NOT (NEW.ended_by, NEW.ended_at))
    OR (OLD.tally IS NOT NULL AND OLD.tally IS NOT NEW.tally)
BEGIN
    SELECT RAISE(ABORT, 'session_keeps_its_promise');
END;

CREATE TRIGGER session_closing_transition BEFORE UPDATE OF closing ON class_sessions
WHEN OLD.closing IN ('posted', 'abandoned')
BEGIN
    SELECT RAISE(ABORT, 'session_closing_transition');
END;

CREATE TRIGGER sessions_are_not_deleted BEFORE DELETE ON class_sessions
BEGIN
    SELECT RAISE(ABORT, 'session_keeps_its_promise');
END;

CREATE TRIGGER session_pays_in_time BEFORE INSERT ON jobs WHEN NEW.pool_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'session_pays_in_time') WHERE EXISTS (
        SELECT 1 FROM class_sessions
        WHERE pool_id = NEW.pool_id AND (ended_at IS NOT NULL OR ends_at <= NEW.created_at)
    );
END;

DROP INDEX jobs_of_pool;

-- What was made from a pool's credits, and by one person of it: their clips are counted at every order.
CREATE INDEX jobs_of_pool ON jobs (pool_id, user_id) WHERE pool_id IS NOT NULL;

-- The pool that was to pay when the draft or the offer was shown; nobody is charged for what a class was to pay.
ALTER TABLE drafts ADD COLUMN pool_id INTEGER;
ALTER TABLE proposals ADD COLUMN pool_id INTEGER;
