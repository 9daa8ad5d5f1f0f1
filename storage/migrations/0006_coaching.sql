-- Coaching: orders that wait for their person's word, what a person set, exercises, and where clips broke.

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, because the job's key is made of it
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    advice TEXT NOT NULL,
    exercise TEXT,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    CONSTRAINT draft_recipe CHECK (json_valid(recipe) AND json_type(recipe) = 'object'),
    CONSTRAINT draft_advice CHECK (json_valid(advice) AND json_type(advice) = 'array'),
    CONSTRAINT draft_exercise CHECK (exercise IN ('a', 'b', 'c')),
    CONSTRAINT draft_expires_later CHECK (expires_at > created_at)
) STRICT;

-- A replayed interaction finds its draft, and cannot make a second one.
CREATE UNIQUE INDEX one_draft_per_key ON drafts (key);
-- What has expired is looked for every few minutes, oldest first.
CREATE INDEX drafts_by_expiry ON drafts (expires_at);
-- Before a still is removed: whether a draft begins with it.
CREATE INDEX drafts_of_still ON drafts (json_extract(recipe, '$.still'));
-- Before a still is removed: whether a draft ends on it.
CREATE INDEX drafts_of_end_still ON drafts (json_extract(recipe, '$.end_still'));

-- What a person set for themselves in one server; nobody without a row has set anything.
CREATE TABLE person_settings (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    shows_coach INTEGER NOT NULL DEFAULT 1,
    updated_at REAL NOT NULL,
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT shows_coach_or_not CHECK (shows_coach IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Which jobs were ordered as an exercise of the course.
CREATE TABLE exercise_jobs (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    exercise TEXT NOT NULL,
    CONSTRAINT exercise_name CHECK (exercise IN ('a', 'b', 'c'))
) STRICT;

-- A report reads the exercises of one server, person by person.
CREATE INDEX exercise_jobs_of_server ON exercise_jobs (guild_id, user_id, exercise);

-- Where a clip broke, as its owner saw it; "nothing" stands alone and has no time.
CREATE TABLE marks (
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    kind TEXT NOT NULL,
    at_seconds REAL,
    guild_id INTEGER NOT NULL,
    model_id TEXT NOT NULL,
    marked_at REAL NOT NULL,
    PRIMARY KEY (job_id, kind),
    CONSTRAINT mark_kind CHECK (
        kind IN ('face', 'physics', 'characters', 'text', 'movement', 'length', 'nothing')
    ),
    CONSTRAINT mark_has_time CHECK ((at_seconds IS NULL) = (kind = 'nothing')),
    CONSTRAINT mark_time CHECK (at_seconds >= 0)
) STRICT, WITHOUT ROWID;

-- The board's example of a kind and model is the newest clip that was marked so.
CREATE INDEX marks_on_board ON marks (guild_id, kind, model_id, job_id);

-- How often each kind broke by model, kept by the triggers below, so that the board does not count all marks.
CREATE TABLE mark_counts (
    guild_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    model_id TEXT NOT NULL,
    marks INTEGER NOT NULL,
    PRIMARY KEY (guild_id, kind, model_id),
    CONSTRAINT marks_not_negative CHECK (marks >= 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mark_is_counted AFTER INSERT ON marks
BEGIN
    INSERT INTO mark_counts (guild_id, kind, model_id, marks) VALUES (NEW.guild_id, NEW.kind, NEW.model_id, 1)
    ON CONFLICT (guild_id, kind, model_id) DO UPDATE SET marks = marks + 1;
END;

CREATE TRIGGER mark_is_uncounted AFTER DELETE ON marks
BEGIN
    UPDATE mark_counts SET marks = marks - 1
    WHERE guild_id = OLD.guild_id AND kind = OLD.kind AND model_id = OLD.model_id;
END;

CREATE TRIGGER mark_keeps_its_place BEFORE UPDATE OF job_id, kind, guild_id, model_id ON marks
BEGIN
    SELECT RAISE(ABORT, 'mark_keeps_its_place');
END;
