"""`/practice`: questions of interviews that come again when they are about to be forgotten."""
