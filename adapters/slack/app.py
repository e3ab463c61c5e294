"""The Slack adapter: puts tokens, Bolt, Socket Mode or HTTP, and OAuth together."""

import logging
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from aiohttp import web
from cryptography.fernet import Fernet, MultiFernet
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.slack.api import Api, Tokens
from adapters.slack.handlers import Handlers
from adapters.slack.intake.request_url import RequestUrl
from adapters.slack.intake.socket_mode import Sockets
from adapters.slack.profiles import WEEKLY_SECONDS
from adapters.slack.sender import RATES, SlackSender
from adapters.slack.settings import Settings
from adapters.slack.tenants.installs import SealedInstalls
from adapters.slack.tenants.oauth import InstallPages
from adapters.slack.tenants.one_workspace import BadTokenError, OneWorkspace
from bot.adapter import Found, Outcome, Services
from bot.chat.event import Person, Platform
from bot.chat.reply import Message
from bot.config.settings import SettingError
from bot.core.handle import Core
from bot.store.facade import Store


def create(services: Services, settings: Settings) -> "SlackAdapter":
    return SlackAdapter(services, settings)


class SlackAdapter:
    """One workspace by its token, over a socket or HTTP, or any number of them by OAuth."""

    name: Platform = "slack"
    rates = RATES

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services, self._settings = services, settings
        self._installs: SealedInstalls | None = None
        self._one: OneWorkspace | None = None
        tokens = self._tokens(settings)
        self._api = Api(tokens, settings.slack_api_url)
        self._sender = SlackSender(self._api)
        self._handlers = Handlers(self._api, services.core, partial(_first_time, services.core))
        self._bolt: AsyncApp | None = None
        self._sockets: Sockets | None = None
        self._stopping = False

    def _tokens(self, settings: Settings) -> Tokens:
        if settings.slack_client_id and settings.slack_client_secret:
            credentials = (
                settings.slack_client_id,
                settings.slack_client_secret.get_secret_value(),
            )
            self._installs = SealedInstalls(
                self._services.core.database,
                _keys(settings),
                lambda: self._api.client,
                credentials,
            )
            return self._installs
        if settings.slack_bot_token is None:
            raise SettingError("SLACK_BOT_TOKEN", "must be set to run slack")
        token = settings.slack_bot_token.get_secret_value()
        self._one = OneWorkspace(token, self._services.core.database)
        return self._one

    async def start(self) -> None:
        """Find out who the bot is, however long Slack is away, and only then listen."""
        if self._one is not None:
            try:
                await self._one.connect(self._api.client)
            except BadTokenError as error:
                problem = f"Slack refuses it ({error})"
                raise SettingError("SLACK_BOT_TOKEN", problem) from None
        app_token = self._settings.slack_app_token
        if app_token is not None:
            self._sockets = Sockets(
                self._app,
                app_token.get_secret_value(),
                lambda: self._api.client,
                self._services.fail,
            )
            await self._sockets.start()

    async def stop(self) -> None:
        self._stopping = True
        if self._sockets is not None:
            await self._sockets.stop()
        await self._handlers.background.drain()
        if self._installs is not None:
            await self._installs.drained()
        await self._api.close()

    def unready(self) -> str | None:
        if self._stopping:
            return "stopping"
        if self._one is not None and not self._one.tenant:
            return "Slack has not been reached yet"
        if self._one is not None and not self._one.on:
            return "the bot token no longer works"
        return self._sockets.unready() if self._sockets else None

    def routes(self) -> Iterable[web.RouteDef]:
        secret = self._settings.slack_signing_secret
        if secret is not None:
            url = RequestUrl(self._taking, secret.get_secret_value())
            yield web.post("/slack/events", url.take)
        if self._installs is not None:
            pages = InstallPages(self._settings, self._api, self._installs)
            yield web.get("/slack/install", pages.install)
            yield web.get("/slack/oauth_redirect", pages.redirect)

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        self._handlers.profiles.look(person, WEEKLY_SECONDS)
        return await self._sender.send(person, message, nonce)

    async def arrived(self, person: Person, nonce: str, since: int) -> Found:
        return await self._sender.arrived(person, nonce, since)

    def _taking(self) -> AsyncApp | None:
        """The app while it can take requests: not before the token is known, nor at the end."""
        started = self._one is None or bool(self._one.tenant)
        return self._app if started and not self._stopping else None

    @property
    def _app(self) -> AsyncApp:
        """The Bolt app; made inside the running loop, for its client needs one."""
        if self._bolt is None:
            quiet = logging.getLogger("slack_bolt.quiet")
            quiet.setLevel(logging.ERROR)  # its warnings are about settings that we read ourselves
            self._bolt = AsyncApp(
                logger=quiet,
                client=self._api.client,
                authorize=_Authorize(),
                process_before_response=True,  # the commit comes first, and Bolt polls otherwise
                ignoring_self_events_enabled=False,  # parse.py knows what bots say
                request_verification_enabled=False,  # the request URL has done it
            )
            self._handlers.listen(self._bolt)
        return self._bolt


class _Authorize(AsyncAuthorize):
    """Without a call of `auth.test` for each request, and without a token: `Handlers` finds out
    whose a payload is, and `Api` has the token for each call.
    """

    def __init__(self) -> None:
        """Bolt's own says nothing of what it returns."""

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


def _keys(settings: Settings) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key.get_secret_value()) for key in settings.encryption_keys])
    except ValueError:
        raise SettingError(
            "ENCRYPTION_KEYS",
            "each must be 32 bytes in URL-safe base64, with commas between them",
        ) from None


async def _first_time(core: Core, delivery: str) -> bool:
    now = int(time.time())
    return await core.database.transact(lambda tx: Store(tx).marks.first(delivery, now))
