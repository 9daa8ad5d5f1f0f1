-- Fairness: the lane of a job, how long its model took to load, and who used the devices lately.

-- "demo" goes before everybody else; only instructors' commands order in it.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'class'
    CONSTRAINT job_lane CHECK (lane IN ('class', 'demo'));

-- Kept apart from the render, because it depends on what the device did before and not on the clip.
ALTER TABLE jobs ADD COLUMN load_seconds REAL
    CONSTRAINT load_is_measured CHECK (load_seconds >= 0 AND (load_seconds IS NULL OR clip IS NOT NULL));

-- The start reads what was rendered last, newest first: charges of people and medians of render times.
CREATE INDEX jobs_rendered ON jobs (finished_at) WHERE started_at IS NOT NULL AND finished_at IS NOT NULL;

DROP TRIGGER job_keeps_its_order;

CREATE TRIGGER job_keeps_its_order
BEFORE UPDATE OF id, key, hold_id, guild_id, channel_id, user_id, model_id, recipe, price_credits, created_at, lane
ON jobs
BEGIN
    SELECT RAISE(ABORT, 'job_keeps_its_order');
END;
