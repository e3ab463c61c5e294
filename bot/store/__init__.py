"""Where members, plans and reminders are kept."""
