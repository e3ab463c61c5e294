"""`doctor`: looks at everything that the bot stands on, and says in a line each what is wrong."""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapter import Finding, Look
from bot.calendar.zone_rules import RULES
from bot.chat.event import Platform
from bot.config.settings import Configuration, SettingError, Settings
from bot.delivery.hindrances import waiting
from bot.http.listening import listen
from bot.pack.load import check
from bot.pack.named import PackError, pack_path, packs_of
from bot.pack.packs import Packs
from bot.store import open_database, open_to_others
from bot.store.database import Database, RefusedError, UnavailableError
from bot.store.facade import Store
from bot.store.migrate import SchemaError, check_current, current, newest

_SKEW_SECONDS = 60
_ZONES = {"Europe/Berlin": 60, "Asia/Kolkata": 330, "Pacific/Apia": 780}


async def examine(
    load: Callable[[], Configuration],
    look: Callable[[Platform], Look[Any]],
    tell: Callable[[str], object],
) -> bool:
    """Tell each finding in a line, those of platforms by `look`; whether nothing stops the bot."""
    well = True
    try:
        configuration = load()
    except SettingError as error:
        tell(str(Finding("settings", str(error), stops=True)))
        return False
    async for finding in _findings(configuration, look):
        tell(str(finding))
        well = well and not finding.stops
    return well


async def _findings(
    configuration: Configuration, look: Callable[[Platform], Look[Any]]
) -> AsyncIterator[Finding]:
    settings, platforms = configuration.shared, configuration.platforms()
    yield Finding("settings", f"runs {' and '.join(platforms)}")
    dates: list[str] = []
    yield await _looked("database", lambda: _database(settings))
    yield await _looked("reminders", lambda: _reminders(settings))
    yield await _looked("http", lambda: _http(settings))
    yield await _looked("time zones", _zones)
    for name in settings.crossroads_packs:
        yield await _looked("content", partial(_content, name))
    packs = _packs(settings)
    for platform in platforms:
        try:
            async for finding in look(platform)(configuration.own[platform], dates.append, packs):
                yield finding
        except Exception as error:  # noqa: BLE001 - as below
            yield _unforeseen(platform, error)
    yield from_clock(dates, time.time())


async def _looked(what: str, look: Callable[[], Finding | Awaitable[Finding]]) -> Finding:
    try:
        found = look()
        return found if isinstance(found, Finding) else await found
    except Exception as error:  # noqa: BLE001 - the rest shall be looked at all the same
        return _unforeseen(what, error)


def _unforeseen(what: str, error: Exception) -> Finding:
    return Finding(what, f"cannot be looked at ({type(error).__name__}): please report this", True)


async def _database(settings: Settings) -> Finding:
    path = settings.sqlite_path
    kind = "PostgreSQL" if path is None else f"SQLite, {path}"
    if path and not os.access(path.parent, os.W_OK | os.X_OK):
        advice = f"{kind}: nothing can be written in that directory: make it, or own it"
        return Finding("database", f"DATABASE_URL: {advice}", stops=True)
    if path and not path.exists():
        # Whoever looks is not always whom the bot runs as: the file shall be the bot's own.
        return Finding("database", f"{kind}: made at the first start")
    try:
        database = await open_database(settings)
    except SettingError as error:
        return Finding("database", str(error), stops=True)
    except UnavailableError as error:
        return Finding("database", f"{kind}: {error}", stops=True)
    try:
        schema = await _schema(database, settings)
        if schema:  # else the first of all writes has just been made
            await database.transact(lambda tx: Store(tx).settings.set("ready", "yes"))
    except (SchemaError, RefusedError, UnavailableError) as error:
        return Finding("database", f"{kind}: {error}", stops=True)
    finally:
        await database.close()
    private = ""
    news = f", the next start brings it to {newest()}" if schema < newest() else ""
    if path and open_to_others(path):
        private = "; others on this machine may open the file: the next start ends that"
    return Finding("database", f"{kind}, schema {schema}{news}, takes writes{private}")


async def _reminders(settings: Settings) -> Finding:
    """Whether a platform refuses them, as the bot's own records say."""
    if settings.sqlite_path and not settings.sqlite_path.exists():
        return Finding("reminders", "none so far")
    try:
        database = await open_database(settings)
    except (SettingError, UnavailableError):
        return Finding("reminders", "not looked at: see the database")
    try:
        if await current(database) < newest():
            return Finding("reminders", "looked at once the database is brought up to date")
        lines = await waiting(database)
    except (SchemaError, RefusedError, UnavailableError):
        return Finding("reminders", "not looked at: see the database")
    finally:
        await database.close()
    return Finding("reminders", "; ".join(lines) or "none is refused", stops=bool(lines))


async def _schema(database: Database, settings: Settings) -> int:
    """A look only: an older version may be at work on this database."""
    if settings.sqlite_path is None:
        await check_current(database)
    return await current(database)


async def _http(settings: Settings) -> Finding:
    """HOST alone: the bot itself may be at work on PORT."""
    try:
        listeners = await listen(settings, 0, "HOST")
    except SettingError as error:
        return Finding("http", str(error), stops=True)
    for listener in listeners:
        listener.close()
    return Finding("http", f"HOST is an address of this machine; the port will be {settings.port}")


def _zones() -> Finding:
    winter = datetime(2026, 1, 15, 12, tzinfo=UTC)
    try:
        for name, minutes in _ZONES.items():
            offset = winter.astimezone(ZoneInfo(name)).utcoffset()
            if offset is None or offset.total_seconds() != minutes * 60:
                return Finding("time zones", f"the rules of {name} are wrong: update tzdata", True)
    except ZoneInfoNotFoundError as error:
        return Finding("time zones", f"{error.args[0]}: install tzdata", stops=True)
    return Finding("time zones", f"rules {RULES}")


def _packs(settings: Settings) -> Packs | None:
    try:
        return packs_of(settings.crossroads_packs)
    except PackError:
        return None


def _content(name: str) -> Finding:
    try:
        report = check(pack_path(name), datetime.now(UTC).year)
    except PackError as error:
        return Finding("content", str(error), stops=True)
    if report.errors:
        advice = f"{name}: {len(report.errors)} errors: `python -m bot check {name}` shows them"
        return Finding("content", advice, stops=True)
    held = ", ".join(f"{n} {what}" for what, n in report.counts.items())
    return Finding("content", f"{name}: {held}")


def from_clock(dates: list[str], now: float) -> Finding:
    """Whether this machine's clock agrees with the platforms' answers, given their Date headers."""
    differences = [now - then for date in dates for then in _instants(date)]
    if not differences:
        return Finding("clock", "not compared: no platform was reached")
    worst = max(differences, key=abs)
    if abs(worst) > _SKEW_SECONDS:
        late = "ahead" if worst > 0 else "behind"
        advice = f"{abs(worst):.0f} s {late} of the platforms': let NTP set it"
        return Finding("clock", advice, stops=True)
    return Finding("clock", f"within {max(abs(worst), 1):.0f} s of the platforms'")


def _instants(date: str) -> Iterator[float]:
    try:
        yield parsedate_to_datetime(date).timestamp()
    except ValueError:
        return
