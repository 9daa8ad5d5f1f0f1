-- Jobs: what was asked for, how far it is, and whether its person has been told.

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    hold_id INTEGER NOT NULL REFERENCES transfers (id),
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    interaction_id INTEGER,
    locale TEXT NOT NULL,
    model_id TEXT NOT NULL,
    recipe TEXT NOT NULL,
    price_credits INTEGER NOT NULL,
    size_limit_bytes INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    created_at REAL NOT NULL,
    started_at REAL,
    finished_at REAL,
    clip TEXT,
    clip_bytes INTEGER,
    render_seconds REAL,
    remarks TEXT NOT NULL DEFAULT '[]',
    fault TEXT,
    cause TEXT,
    status_message_id INTEGER,
    delivery TEXT,
    delivery_at REAL, -- when the delivery became what it is
    message_id INTEGER,
    delivery_cause TEXT,
    CONSTRAINT job_recipe CHECK (json_valid(recipe) AND json_type(recipe) = 'object'),
    CONSTRAINT job_remarks CHECK (json_valid(remarks) AND json_type(remarks) = 'array'),
    CONSTRAINT job_size_limit CHECK (size_limit_bytes > 0),
    CONSTRAINT job_state CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT job_attempts CHECK (attempts BETWEEN 0 AND 3),
    CONSTRAINT job_attempts_left CHECK (state <> 'queued' OR attempts < 3),
    CONSTRAINT queued_is_unclaimed CHECK (state <> 'queued' OR (worker IS NULL AND started_at IS NULL)),
    CONSTRAINT running_is_claimed CHECK (
        state <> 'running' OR (worker IS NOT NULL AND started_at IS NOT NULL AND attempts > 0)
    ),
    CONSTRAINT finished_has_time CHECK (
        (finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled'))
    ),
    CONSTRAINT succeeded_has_clip CHECK (
        (clip IS NOT NULL) = (state = 'succeeded')
        AND (clip IS NULL) = (clip_bytes IS NULL)
        AND (clip IS NULL) = (render_seconds IS NULL)
    ),
    CONSTRAINT clip_is_not_empty CHECK (clip <> '' AND clip_bytes > 0),
    CONSTRAINT failed_has_fault CHECK ((fault IS NOT NULL) = (state = 'failed')),
    CONSTRAINT delivery_state CHECK (delivery IN ('pending', 'posting', 'posted', 'abandoned')),
    CONSTRAINT delivery_after_finish CHECK ((delivery IS NOT NULL) = (finished_at IS NOT NULL)),
    CONSTRAINT delivery_has_time CHECK ((delivery_at IS NOT NULL) = (delivery IS NOT NULL)),
    CONSTRAINT posted_has_message CHECK ((message_id IS NOT NULL) = (delivery IS 'posted')),
    CONSTRAINT abandoned_has_cause CHECK ((delivery_cause IS NOT NULL) = (delivery IS 'abandoned'))
) STRICT;

-- A replayed interaction finds its job, and cannot make a second one.
CREATE UNIQUE INDEX one_job_per_key ON jobs (key);
-- A hold pays for one job; a statement finds the job of a hold here.
CREATE UNIQUE INDEX one_job_per_hold ON jobs (hold_id);
-- The queue's start and the boot read what is unfinished, in order of arrival, however long the history is.
CREATE INDEX jobs_unfinished ON jobs (state) WHERE finished_at IS NULL;
-- A person's unfinished jobs are counted at every request.
CREATE INDEX jobs_outstanding ON jobs (guild_id, user_id) WHERE finished_at IS NULL;
-- A person's history, newest first.
CREATE INDEX jobs_of_person ON jobs (guild_id, user_id);
-- Delivery looks for finished jobs whose person does not know yet, oldest first.
CREATE INDEX jobs_undelivered ON jobs (finished_at) WHERE delivery IN ('pending', 'posting');

CREATE TRIGGER job_matches_hold BEFORE INSERT ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_matches_hold') WHERE NOT EXISTS (
        SELECT 1
        FROM transfers AS hold
        JOIN accounts AS payer ON payer.id = hold.debit_account
        WHERE hold.id = NEW.hold_id AND hold.kind = 'hold' AND hold.amount_credits = NEW.price_credits
            AND payer.guild_id = NEW.guild_id AND payer.user_id = NEW.user_id
    );
END;

CREATE TRIGGER job_begins_queued BEFORE INSERT ON jobs WHEN NEW.state <> 'queued' OR NEW.attempts <> 0
BEGIN
    SELECT RAISE(ABORT, 'job_begins_queued');
END;

CREATE TRIGGER job_transition BEFORE UPDATE OF state ON jobs
WHEN OLD.state || ' ' || NEW.state NOT IN (
    'queued running', 'queued failed', 'queued cancelled',
    'running queued', 'running succeeded', 'running failed', 'running cancelled'
)
BEGIN
    SELECT RAISE(ABORT, 'job_transition');
END;

CREATE TRIGGER delivery_transition BEFORE UPDATE OF delivery ON jobs
WHEN OLD.delivery IN ('posted', 'abandoned') OR (OLD.delivery = 'posting' AND NEW.delivery = 'pending')
BEGIN
    SELECT RAISE(ABORT, 'delivery_transition');
END;

CREATE TRIGGER job_keeps_its_order
BEFORE UPDATE OF id, key, hold_id, guild_id, channel_id, user_id, model_id, recipe, price_credits, created_at ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;

CREATE TRIGGER jobs_are_not_deleted BEFORE DELETE ON jobs
BEGIN
    SELECT RAISE(ABORT, 'jobs_are_not_deleted');
END;
