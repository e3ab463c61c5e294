"""One module a command: pure conversations."""
