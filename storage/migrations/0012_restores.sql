-- Restores: the database became an older copy of itself, and what happened since then is known to nobody but Discord.

CREATE TABLE restores (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL DEFAULT ((julianday('now') - 2440587.5) * 86400.0), -- this machine's clock
    highest_job_id INTEGER NOT NULL, -- numbers up to this may stand in the channels already
    CONSTRAINT restore_job_id CHECK (highest_job_id >= 0)
) STRICT;
