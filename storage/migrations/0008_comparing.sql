-- What follows a clip: orders offered but not yet taken, chains of clips, comparisons with their votes, reports.

CREATE TABLE proposals (
    id INTEGER PRIMARY KEY, -- the interaction that asked for it
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    recipes TEXT NOT NULL,
    price_credits INTEGER NOT NULL,
    varied TEXT,
    continues INTEGER REFERENCES jobs (id),
    still TEXT, -- a picture that is kept for this offer
    created_at REAL NOT NULL,
    CONSTRAINT proposal_recipes CHECK (json_valid(recipes) AND json_type(recipes) = 'array'),
    CONSTRAINT proposal_price CHECK (price_credits > 0)
) STRICT;

-- What nobody took is forgotten, oldest first.
CREATE INDEX proposals_by_age ON proposals (created_at);
-- Before a picture is removed, every offer that needs it is looked for.
CREATE INDEX proposals_by_still ON proposals (still) WHERE still IS NOT NULL;
-- Whoever deletes a clip has no open offers made from it any more.
CREATE INDEX proposals_of_person ON proposals (guild_id, user_id);

-- The offers to continue a clip.
CREATE INDEX proposals_to_continue ON proposals (continues) WHERE continues IS NOT NULL;

CREATE TABLE lineage (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
    parent_id INTEGER NOT NULL REFERENCES jobs (id), -- the clip whose last frame is this one's still
    part INTEGER NOT NULL,
    -- A clip is younger than what it continues, so no chain can be a ring.
    CONSTRAINT lineage_goes_back CHECK (parent_id < job_id),
    CONSTRAINT lineage_part CHECK (part > 1)
) STRICT;

-- The clips that continue a clip.
CREATE INDEX lineage_of_parent ON lineage (parent_id);

CREATE TABLE comparisons (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    locale TEXT NOT NULL,
    size_limit_bytes INTEGER NOT NULL,
    varied TEXT NOT NULL,
    created_at REAL NOT NULL,
    delivery TEXT NOT NULL DEFAULT 'pending',
    message_id INTEGER,
    delivery_cause TEXT,
    CONSTRAINT comparison_varied CHECK (varied IN ('prompts', 'models', 'seeds', 'quality', 'still')),
    CONSTRAINT comparison_delivery CHECK (delivery IN ('pending', 'posting', 'posted', 'abandoned')),
    CONSTRAINT posted_comparison_has_message CHECK ((message_id IS NOT NULL) = (delivery = 'posted')),
    CONSTRAINT abandoned_comparison_has_cause CHECK ((delivery_cause IS NOT NULL) = (delivery = 'abandoned'))
) STRICT;

-- Comparisons whose side-by-side is still owed; few at any time.
CREATE INDEX comparisons_open ON comparisons (id) WHERE delivery IN ('pending', 'posting');

CREATE TRIGGER comparison_transition BEFORE UPDATE OF delivery ON comparisons
WHEN OLD.delivery IN ('posted', 'abandoned') OR (OLD.delivery = 'posting' AND NEW.delivery = 'pending')
BEGIN
    SELECT RAISE(ABORT, 'comparison_transition');
END;

CREATE TABLE comparison_members (
    comparison_id INTEGER NOT NULL REFERENCES comparisons (id),
    position INTEGER NOT NULL, -- 0 is A
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    PRIMARY KEY (comparison_id, position),
    CONSTRAINT member_position CHECK (position BETWEEN 0 AND 3)
) STRICT, WITHOUT ROWID;

-- A clip belongs to one comparison; its message looks here for its letter.
CREATE UNIQUE INDEX one_comparison_per_job ON comparison_members (job_id);

CREATE TABLE comparison_votes (
    comparison_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (comparison_id, user_id),
    FOREIGN KEY (comparison_id, position) REFERENCES comparison_members (comparison_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    reporter_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at REAL NOT NULL,
    CONSTRAINT report_has_reason CHECK (reason <> '')
) STRICT;

-- A person reports a clip once.
CREATE UNIQUE INDEX one_report_per_person ON reports (job_id, reporter_id);
