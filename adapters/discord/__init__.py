"""Crossroads on Discord."""
