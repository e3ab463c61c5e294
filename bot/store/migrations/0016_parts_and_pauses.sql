-- Parts of a step that are ticked, and the pauses of a plan that are over: they hold its calendar
-- still, and excuse its weeks. What a step had is counted in fourteenths of an hour now.
ALTER TABLE plan_steps ADD COLUMN parts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE plans ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
UPDATE plan_steps SET had = had * 14;
