-- Keeping: who may see a clip, what a person had removed, and where clips were posted besides their first message.

-- "private" is the owner's choice, "hidden" an instructor's; "deleted" is for good, and the job's words are gone with it.
ALTER TABLE jobs ADD COLUMN visibility TEXT NOT NULL DEFAULT 'shown'
    CONSTRAINT job_visibility CHECK (visibility IN ('shown', 'private', 'hidden', 'deleted'))
    CONSTRAINT deleted_is_finished CHECK (visibility <> 'deleted' OR finished_at IS NOT NULL);

-- First, middle and last frame as one picture, made when somebody first looks at the history.
ALTER TABLE jobs ADD COLUMN strip TEXT
    CONSTRAINT strip_of_a_clip CHECK (strip <> '' AND (strip IS NULL OR clip IS NOT NULL));

-- The history of a person with one model, newest first.
CREATE INDEX jobs_of_person_by_model ON jobs (guild_id, user_id, model_id);
-- What failed for a person, newest first.
CREATE INDEX jobs_failed_of_person ON jobs (guild_id, user_id) WHERE state = 'failed';
-- What a person's portfolio holds, newest first.
CREATE INDEX jobs_with_clip_of_person ON jobs (guild_id, user_id) WHERE clip IS NOT NULL;
-- Equal files are kept once: before one is removed, every other job that needs it is looked for.
CREATE INDEX jobs_by_clip ON jobs (clip) WHERE clip IS NOT NULL;
-- The same for thumbnails.
CREATE INDEX jobs_by_strip ON jobs (strip) WHERE strip IS NOT NULL;
-- The same for stills.
CREATE INDEX jobs_by_still ON jobs (json_extract(recipe, '$.still'))
    WHERE json_extract(recipe, '$.still') IS NOT NULL;
-- The same for stills to end on.
CREATE INDEX jobs_by_end_still ON jobs (json_extract(recipe, '$.end_still'))
    WHERE json_extract(recipe, '$.end_still') IS NOT NULL;

CREATE TABLE clip_posts (
    message_id INTEGER NOT NULL,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    channel_id INTEGER NOT NULL,
    PRIMARY KEY (message_id, job_id) -- joined and compared clips are several jobs in one message
) STRICT;

-- All messages of a job are taken out of their channels together.
CREATE INDEX clip_posts_of_job ON clip_posts (job_id);

-- What has been decided and is still to be done outside the database: messages to delete, files to remove.
CREATE TABLE withdrawals (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
    actor TEXT NOT NULL,
    at REAL NOT NULL,
    files TEXT NOT NULL DEFAULT '[]',
    messages_gone_at REAL,
    files_gone_at REAL,
    CONSTRAINT withdrawal_files CHECK (json_valid(files) AND json_type(files) = 'array')
) STRICT;

-- The start and every new withdrawal look for what is still to be done.
CREATE INDEX withdrawals_to_do ON withdrawals (job_id) WHERE messages_gone_at IS NULL OR files_gone_at IS NULL;

CREATE TRIGGER deleted_stays_deleted BEFORE UPDATE OF visibility ON jobs
WHEN OLD.visibility = 'deleted' AND NEW.visibility <> 'deleted'
BEGIN
    SELECT RAISE(ABORT, 'deleted_stays_deleted');
END;

DROP TRIGGER job_keeps_its_order;

CREATE TRIGGER job_keeps_its_order
BEFORE UPDATE OF id, key, hold_id, guild_id, channel_id, user_id, model_id, price_credits, created_at, lane ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;

-- The recipe keeps its order too; only the deletion takes the person's words and pictures out of it, and nothing else.
CREATE TRIGGER recipe_keeps_its_order BEFORE UPDATE OF recipe ON jobs
WHEN NOT (
    OLD.visibility <> 'deleted' AND NEW.visibility = 'deleted' AND NEW.recipe = json_replace(OLD.recipe,
        '$.prompt', '', '$.camera', '', '$.negative_prompt', '', '$.effective_negative_prompt', NULL,
        '$.still', NULL, '$.end_still', NULL)
)
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;
