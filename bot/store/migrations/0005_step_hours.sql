-- The hours that a step had been given when what is left of its plan was last put on the calendar.
ALTER TABLE plan_steps ADD COLUMN had BIGINT NOT NULL DEFAULT 0;
