"""Helps whoever writes a pack: one to begin with, schemas for an editor, reading it again."""
