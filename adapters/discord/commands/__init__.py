"""The commands as Discord has them, and what completes their options."""
