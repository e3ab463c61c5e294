"""The queue of reminders: what waits, whose claim it is, at what pace it leaves, how it ended.

A delivery goes pending -> claimed -> sending -> sent, refused, unknown, skipped or cancelled.
"""
