-- Plans and results belong to a pack, of which a member can have one plan each; a result says which
-- version of the questions it answers. All that was there is of the one pack that there was.
ALTER TABLE plans ADD COLUMN pack TEXT NOT NULL DEFAULT 'ai-vs-ml';
ALTER TABLE plans ADD COLUMN pack_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE quiz_runs ADD COLUMN pack_version BIGINT NOT NULL DEFAULT 1;

-- Answers were leans from -2 to 2, and are places of options from 0 to 4.
UPDATE quiz_runs SET answers =
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
        answers, ': -2', ':=0'), ': -1', ':=1'), ': 0', ':=2'), ': 1', ':=3'), ': 2', ':=4'),
        ':=0', ': 0'), ':=1', ': 1'), ':=2', ': 2'), ':=3', ': 3'), ':=4', ': 4');

DROP INDEX plans_current;
CREATE UNIQUE INDEX plans_current ON plans (member_id, pack) WHERE state <> 'ended';
