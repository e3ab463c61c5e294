"""Dates, weekly hours and time zones."""
