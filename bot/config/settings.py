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

from bot.chat.event import Platform
from bot.config import values as setting_values
from bot.config.envfile import EnvFileError, encoding_of
from bot.config.values import NamedError

_FILE = ".env"


class SettingError(Exception):
    """A setting that cannot be worked with; the message names the variable, never its value."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


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

    database_url: Annotated[SecretStr, AfterValidator(setting_values.database_url)] = SecretStr(
        "sqlite:///crossroads.db"
    )
    discord_token: SecretStr | None = None
    discord_api_url: Annotated[str, AfterValidator(setting_values.http_url)] | None = None
    discord_gateway_url: Annotated[str, AfterValidator(setting_values.websocket_url)] | None = None
    discord_shard_count: Annotated[int, Field(ge=1)] | None = None
    discord_shard_ids: Annotated[
        tuple[int, ...], NoDecode, BeforeValidator(setting_values.words)
    ] = ()
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(setting_values.slack_url)] = (
        "https://slack.com/api/"
    )
    encryption_keys: Annotated[
        tuple[SecretStr, ...], NoDecode, BeforeValidator(setting_values.words)
    ] = ()
    host: Annotated[str, AfterValidator(setting_values.host_name)] = "127.0.0.1"
    port: Port = 8080
    playground_port: Port = 8090
    reminder_poll_seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 15.0
    member_events_a_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(setting_values.upper)
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(setting_values.lower)] = "text"
    dyno: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: dict[str, object]) -> dict[str, object]:
        values = {name: setting_values.meant(name, value) for name, value in given.items()}
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would run, and not do what was meant."""
        slack = {
            "SLACK_BOT_TOKEN": self.slack_bot_token,
            "SLACK_CLIENT_ID": self.slack_client_id,
            "SLACK_CLIENT_SECRET": self.slack_client_secret,
        }
        if self.slack_app_token and not self.slack_bot_token:
            raise NamedError("SLACK_BOT_TOKEN", "must be set with SLACK_APP_TOKEN")
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            missing = next(name for name in list(slack)[1:] if not slack[name])
            raise NamedError(missing, "the client id and the client secret go together")
        if self.slack_client_id and not self.slack_signing_secret:
            raise NamedError("SLACK_SIGNING_SECRET", "must be set with SLACK_CLIENT_ID")
        if self.slack_client_id and not self.encryption_keys:
            raise NamedError("ENCRYPTION_KEYS", "must be set where workspaces install the app")
        if self.slack_signing_secret and not (self.slack_bot_token or self.slack_client_id):
            raise NamedError("SLACK_BOT_TOKEN", "must be set with SLACK_SIGNING_SECRET")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise NamedError("SLACK_APP_TOKEN", "or SLACK_SIGNING_SECRET must be set too")
        if self.slack_app_token and self.slack_client_id:
            raise NamedError(
                "SLACK_APP_TOKEN",
                "serves one workspace: unset it, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET",
            )
        if self.dyno and self.sqlite_path:
            raise NamedError(
                "DATABASE_URL",
                "a dyno's disk vanishes at every restart: add a PostgreSQL database and set"
                " this to its address",
            )
        return self

    @model_validator(mode="after")
    def _known_shards(self) -> Self:
        count, ids = self.discord_shard_count, self.discord_shard_ids
        if ids and count is None:
            raise NamedError("DISCORD_SHARD_COUNT", "must be set with DISCORD_SHARD_IDS")
        if count is not None and not all(0 <= shard < count for shard in ids):
            raise NamedError("DISCORD_SHARD_IDS", "must be from 0 to DISCORD_SHARD_COUNT - 1")
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


def load() -> Settings:
    """The settings of this process; SettingError for the first that is wrong."""
    try:
        return Settings(_env_file_encoding=encoding_of(Path(_FILE)))
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


def require(settings: Settings, platforms: tuple[Platform, ...]) -> None:
    """SettingError where a platform that was asked for has no token."""
    if "discord" in platforms and not settings.discord_token:
        raise SettingError("DISCORD_TOKEN", "must be set to run discord")
    if "slack" in platforms and "slack" not in settings.platforms():
        raise SettingError("SLACK_BOT_TOKEN", "must be set to run slack")
