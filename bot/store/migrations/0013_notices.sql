-- Whether a rule was paused on the bot's own account, and the member has yet to be told so.
ALTER TABLE reminder_rules RENAME COLUMN untold TO notice_pending;
