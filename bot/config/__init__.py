"""The settings, from the environment and `.env`."""
