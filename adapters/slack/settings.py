"""Slack's settings: its tokens, how they go together, and what of Slack no log may hold."""

import logging
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator
from pydantic_settings import NoDecode

from bot.config import values as setting_values
from bot.config.settings import PlatformSettings
from bot.config.values import NamedError


def _web_api(url: str) -> str:
    if not url.startswith(("http://", "https://")) or not url.endswith("/api/"):
        raise ValueError("must begin with http:// or https:// and end in /api/")
    return url


class Settings(PlatformSettings):
    """One workspace by its bot token, over a socket or HTTP; any number by the client pair."""

    switch = "SLACK_BOT_TOKEN"
    closed_door = "Slack says that our conversation, or your account, is closed to me."
    # Bolt writes payloads down at DEBUG, and at WARNING when no listener wanted a request.
    loggers: ClassVar = {
        "slack_bolt": logging.ERROR,
        "slack_bolt.oauth": logging.INFO,  # at DEBUG the code and the state of each install
        "slack_sdk": logging.INFO,
    }
    secret_patterns = (
        r"\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]{4,}",  # tokens
        r"(?<=hooks\.slack\.com/)\S+",  # a response_url
        r"(?<=[?&]ticket=)[^&\s'\"]+",  # a socket's ticket
        r"\b\d{8,}\.\d{6,}\.[0-9a-f]{16,}\b",  # a trigger_id
    )
    tokens = frozenset(
        {
            "slack_bot_token",
            "slack_app_token",
            "slack_signing_secret",
            "slack_client_id",
            "slack_client_secret",
        }
    )
    secrets = frozenset({"encryption_keys"})

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(_web_api)] = "https://slack.com/api/"
    encryption_keys: Annotated[
        tuple[SecretStr, ...], NoDecode, BeforeValidator(setting_values.words)
    ] = ()

    @property
    def on(self) -> bool:
        return bool(self.slack_bot_token or self.slack_client_id)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would run, and not do what was meant."""
        if self.slack_app_token and not self.slack_bot_token:
            raise NamedError("SLACK_BOT_TOKEN", "must be set with SLACK_APP_TOKEN")
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            missing = "SLACK_CLIENT_SECRET" if self.slack_client_id else "SLACK_CLIENT_ID"
            raise NamedError(missing, "the client id and the client secret go together")
        if self.slack_client_id and not self.slack_signing_secret:
            raise NamedError("SLACK_SIGNING_SECRET", "must be set with SLACK_CLIENT_ID")
        if self.slack_client_id and not self.encryption_keys:
            raise NamedError("ENCRYPTION_KEYS", "must be set where workspaces install the app")
        if self.slack_signing_secret and not self.on:
            raise NamedError("SLACK_BOT_TOKEN", "must be set with SLACK_SIGNING_SECRET")
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise NamedError("SLACK_APP_TOKEN", "or SLACK_SIGNING_SECRET must be set too")
        if self.slack_app_token and self.slack_client_id:
            raise NamedError(
                "SLACK_APP_TOKEN",
                "serves one workspace: unset it, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET",
            )
        return self
