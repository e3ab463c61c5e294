-- Tasters: a week of short tasks in each role, and how each of them was rated.

CREATE TABLE tasters (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    pack TEXT NOT NULL,
    start TEXT NOT NULL,
    started_on TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'stopped'))
);
CREATE INDEX tasters_of_member ON tasters (member_id);

CREATE TABLE taster_tasks (
    taster_id TEXT NOT NULL REFERENCES tasters (id) ON DELETE CASCADE,
    task_id TEXT NOT NULL,
    role TEXT NOT NULL,
    done_on TEXT NOT NULL,
    flew TEXT NOT NULL CHECK (flew IN ('yes', 'so-so', 'no')),
    again TEXT NOT NULL CHECK (again IN ('yes', 'no')),
    PRIMARY KEY (taster_id, task_id)
);
