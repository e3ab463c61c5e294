"""How Slack's events come in: at a request URL, or over a socket."""
