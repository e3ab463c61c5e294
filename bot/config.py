"""Settings from the environment and `.env`; read by the entry points only."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.envfile import EnvFileError, encoding_of
from bot.event import Platform

_FILE = ".env"


class SettingError(Exception):
    """A setting that cannot be worked with; the message names the variable, never its value."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


def _database_url(url: SecretStr) -> SecretStr:
    scheme, separator, rest = url.get_secret_value().partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("must begin with sqlite:///, postgres:// or postgresql://")
    if scheme == "sqlite":
        _sqlite_file(rest)
    elif not rest.strip("/"):
        raise ValueError("must say where: postgresql://USER:PASSWORD@HOST:PORT/NAME")
    return url


def _sqlite_file(rest: str) -> None:
    if not (rest.startswith("/") and rest.strip("/")):
        raise ValueError("must be sqlite:///FILE, with four slashes for an absolute path")
    if ":memory:" in rest:
        raise ValueError("must name a file: what is in memory ends with the process")
    if "?" in rest:
        raise ValueError("takes no options after a “?”: name the file alone")
    if rest.startswith("/~"):
        raise ValueError("does not know “~”: write the whole path, with four slashes")
    if rest.endswith("/"):
        raise ValueError("names a directory: add the name of the file")


def _host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if "/" in host:
        raise ValueError("must be an address or a name, without http:// before it")
    if host.count(":") == 1:
        raise ValueError("must be an address or a name: PORT and PLAYGROUND_PORT set the port")
    return host


def _http_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url.rstrip("/")


def _websocket_url(url: str) -> str:
    if not url.startswith(("ws://", "wss://")):
        raise ValueError("must begin with ws:// or wss://")
    return url


def _slack_url(url: str) -> str:
    if not url.startswith(("http://", "https://")) or not url.endswith("/api/"):
        raise ValueError("must begin with http:// or https:// and end in /api/")
    return url


def _words(value: object) -> object:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


_BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"
_QUOTES = ('""', "''", "“”", "‘’")
# What stands in a header or is compared byte by byte: none of these has a blank in it.
_TOKENS = (
    "discord_token",
    "slack_bot_token",
    "slack_app_token",
    "slack_signing_secret",
    "slack_client_id",
    "slack_client_secret",
)
_SECRETS = (*_TOKENS, "database_url", "encryption_keys")


def _trimmed(value: str) -> str:
    """Without the blanks, the line break and the quotes that shells and tools leave around it."""
    value = value.strip(_BLANKS)
    while len(value) > 1 and value[0] + value[-1] in _QUOTES:
        value = value[1:-1].strip(_BLANKS)
    return value


def _meant(name: str, value: object) -> object:
    """The value, trimmed; "" where it is as good as unset, which a secret of blanks is not."""
    if not isinstance(value, str):
        return value
    trimmed = _trimmed(value)
    if name in _SECRETS and value and not value.strip(_BLANKS):
        raise _named(name.upper(), "holds nothing but blanks: set it, or leave it out")
    if name in _TOKENS and not (trimmed.isascii() and trimmed.isprintable() and " " not in trimmed):
        problem = "holds a blank, a line break or a letter that it cannot have: copy it again"
        raise _named(name.upper(), problem)
    return trimmed


Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """What the environment says, checked; README.md and .env.example explain each variable."""

    model_config = SettingsConfigDict(
        env_file=_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr(
        "sqlite:///crossroads.db"
    )
    discord_token: SecretStr | None = None
    discord_api_url: Annotated[str, AfterValidator(_http_url)] | None = None
    discord_gateway_url: Annotated[str, AfterValidator(_websocket_url)] | None = None
    discord_shard_count: Annotated[int, Field(ge=1)] | None = None
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_words)] = ()
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(_slack_url)] = "https://slack.com/api/"
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_words)] = ()
    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: Port = 8080
    playground_port: Port = 8090
    reminder_poll_seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 15.0
    member_events_a_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = (
        "INFO"
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"
    dyno: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: dict[str, object]) -> dict[str, object]:
        meant = {name: _meant(name, value) for name, value in given.items()}
        return {name: value for name, value in meant.items() if value != ""}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would run, and not do what was meant."""
        slack = {
            "SLACK_BOT_TOKEN": self.slack_bot_token,
            "SLACK_CLIENT_ID": self.slack_client_id,
            "SLACK_CLIENT_SECRET": self.slack_client_secret,
        }
        if self.slack_app_token and not self.slack_bot_token:
            raise _named("SLACK_BOT_TOKEN", "must be set with SLACK_APP_TOKEN")
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            missing = next(name for name in list(slack)[1:] if not slack[name])
            raise _named(missing, "the client id and the client secret go together")
        if self.slack_client_id and not self.slack_signing_secret:
            raise _named("SLACK_SIGNING_SECRET", "must be set with SLACK_CLIENT_ID")
        if self.slack_client_id and not self.encryption_keys:
            raise _named("ENCRYPTION_KEYS", "must be set where workspaces install the app")
        if self.slack_signing_secret and not (self.slack_bot_token or self.slack_client_id):
            raise _named("SLACK_BOT_TOKEN", "must be set with SLACK_SIGNING_SECRET")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise _named("SLACK_APP_TOKEN", "or SLACK_SIGNING_SECRET must be set too")
        if self.slack_app_token and self.slack_client_id:
            raise _named(
                "SLACK_APP_TOKEN",
                "serves one workspace: unset it, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET",
            )
        if self.dyno and self.sqlite_path:
            raise _named(
                "DATABASE_URL",
                "a dyno's disk vanishes at every restart: add a PostgreSQL database and set"
                " this to its address",
            )
        return self

    @model_validator(mode="after")
    def _known_shards(self) -> Self:
        count, ids = self.discord_shard_count, self.discord_shard_ids
        if ids and count is None:
            raise _named("DISCORD_SHARD_COUNT", "must be set with DISCORD_SHARD_IDS")
        if count is not None and not all(0 <= shard < count for shard in ids):
            raise _named("DISCORD_SHARD_IDS", "must be from 0 to DISCORD_SHARD_COUNT - 1")
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        scheme, _, rest = self.database_url.get_secret_value().partition(":///")
        return Path(rest) if scheme == "sqlite" else None

    def platforms(self) -> tuple[Platform, ...]:
        """The platforms whose tokens are set; the playground where none is."""
        on: list[Platform] = []
        if self.slack_bot_token or self.slack_client_id:
            on.append("slack")
        if self.discord_token:
            on.append("discord")
        return tuple(on) or ("playground",)


class _NamedError(ValueError):
    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(problem)
        self.variable, self.problem = variable, problem


def _named(variable: str, problem: str) -> _NamedError:
    return _NamedError(variable, problem)


def load() -> Settings:
    """The settings of this process; SettingError for the first that is wrong."""
    try:
        return Settings(_env_file_encoding=encoding_of(Path(_FILE)))
    except EnvFileError as error:
        raise SettingError(_FILE, str(error)) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, _NamedError):
            raise SettingError(cause.variable, cause.problem) from None
        variable = str(first["loc"][0]).upper() if first["loc"] else "the environment"
        problem = str(first["msg"]).removeprefix("Value error, ")
        raise SettingError(variable, problem) from None


def require(settings: Settings, platforms: tuple[Platform, ...]) -> None:
    """SettingError where a platform that was asked for has no token."""
    if "discord" in platforms and not settings.discord_token:
        raise SettingError("DISCORD_TOKEN", "must be set to run discord")
    if "slack" in platforms and "slack" not in settings.platforms():
        raise SettingError("SLACK_BOT_TOKEN", "must be set to run slack")
