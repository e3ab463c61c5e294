-- When a silence began: one that a clock has measured which was put right since is measured anew.
ALTER TABLE send_lanes ADD COLUMN held_at BIGINT NOT NULL DEFAULT 0;

-- The platform's code for a refusal that is not the member's doing, and since when it is waited out.
ALTER TABLE deliveries ADD COLUMN hindered TEXT;
ALTER TABLE deliveries ADD COLUMN hindered_at BIGINT;
CREATE INDEX deliveries_hindered ON deliveries (platform, tenant, hindered_at)
    WHERE hindered IS NOT NULL AND settled_at IS NULL;
