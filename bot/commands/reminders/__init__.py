"""`/reminders`, and the weekly reminder itself."""
