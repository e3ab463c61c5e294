-- Portable to SQLite and PostgreSQL: text ids, whole epoch seconds, dates as ISO text, JSON as text.

CREATE TABLE members (
    id TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    zone_asked BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE identities (
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (platform, tenant, user_id)
);
CREATE INDEX identities_member ON identities (member_id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    turn BIGINT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (member_id, kind)
);

CREATE TABLE quiz_runs (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    pack TEXT NOT NULL,
    finished_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    answers TEXT NOT NULL,
    matters TEXT,
    start TEXT,
    hours BIGINT,
    draw TEXT
);
CREATE INDEX quiz_runs_member ON quiz_runs (member_id, finished_at);

CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    start TEXT NOT NULL,
    role TEXT NOT NULL,
    hours BIGINT NOT NULL,
    started_on TEXT NOT NULL,
    anchor_on TEXT NOT NULL,
    anchored_at BIGINT NOT NULL,
    target_on TEXT NOT NULL,
    state TEXT NOT NULL,
    paused_on TEXT,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plans_current ON plans (member_id) WHERE state <> 'ended';
CREATE INDEX plans_member ON plans (member_id);

CREATE TABLE plan_steps (
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    step_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL,
    changed_at BIGINT,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (plan_id, step_id)
);

CREATE TABLE tenants (
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (platform, tenant)
);

CREATE TABLE shares (
    once TEXT PRIMARY KEY,
    shared_at BIGINT NOT NULL
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
