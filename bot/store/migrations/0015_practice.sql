-- Questions of interviews that a member practises, and when the interview is. What they answer is
-- kept nowhere: only how they rated it, and what FSRS makes of that.

CREATE TABLE recalls (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    pack TEXT NOT NULL,
    question_id TEXT NOT NULL,
    begun_on TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL,
    rating TEXT NOT NULL CHECK (rating IN ('again', 'hard', 'good', 'easy')),
    stability DOUBLE PRECISION NOT NULL,
    difficulty DOUBLE PRECISION NOT NULL,
    reps INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    PRIMARY KEY (member_id, pack, question_id)
);

CREATE TABLE interviews (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    pack TEXT NOT NULL,
    held_on TEXT NOT NULL,
    PRIMARY KEY (member_id, pack)
);
