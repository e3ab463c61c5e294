"""Who the bot is in which workspace: one by its settings, or many by OAuth."""
