-- Where a person's direct messages go, once the platform has said so, and from when on the next one
-- may leave (microseconds): a channel has a pace of its own beside that of its lane.
ALTER TABLE identities ADD COLUMN channel TEXT;
ALTER TABLE identities ADD COLUMN channel_free_at BIGINT NOT NULL DEFAULT 0;

-- As of when the platform named the member's zone: an older word about it changes nothing.
ALTER TABLE members ADD COLUMN zone_at BIGINT NOT NULL DEFAULT 0;
