"""Plans as dates: pure arithmetic over a pack and a member's records."""
