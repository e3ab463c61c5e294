"""Brings reminders to members: what is due, when each leaves, how it ends."""
