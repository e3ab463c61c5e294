-- A plan's hours a week can end in a half: 6.5 is 6 and this. A version before this one rounds down.
ALTER TABLE plans ADD COLUMN half_hour BIGINT NOT NULL DEFAULT 0;
