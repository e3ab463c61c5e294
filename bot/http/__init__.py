"""What every HTTP server of the bot stands on: its sockets and connections."""
