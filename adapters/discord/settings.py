"""Discord's settings: its token, its shards, and what of Discord no log may hold."""

import logging
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from bot.config import values as setting_values
from bot.config.settings import PlatformSettings
from bot.config.values import NamedError


class Settings(PlatformSettings):
    switch = "DISCORD_TOKEN"
    closed_door = (
        "Please allow it on the server that we share: Server → Privacy Settings → Direct Messages."
    )
    # discord.py writes payloads down at DEBUG.
    loggers: ClassVar = {
        "discord": logging.INFO,
        "discord.client": logging.WARNING,  # that it logs in, before it knows whether it may
    }
    secret_patterns = (
        r"(?<=/webhooks/)\d+/[\w.-]+|(?<=/interactions/)\d+/[\w.-]+",  # an interaction's token
        r"\b[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}\b",  # the bot's token
    )
    tokens = frozenset({"discord_token"})

    discord_token: SecretStr | None = None
    discord_api_url: Annotated[str, AfterValidator(setting_values.http_url)] | None = None
    discord_gateway_url: Annotated[str, AfterValidator(setting_values.websocket_url)] | None = None
    discord_shard_count: Annotated[int, Field(ge=1)] | None = None
    discord_shard_ids: Annotated[
        tuple[int, ...], NoDecode, BeforeValidator(setting_values.words)
    ] = ()

    @property
    def on(self) -> bool:
        return self.discord_token is not None

    @model_validator(mode="after")
    def _known_shards(self) -> Self:
        count, ids = self.discord_shard_count, self.discord_shard_ids
        if ids and count is None:
            raise NamedError("DISCORD_SHARD_COUNT", "must be set with DISCORD_SHARD_IDS")
        if count is not None and not all(0 <= shard < count for shard in ids):
            raise NamedError("DISCORD_SHARD_IDS", "must be from 0 to DISCORD_SHARD_COUNT - 1")
        return self
