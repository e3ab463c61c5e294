"""Settings from the environment and `.env`: how a group of variables is read, and the shared one.

The variables of a platform stand in its own folder, as a `PlatformSettings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.chat.event import Platform
from bot.config import values as setting_values
from bot.config.envfile import EnvFileError, encoding_of
from bot.config.values import NamedError, Port

_FILE = ".env"


class SettingError(Exception):
    """A setting that cannot be worked with; the message names the variable, never its value."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


class Variables(BaseSettings):
    """A group of variables, checked together: a field is the variable of its name in capitals.

    `tokens` are the fields that stand in a header or are compared byte by byte: none of these has
    a blank in it. `secrets` are others that nobody means to leave blank.
    """

    model_config = SettingsConfigDict(
        env_file=_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )
    tokens: ClassVar[frozenset[str]] = frozenset()
    secrets: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: dict[str, object]) -> dict[str, object]:
        values = {
            name: setting_values.meant(
                name, value, token=name in cls.tokens, secret=name in cls.tokens | cls.secrets
            )
            for name, value in given.items()
        }
        return {name: value for name, value in values.items() if value != ""}


class Settings(Variables):
    """What every platform goes by; README.md and .env.example explain each variable."""

    secrets = frozenset({"database_url"})

    database_url: Annotated[SecretStr, AfterValidator(setting_values.database_url)] = SecretStr(
        "sqlite:///crossroads.db"
    )
    crossroads_packs: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(setting_values.words), Field(min_length=1)
    ] = ("ai-vs-ml",)
    host: Annotated[str, AfterValidator(setting_values.host_name)] = "127.0.0.1"
    port: Port = 8080
    reminder_poll_seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 15.0
    member_events_a_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(setting_values.upper)
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(setting_values.lower)] = "text"
    dyno: str | None = None

    @model_validator(mode="after")
    def _on_a_disk_that_stays(self) -> Self:
        if self.dyno and self.sqlite_path:
            raise NamedError(
                "DATABASE_URL",
                "a dyno's disk vanishes at every restart: add a PostgreSQL database and set"
                " this to its address",
            )
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        scheme, _, rest = self.database_url.get_secret_value().partition(":///")
        return Path(rest) if scheme == "sqlite" else None


class PlatformSettings(Variables):
    """A platform's own variables, and what must be known of it before its libraries are loaded.

    `switch` is the variable that turns it on. A `local` platform has none: it is there to try
    things out, runs where no other is on, and its members are one's own: their time can be moved.
    `requirements` is the file that lists its libraries. `closed_door` tells a member to whom direct
    messages are refused how to let them in. `loggers` are its libraries' loggers, with
    the least level at which they quote nobody; `secret_patterns` (regular expressions) are what no
    line of the log may hold.
    """

    switch: ClassVar[str] = ""
    local: ClassVar[bool] = False
    requirements: ClassVar[str] = "requirements.txt"
    closed_door: ClassVar[str] = ""
    loggers: ClassVar[Mapping[str, int]] = {}
    secret_patterns: ClassVar[tuple[str, ...]] = ()

    @property
    def on(self) -> bool:
        """Whether its tokens are set."""
        return False


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of a process: the shared ones, and each platform's own."""

    shared: Settings
    own: Mapping[Platform, PlatformSettings]

    def platforms(self, asked: tuple[Platform, ...] = ()) -> tuple[Platform, ...]:
        """Those asked for, else those whose tokens are set, else those that need none.

        SettingError where one that was asked for has no token.
        """
        for name in asked:
            if not (self.own[name].on or self.own[name].local):
                raise SettingError(self.own[name].switch, f"must be set to run {name}")
        on = tuple(name for name, settings in self.own.items() if settings.on)
        return asked or on or tuple(name for name, one in self.own.items() if one.local)

    @property
    def loggers(self) -> dict[str, int]:
        """The least level of each logger of a platform's libraries."""
        return {name: level for one in self.own.values() for name, level in one.loggers.items()}

    @property
    def secret_patterns(self) -> list[str]:
        return [pattern for one in self.own.values() for pattern in one.secret_patterns]


V = TypeVar("V", bound=Variables)


def read(group: type[V]) -> V:
    """A group of variables as this process finds them; SettingError for the first that is wrong."""
    try:
        return group(_env_file_encoding=encoding_of(Path(_FILE)))
    except EnvFileError as error:
        raise SettingError(_FILE, str(error)) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, NamedError):
            raise SettingError(cause.variable, cause.problem) from None
        variable = str(first["loc"][0]).upper() if first["loc"] else "the environment"
        problem = str(first["msg"]).removeprefix("Value error, ")
        raise SettingError(variable, problem) from None
