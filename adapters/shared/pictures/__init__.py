"""Charts drawn for platforms that show pictures."""
