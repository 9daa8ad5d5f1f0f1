-- A class that is safe: blocked words, hidden clips, clips that wait for approval, and cards owed to the instructors.

-- As an instructor wrote them; how they are looked for is the program's to know.
CREATE TABLE blocked_words (
    guild_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (guild_id, word),
    CONSTRAINT blocked_word_is_not_empty CHECK (word <> '')
) STRICT, WITHOUT ROWID;

-- Who had clips wait for approval, and is told when its cards cannot be posted; NULL: clips are posted at once.
ALTER TABLE guild_settings ADD COLUMN approval_by INTEGER;

-- NULL: the clip needs no approval. A declined clip is paid back and stays out of sight for good.
ALTER TABLE jobs ADD COLUMN approval TEXT
    CONSTRAINT approval_state CHECK (approval IN ('waiting', 'approved', 'declined'))
    CONSTRAINT approval_of_a_clip CHECK (approval IS NULL OR clip IS NOT NULL)
    CONSTRAINT declined_is_kept_out CHECK (approval <> 'declined' OR visibility IN ('hidden', 'deleted'));

-- A server's clips that wait are counted, and their cards looked after; few at any time.
CREATE INDEX jobs_awaiting_approval ON jobs (guild_id) WHERE approval = 'waiting';

CREATE TRIGGER approval_transition BEFORE UPDATE OF approval ON jobs
WHEN NEW.approval IS NOT OLD.approval AND (
    coalesce(OLD.approval, 'none') || ' ' || coalesce(NEW.approval, 'none')
        NOT IN ('none waiting', 'waiting approved', 'waiting declined')
    OR (NEW.approval = 'waiting' AND OLD.state <> 'running')
)
BEGIN
    SELECT RAISE(ABORT, 'approval_transition');
END;

CREATE TRIGGER approval_comes_first BEFORE UPDATE OF delivery ON jobs
WHEN NEW.approval = 'waiting' AND NEW.delivery <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'approval_comes_first');
END;

CREATE TABLE approvals (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
    decided_by INTEGER NOT NULL,
    decided_at REAL NOT NULL,
    reason TEXT, -- why it was declined; NULL: it was approved
    CONSTRAINT declined_says_why CHECK (reason <> '')
) STRICT;

-- Clips that are hidden now; the log of acts has those that were.
CREATE TABLE hidden_clips (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
    visibility_before TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT hidden_was_to_be_seen CHECK (visibility_before IN ('shown', 'private')),
    CONSTRAINT hidden_says_why CHECK (reason <> '')
) STRICT;

-- Messages with buttons for the instructors of a server: a clip to approve, or a report.
CREATE TABLE staff_cards (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    report_id INTEGER REFERENCES reports (id), -- NULL: the clip waits for approval
    post TEXT NOT NULL DEFAULT 'pending',
    channel_id INTEGER, -- where it is being posted, or was
    message_id INTEGER,
    CONSTRAINT card_post CHECK (post IN ('pending', 'posting', 'posted', 'dropped')),
    CONSTRAINT posting_card_has_channel CHECK ((channel_id IS NOT NULL) = (post IN ('posting', 'posted'))),
    CONSTRAINT posted_card_has_message CHECK ((message_id IS NOT NULL) = (post = 'posted'))
) STRICT;

-- A clip has one card to be approved by, however often that is moved.
CREATE UNIQUE INDEX one_card_per_approval ON staff_cards (job_id) WHERE report_id IS NULL;
-- A report has one card.
CREATE UNIQUE INDEX one_card_per_report ON staff_cards (report_id) WHERE report_id IS NOT NULL;
-- A new job looks for what names it.
CREATE INDEX cards_of_job ON staff_cards (job_id);
-- Cards that are still to be posted, oldest first.
CREATE INDEX cards_owed ON staff_cards (id) WHERE post IN ('pending', 'posting');
