"""How the pack's facts are shown: whose they are, of which year, and what is only our own."""
