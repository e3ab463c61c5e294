-- `next_at` says from when on a rule is to be looked at: the due instant, or "now" after a change.

CREATE TABLE reminder_rules (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL UNIQUE REFERENCES members (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    weekday BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    every BIGINT NOT NULL,
    anchor_on TEXT,
    state TEXT NOT NULL,
    paused_until TEXT,
    reason TEXT NOT NULL DEFAULT '',
    untold BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX reminder_rules_due ON reminder_rules (platform, next_at) WHERE next_at IS NOT NULL;

-- `due_at` is when to send, `slot_at` what it is for. `lease_until` is set while a process has it;
-- `asked_at` is when the first request left that may have arrived.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL REFERENCES reminder_rules (id) ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    again_of TEXT,
    kind TEXT NOT NULL DEFAULT '',
    slot_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    attempts BIGINT NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    asked_at BIGINT,
    settled_at BIGINT,
    UNIQUE (rule_id, local_date)
);
CREATE INDEX deliveries_pending ON deliveries (platform, tenant, due_at) WHERE state = 'pending';
CREATE INDEX deliveries_leased ON deliveries (platform, lease_until) WHERE lease_until IS NOT NULL;

-- One lane a workspace, one for all of Discord: the next free slot, and until when a platform that
-- was asked too often wants silence. Microseconds.
CREATE TABLE send_lanes (
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    free_at BIGINT NOT NULL,
    held_until BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (platform, tenant)
);
