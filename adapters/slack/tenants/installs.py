"""Installs in any number of workspaces: kept in our own store, sealed, renewed one at a time."""

import asyncio
import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from cryptography.fernet import InvalidToken, MultiFernet
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot as SlackBot
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.calls import CallError
from adapters.slack.api import LOOKED_SECONDS, Bot, RefusedError, request, works
from bot.store.database import Database, Transaction, UnavailableError
from bot.store.facade import Store
from bot.store.installs import Install

log = logging.getLogger(__name__)

RENEW_BEFORE = 2 * 60 * 60
LEASE_SECONDS = 30
KEEP_SECONDS = 0.2
REMEMBERED_SECONDS = 60  # for so long a process may greet where another one noticed an end


def epoch() -> int:
    return int(time.time())


@dataclass(frozen=True, slots=True)
class _Known:
    install: Install
    secrets: dict[str, Any]
    at: float

    @property
    def bot(self) -> Bot:
        return Bot(self.secrets["token"], self.secrets["user"], self.secrets["id"])


class SealedInstalls(AsyncInstallationStore):
    """Slack's interface of an installation store, and the tokens that calls are made with."""

    def __init__(
        self,
        database: Database,
        keys: MultiFernet,
        client: Callable[[], AsyncWebClient],
        credentials: tuple[str, str],
        clock: Callable[[], int] = epoch,
    ) -> None:
        self.database, self._keys, self._client = database, keys, client
        self._credentials, self._clock = credentials, clock
        self._known: dict[str, _Known] = {}
        self._looked: dict[str, float] = {}
        self._renewals: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._unrenewable: set[str] = set()  # marks of tokens that live on until they expire
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def logger(self) -> logging.Logger:
        return log

    # --- what calls and events need -----------------------------------------------------------

    async def bot(self, tenant: str) -> Bot | None:
        looked = time.monotonic() - self._looked.get(tenant, -math.inf) < LOOKED_SECONDS
        known = self._known.get(tenant) if looked else await self._find(tenant)
        if known is None:
            return None
        left = (known.install.expires_at or self._clock() + RENEW_BEFORE + 1) - self._clock()
        if left <= 0:
            await asyncio.shield(self._spawn(self._renew(tenant)))
            known = await self._find(tenant)
        elif left <= RENEW_BEFORE and not self._renewing(tenant).locked():
            self._spawn(self._renew_ahead(tenant))
        return known.bot if known else None

    async def recent(self, tenant: str) -> Bot | None:
        known = self._known.get(tenant)
        if known and time.monotonic() - known.at < REMEMBERED_SECONDS:
            return known.bot
        return await self.bot(tenant)

    async def token_died(self, tenant: str, token: str) -> None:
        known = await self._find(tenant)
        if known and known.secrets["token"] == token:
            await self._off(known.install)

    async def uninstalled(self, tenant: str, at: int) -> None:
        known = await self._find(tenant)
        if known is None or known.install.installed_at > at:
            return  # gone already, or a new install has come since
        if await works(self._client(), known.bot.token) is not False:
            # Installed again within the second that is all `at` tells, or a clock is off. Where
            # Slack cannot be asked, the next call will show.
            return
        await self._off(known.install)

    async def drained(self) -> None:
        """Return when no renewal is under way: one that is broken off costs the install."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _off(self, install: Install) -> None:
        try:
            await self.database.transact(partial(_remove, install=install, now=self._clock()))
        finally:
            self._unrenewable.discard(install.mark)
            self._forget(install.tenant)

    # --- Slack's interface ---------------------------------------------------------------------

    async def async_save(self, installation: Installation) -> None:
        org_wide = installation.is_enterprise_install and installation.enterprise_id
        tenant = org_wide or installation.team_id
        if not tenant or not installation.bot_token:
            raise ValueError("an installation without a workspace or a bot token")
        kept = {
            "token": installation.bot_token,
            "refresh": installation.bot_refresh_token,
            "user": installation.bot_user_id,
            "id": installation.bot_id,
        }
        expires = installation.bot_token_expires_at
        install = self._sealed(tenant, kept, int(expires) if expires else None)
        try:
            await self.database.transact(partial(_save, install=install, now=self._clock()))
        except UnavailableError as error:
            raise BoltError("the install could not be saved") from error  # Bolt shows a page for it
        self._forget(tenant)
        log.info("tenant %s: installed", tenant)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> SlackBot | None:
        tenant = (enterprise_id if is_enterprise_install else team_id) or ""
        bot, known = await self.bot(tenant), await self._find(tenant)
        if bot is None or known is None:
            return None
        return SlackBot(
            bot_token=bot.token,
            bot_id=bot.id,
            bot_user_id=bot.user,
            installed_at=float(known.install.installed_at),
        )

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        for tenant in filter(None, (enterprise_id, team_id)):
            await self.uninstalled(tenant, self._clock())

    # --- keeping --------------------------------------------------------------------------------

    async def look(self, transaction: Transaction, tenant: str) -> None:
        if self._learn(tenant, await Store(transaction).installs.find("slack", tenant)):
            self._looked[tenant] = time.monotonic()

    async def _find(self, tenant: str) -> _Known | None:
        """What the store says now; where it cannot be asked, what it said last."""
        before = self._known.get(tenant)
        try:
            install = await self.database.transact(
                lambda t: Store(t).installs.find("slack", tenant)
            )
        except UnavailableError:
            if before is None:
                raise
            return before
        return self._learn(tenant, install)

    def _learn(self, tenant: str, install: Install | None) -> _Known | None:
        before = self._known.get(tenant)
        if before is None or before.install != install:
            secrets = self._opened(install) if install else None
        else:
            secrets = before.secrets
        self._forget(tenant)
        if install and secrets:
            self._known[tenant] = _Known(install, secrets, time.monotonic())
        return self._known.get(tenant)

    def _forget(self, tenant: str) -> None:
        self._known.pop(tenant, None)
        self._looked.pop(tenant, None)

    def _sealed(self, tenant: str, kept: dict[str, Any], expires_at: int | None) -> Install:
        mark = hashlib.sha256(kept["token"].encode()).hexdigest()[:16]
        sealed = self._keys.encrypt(json.dumps(kept).encode()).decode()
        return Install("slack", tenant, sealed, mark, expires_at, self._clock())

    def _opened(self, install: Install) -> dict[str, Any] | None:
        try:
            opened = json.loads(self._keys.decrypt(install.sealed))
        except InvalidToken:
            log.error("tenant %s: no key of ENCRYPTION_KEYS opens its token", install.tenant)
            return None
        return opened if isinstance(opened, dict) else None

    # --- renewal --------------------------------------------------------------------------------

    def _spawn(self, renewal: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(renewal)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _renewing(self, tenant: str) -> asyncio.Lock:
        return self._renewals.setdefault(tenant, asyncio.Lock())

    async def _renew_ahead(self, tenant: str) -> None:
        """There is time: what fails now is tried again at the next call."""
        try:
            await self._renew(tenant)
        except UnavailableError as error:
            log.warning("tenant %s: its token was not renewed: %s", tenant, error)

    async def _renew(self, tenant: str) -> None:
        """Renew a token that is about to expire: a refresh token is good once, so one at a time,
        here by a lock and over all processes by a lease.
        """
        async with self._renewing(tenant):
            known = await self._find(tenant)
            now = self._clock()
            if known is None or (known.install.expires_at or now) > now + RENEW_BEFORE:
                return
            expired = (known.install.expires_at or 0) <= now
            if known.install.mark in self._unrenewable and not expired:
                return
            mine = await self.database.transact(
                lambda t: Store(t).installs.begin_renewal(
                    "slack", tenant, known.install.mark, now, now + LEASE_SECONDS
                )
            )
            if mine:
                await self._refresh(known)
            elif expired:
                await self._await_renewal(tenant, known.install.mark)

    async def _refresh(self, known: _Known) -> None:
        client_id, client_secret = self._credentials
        tenant = known.install.tenant
        try:
            answer = await request(
                self._client(),
                "oauth.v2.access",
                None,
                {
                    "client_id": client_id,
                    "client_secret": client_secret,
                    "grant_type": "refresh_token",
                    "refresh_token": known.secrets["refresh"],
                },
            )
        except RefusedError as refusal:
            log.error("tenant %s: its token cannot be renewed: %s", tenant, refusal.error)
            # Slack's answer to an earlier try may have been lost, and that has spent the token for
            # renewing; the one for calls works until it expires.
            expired = (known.install.expires_at or 0) <= self._clock()
            if refusal.error == "invalid_refresh_token":
                self._unrenewable.add(known.install.mark)
                if expired:
                    await self._off(known.install)
            return
        except CallError as error:
            log.warning("tenant %s: renewing its token failed: %s", tenant, error)
            return
        kept = {
            **known.secrets,
            "token": answer["access_token"],
            "refresh": answer.get("refresh_token"),
        }
        renewed = self._sealed(tenant, kept, self._clock() + int(answer["expires_in"]))
        self._known[tenant] = _Known(renewed, kept, time.monotonic())
        await self._keep(known.install.mark, renewed)
        log.info("tenant %s: token renewed", tenant)

    async def _keep(self, old_mark: str, renewed: Install) -> None:
        """Store a renewed token, however long the database is away: the old one is spent."""
        pause = KEEP_SECONDS
        while True:
            try:
                await self.database.transact(lambda t: Store(t).installs.renew(old_mark, renewed))
                return
            except UnavailableError as error:
                log.error("tenant %s: its new token is not stored yet: %s", renewed.tenant, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _await_renewal(self, tenant: str, mark: str) -> None:
        """Another process renews a token that has expired: there is nothing to use till then."""
        for _ in range(20):
            await asyncio.sleep(0.1)
            known = await self._find(tenant)
            if known is None or known.install.mark != mark:
                return


async def _save(transaction: Transaction, install: Install, now: int) -> None:
    await Store(transaction).installs.save(install)
    await Store(transaction).tenants.set("slack", install.tenant, "active", now)


async def _remove(transaction: Transaction, install: Install, now: int) -> None:
    if await Store(transaction).installs.remove("slack", install.tenant, install.mark):
        await Store(transaction).tenants.set("slack", install.tenant, "removed", now)
