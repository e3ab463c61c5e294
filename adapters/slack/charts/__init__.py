"""Charts as Slack draws them, and the workspaces where it does not."""
