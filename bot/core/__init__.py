"""Answers an event: load, advance, save."""
