"""The two databases: SQLite in a file, PostgreSQL over the network."""
