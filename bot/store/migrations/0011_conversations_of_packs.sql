-- A member can have one conversation of a kind open in each pack. What was open is of no release.
DROP TABLE sessions;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    pack TEXT NOT NULL,
    turn BIGINT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (member_id, kind, pack)
);
