-- A plan keeps its steps as they were when the member took them. Those from before this one are
-- taken to be what the content says.
ALTER TABLE plan_steps ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_steps ADD COLUMN hours BIGINT NOT NULL DEFAULT 0;
