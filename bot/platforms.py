"""The platforms that there are, found by name: each is a folder of `adapters` with known modules.

Nothing of a folder is imported before it is asked for, and its libraries only where it runs.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from bot.chat.platform import PLATFORMS, Platform

if TYPE_CHECKING:  # `--help` does without the core, and without pydantic
    from bot.adapter import Adapter, Look, Renderer, Services
    from bot.config.settings import Configuration, PlatformSettings, SettingError

_FOLDERS: Mapping[Platform, str] = {name: f"adapters.{name}" for name in PLATFORMS}
_OURS = ("adapters", "bot")

AddCommands: TypeAlias = Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]  # noqa: SLF001 (it has no public name)
"""What `command_line.add_commands` is. Each command sets `text`: from its options, a reader of the
platform's settings and one of the packs to what is printed."""


def load() -> "Configuration":
    """All settings of this process; SettingError for the first that is wrong."""
    from bot.config.settings import Configuration, Settings, read

    return Configuration(read(Settings), {name: read(settings_of(name)) for name in PLATFORMS})


def create(platform: Platform, services: "Services", configuration: "Configuration") -> "Adapter":
    """SettingError where a library is missing."""
    own = configuration.own[platform]
    try:
        made = _part(platform, "app").create(services, own)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _OURS:
            raise
        raise _missing(platform, str(error.name), configuration) from None
    return cast("Adapter", made)


def _missing(platform: Platform, library: str, configuration: "Configuration") -> "SettingError":
    from bot.config.settings import SettingError

    own, install = configuration.own, f"./install.sh {configuration.own[platform].requirements}"
    if not own[platform].local:
        return SettingError(own[platform].switch, f"{platform} needs {library}: {install}")
    first, *others = (one.switch for one in own.values() if not one.local)
    other = f"or {' or '.join(others)} " if others else ""
    return SettingError(
        first, f"{other}must be set; the {platform}, which runs without a token, needs {install}"
    )


def look(platform: Platform) -> "Look[Any]":
    return cast("Look[Any]", _part(platform, "doctor").look)


def renderers(platforms: Iterable[Platform]) -> dict[Platform, "Renderer"]:
    """The payload that each platform would be sent, for whoever wants to see it beside a card."""
    return {name: _renderer(name) for name in platforms}


def _renderer(platform: Platform) -> "Renderer":
    """A renderer whose platform's library loads when it is first asked for."""

    def payload(card: Any) -> Mapping[str, Any]:
        return cast("Renderer", _part(platform, "render").payload)(card)

    return payload


def with_commands() -> Iterable[Platform]:
    """Those that have commands of their own to set them up with."""
    return (name for name, folder in _FOLDERS.items() if find_spec(f"{folder}.command_line"))


def add_commands(platform: Platform) -> AddCommands:
    return cast("AddCommands", _part(platform, "command_line").add_commands)


def settings_of(platform: Platform) -> "type[PlatformSettings]":
    return cast("type[PlatformSettings]", _part(platform, "settings").Settings)


def _part(platform: Platform, module: str) -> Any:
    return import_module(f"{_FOLDERS[platform]}.{module}")
