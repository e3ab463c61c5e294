"""Settings as an operator would give them, without an environment or a file."""

from typing import Any, Literal

from bot import platforms
from bot.chat.platform import PLATFORMS
from bot.config.settings import Configuration, Settings
from bot.telemetry import logs

GROUPS = {name: platforms.settings_of(name) for name in PLATFORMS}
FIELDS = {field for group in GROUPS.values() for field in group.model_fields} | set(
    Settings.model_fields
)


def configured(**values: Any) -> Configuration:
    assert values.keys() <= FIELDS
    return Configuration(
        Settings(_env_file=None, **values),
        {name: group(_env_file=None, **values) for name, group in GROUPS.items()},
    )


def log_as(level: str, style: Literal["text", "json"]) -> None:
    """Configure the log as a process does."""
    given = configured()
    logs.configure(level, style, given.loggers, given.secret_patterns)
