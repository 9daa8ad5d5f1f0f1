-- The history of every job: one row for each change of its state or delivery, written in the same statement.

CREATE TABLE job_events (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    at REAL NOT NULL DEFAULT ((julianday('now') - 2440587.5) * 86400.0), -- this machine's clock
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    worker TEXT,
    fault TEXT,
    cause TEXT,
    delivery TEXT,
    delivery_cause TEXT
) STRICT;

-- The history of one job, in the order in which it happened.
CREATE INDEX job_events_of_job ON job_events (job_id);

INSERT INTO job_events (job_id, at, state, attempts, worker, fault, cause, delivery, delivery_cause)
SELECT id, coalesce(delivery_at, finished_at, started_at, created_at), state, attempts, worker, fault, cause, delivery,
    delivery_cause
FROM jobs ORDER BY id;

CREATE TRIGGER job_is_recorded AFTER INSERT ON jobs
BEGIN
    INSERT INTO job_events (job_id, state, attempts) VALUES (NEW.id, NEW.state, NEW.attempts);
END;

CREATE TRIGGER job_change_is_recorded AFTER UPDATE OF state, delivery ON jobs
WHEN (OLD.state, OLD.delivery) IS NOT (NEW.state, NEW.delivery)
BEGIN
    INSERT INTO job_events (job_id, state, attempts, worker, fault, cause, delivery, delivery_cause)
    VALUES (NEW.id, NEW.state, NEW.attempts, NEW.worker, NEW.fault, NEW.cause, NEW.delivery, NEW.delivery_cause);
END;

CREATE TRIGGER job_events_are_not_changed BEFORE UPDATE ON job_events
BEGIN
    SELECT RAISE(ABORT, 'job_events_append_only');
END;

CREATE TRIGGER job_events_are_not_deleted BEFORE DELETE ON job_events
BEGIN
    SELECT RAISE(ABORT, 'job_events_append_only');
END;
