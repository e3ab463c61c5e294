"""Slack: the fake, the renderer, the parser and the whole process."""
