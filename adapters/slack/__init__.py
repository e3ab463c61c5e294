"""Crossroads on Slack."""
