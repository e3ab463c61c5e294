"""What an operator runs and watches: doctor, backup, housekeeping, the HTTP server."""
