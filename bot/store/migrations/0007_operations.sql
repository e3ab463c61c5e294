-- A workspace that comes back wakes its resting reminders without a look at everybody else's.
CREATE INDEX reminder_rules_resting ON reminder_rules (platform, tenant) WHERE next_at IS NULL;
