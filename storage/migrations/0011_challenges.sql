-- Challenges: a brief with its pool, the entries made for it, one vote for each person, and what is still to be told.

CREATE TABLE challenges (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    pool_id INTEGER REFERENCES pools (id), -- NULL: everybody pays for themselves
    title TEXT NOT NULL,
    brief TEXT NOT NULL,
    still TEXT, -- the starter still, by content hash
    still_width INTEGER,
    still_height INTEGER,
    prompt TEXT,
    model_id TEXT,
    opens_at REAL NOT NULL,
    closes_at REAL, -- NULL: closed by hand
    entries_per_person INTEGER NOT NULL,
    prize_credits INTEGER NOT NULL,
    voting TEXT NOT NULL,
    required_words TEXT NOT NULL,
    locale TEXT NOT NULL,
    size_limit_bytes INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    created_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    ended_at REAL,
    channel_id INTEGER NOT NULL, -- where it was asked for: a text channel or a forum
    thread_id INTEGER, -- where entries are posted; NULL until the brief is posted
    message_id INTEGER,
    results TEXT, -- how far the announcement of its end is
    results_message_id INTEGER,
    CONSTRAINT challenge_words CHECK (title <> '' AND brief <> ''),
    CONSTRAINT still_has_sides CHECK ((still IS NULL) = (still_width IS NULL OR still_height IS NULL)),
    CONSTRAINT challenge_times CHECK (closes_at > opens_at),
    CONSTRAINT challenge_entries_each CHECK (entries_per_person BETWEEN 1 AND 100),
    CONSTRAINT challenge_prize CHECK (prize_credits >= 0 AND (prize_credits = 0 OR pool_id IS NOT NULL)),
    CONSTRAINT challenge_voting CHECK (voting IN ('open', 'blind', 'none')),
    CONSTRAINT challenge_required CHECK (json_valid(required_words) AND json_type(required_words) = 'array'),
    CONSTRAINT challenge_state CHECK (state IN ('open', 'closed', 'cancelled')),
    CONSTRAINT ended_challenge_has_time CHECK ((ended_at IS NOT NULL) = (state <> 'open')),
    CONSTRAINT posted_challenge_has_thread CHECK ((thread_id IS NOT NULL) = (message_id IS NOT NULL)),
    CONSTRAINT challenge_results CHECK (results IN ('pending', 'posting', 'posted', 'abandoned')),
    CONSTRAINT results_after_end CHECK ((results IS NOT NULL) = (state <> 'open')),
    CONSTRAINT posted_results_have_message CHECK ((results_message_id IS NOT NULL) = (results IS 'posted'))
) STRICT;

-- A replayed interaction finds its challenge, and cannot make a second one.
CREATE UNIQUE INDEX one_challenge_per_key ON challenges (key);
-- The clock closes what is due, however many challenges have ended.
CREATE INDEX challenges_due ON challenges (closes_at) WHERE state = 'open' AND closes_at IS NOT NULL;
-- A new pool looks for what names it.
CREATE INDEX challenges_of_pool ON challenges (pool_id) WHERE pool_id IS NOT NULL;
-- Before a still's file is removed, challenges that begin with it are looked for.
CREATE INDEX challenges_by_still ON challenges (still) WHERE still IS NOT NULL;
-- A server's challenges, newest first.
CREATE INDEX challenges_of_guild ON challenges (guild_id);
-- Briefs that were never posted, and results that nobody has read yet.
CREATE INDEX challenges_untold ON challenges (id)
WHERE (message_id IS NULL AND state = 'open') OR results IN ('pending', 'posting');
-- After a restart the messages of entries to open challenges are told apart from other clips.
CREATE INDEX challenges_open ON challenges (id) WHERE state = 'open';

CREATE TRIGGER challenge_transition BEFORE UPDATE OF state ON challenges WHEN OLD.state <> 'open'
BEGIN
    SELECT RAISE(ABORT, 'challenge_transition');
END;

CREATE TRIGGER challenge_results_transition BEFORE UPDATE OF results ON challenges
WHEN OLD.results IN ('posted', 'abandoned') OR (OLD.results = 'posting' AND NEW.results = 'pending')
BEGIN
    SELECT RAISE(ABORT, 'challenge_transition');
END;

CREATE TRIGGER challenge_keeps_its_promise
BEFORE UPDATE OF id, key, guild_id, pool_id, opens_at, prize_credits, voting, created_by, created_at ON challenges
WHEN (OLD.id, OLD.key, OLD.guild_id, OLD.pool_id, OLD.opens_at, OLD.prize_credits, OLD.voting, OLD.created_by,
        OLD.created_at)
    IS NOT (NEW.id, NEW.key, NEW.guild_id, NEW.pool_id, NEW.opens_at, NEW.prize_credits, NEW.voting, NEW.created_by,
        NEW.created_at)
BEGIN
    SELECT RAISE(ABORT, 'challenge_keeps_its_promise');
END;

CREATE TABLE challenge_entries (
    id INTEGER PRIMARY KEY,
    challenge_id INTEGER NOT NULL REFERENCES challenges (id),
    number INTEGER NOT NULL, -- 1 is the first entry; it stays when others withdraw
    user_id INTEGER NOT NULL,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    fingerprint TEXT NOT NULL, -- of what was entered, so that the same thing is not entered twice
    at REAL NOT NULL,
    withdrawn_at REAL,
    post TEXT, -- of a clip made earlier, how far its post in the thread is; NULL: the job's own delivery brings it
    message_id INTEGER,
    prize_credits INTEGER, -- what it won; NULL: it did not win
    CONSTRAINT entry_prize CHECK (prize_credits >= 0),
    CONSTRAINT entry_post CHECK (post IN ('pending', 'posting', 'posted', 'abandoned')),
    CONSTRAINT posted_entry_has_message CHECK ((message_id IS NOT NULL) = (post IS 'posted')),
    CONSTRAINT entry_number CHECK (number > 0),
    CONSTRAINT entry_fingerprint CHECK (fingerprint <> '')
) STRICT;

-- The entries of a challenge, in order; a number is given once.
CREATE UNIQUE INDEX one_entry_per_number ON challenge_entries (challenge_id, number);
-- A clip is entered once, and its message looks here for its challenge.
CREATE UNIQUE INDEX one_entry_per_job ON challenge_entries (job_id) WHERE withdrawn_at IS NULL;
-- A person's entries are counted at every new one.
CREATE INDEX entries_of_person ON challenge_entries (challenge_id, user_id);

-- A new job looks for what names it, withdrawn entries too.
CREATE INDEX entries_of_job ON challenge_entries (job_id);
-- Clips made earlier that are still to be posted in a thread.
CREATE INDEX entries_to_post ON challenge_entries (id) WHERE post IN ('pending', 'posting');

CREATE TRIGGER entry_in_time BEFORE INSERT ON challenge_entries
BEGIN
    SELECT RAISE(ABORT, 'entry_in_time') WHERE NOT EXISTS (
        SELECT 1 FROM challenges
        WHERE id = NEW.challenge_id AND state = 'open' AND opens_at <= NEW.at
            AND (closes_at IS NULL OR NEW.at < closes_at)
    );
END;

CREATE TRIGGER entry_of_its_job BEFORE INSERT ON challenge_entries
BEGIN
    SELECT RAISE(ABORT, 'entry_of_its_job') WHERE NOT EXISTS (
        SELECT 1 FROM jobs JOIN challenges ON challenges.id = NEW.challenge_id
        WHERE jobs.id = NEW.job_id AND jobs.user_id = NEW.user_id AND jobs.guild_id = challenges.guild_id
    );
END;

CREATE TRIGGER entry_is_withdrawn_in_time BEFORE UPDATE OF withdrawn_at ON challenge_entries
BEGIN
    SELECT RAISE(ABORT, 'entry_in_time') WHERE OLD.withdrawn_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM challenges
        WHERE id = OLD.challenge_id AND state = 'open' AND (closes_at IS NULL OR NEW.withdrawn_at < closes_at)
    );
END;

CREATE TRIGGER entry_wins_once BEFORE UPDATE OF prize_credits ON challenge_entries
BEGIN
    SELECT RAISE(ABORT, 'entry_wins_once') WHERE OLD.prize_credits IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM challenges WHERE id = OLD.challenge_id AND state = 'closed'
    );
END;

CREATE TABLE challenge_votes (
    challenge_id INTEGER NOT NULL REFERENCES challenges (id),
    user_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES challenge_entries (id),
    at REAL NOT NULL,
    PRIMARY KEY (challenge_id, user_id)
) STRICT, WITHOUT ROWID;

-- The votes for an entry are counted.
CREATE INDEX votes_for_entry ON challenge_votes (entry_id);

CREATE TRIGGER vote_is_fair BEFORE INSERT ON challenge_votes
BEGIN
    SELECT RAISE(ABORT, 'vote_is_fair') WHERE NOT EXISTS (
        SELECT 1 FROM challenge_entries AS entry
        JOIN challenges ON challenges.id = entry.challenge_id
        JOIN jobs ON jobs.id = entry.job_id
        WHERE entry.id = NEW.entry_id AND entry.challenge_id = NEW.challenge_id AND entry.user_id <> NEW.user_id
            AND entry.withdrawn_at IS NULL AND jobs.state = 'succeeded'
            AND challenges.state = 'open' AND challenges.voting <> 'none'
            AND challenges.opens_at <= NEW.at AND (challenges.closes_at IS NULL OR NEW.at < challenges.closes_at)
    );
END;

CREATE TRIGGER vote_is_changed_fairly BEFORE UPDATE ON challenge_votes
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

CREATE TRIGGER vote_is_taken_back_in_time BEFORE DELETE ON challenge_votes
BEGIN
    SELECT RAISE(ABORT, 'vote_is_fair') WHERE NOT EXISTS (
        SELECT 1 FROM challenges WHERE id = OLD.challenge_id AND state = 'open'
    );
END;

-- Entries that no pool pays for, kept as they were composed until their person decides to pay for them.
CREATE TABLE challenge_offers (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    challenge_id INTEGER NOT NULL REFERENCES challenges (id),
    user_id INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    at REAL NOT NULL,
    CONSTRAINT offer_recipe CHECK (json_valid(recipe))
) STRICT;

-- A replayed form finds its offer.
CREATE UNIQUE INDEX one_challenge_offer_per_key ON challenge_offers (key);
-- A new challenge looks for what names it.
CREATE INDEX offers_of_challenge ON challenge_offers (challenge_id);
-- Before a still's file is removed, offers that need it are looked for.
CREATE INDEX challenge_offers_by_still ON challenge_offers (json_extract(recipe, '$.still'));
