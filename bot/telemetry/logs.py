"""Logging: one line an event, one request id from a delivery to its answer, no secrets.

Code logs through `logging`; what goes into `extra` becomes a field of the line.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import partial
from secrets import token_hex
from typing import Any, Literal, TextIO, TypeAlias

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars
from structlog.stdlib import ProcessorFormatter

Line: TypeAlias = MutableMapping[str, Any]

# At DEBUG these write down payloads, SQL values or addresses with tickets in them.
TALKATIVE = {
    "aiohttp": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "asyncio": logging.WARNING,
    "asyncpg": logging.WARNING,
}

# What must never be written, should it reach a line all the same: in the message of a library, say.
_A_DATABASES = r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user and password


def configure(
    level: str,
    style: Literal["text", "json"],
    talkative: Mapping[str, int],
    secrets: Iterable[str],
) -> None:
    """Send every logger's lines to standard error, as text for people or JSON for machines.

    `talkative` are loggers of platforms' libraries, each with the least level at which it quotes
    nobody; `secrets` are patterns of what is struck out of every line.
    """
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Formatter(style, scrubber(secrets)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in {**TALKATIVE, **talkative}.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)


@contextmanager
def held_back(dropped_by: type[Exception]) -> Iterator[Callable[[], None]]:
    """Hold back what is no warning until the yielded function is called, a warning comes, or it all
    ends; drop it where it ends in `dropped_by`, which is then the one line that matters.
    """
    handlers = [one for one in logging.getLogger().handlers if isinstance(one, _Handler)]

    def release() -> None:
        for handler in handlers:
            handler.release_held()

    for handler in handlers:
        handler.held = []
    try:
        yield release
    except dropped_by:
        for handler in handlers:
            handler.held = None
        raise
    finally:
        release()


def begin_request() -> str:
    """Give what is arriving an id; it goes with this task, and with the tasks that it begins."""
    request = token_hex(4)
    bind_contextvars(request=request)
    return request


@contextmanager
def request() -> Iterator[str]:
    """The id of the request that is being answered; one of its own where nobody began one."""
    current = get_contextvars().get("request")
    if current is not None:
        yield current
        return
    fresh = token_hex(4)
    with bound_contextvars(request=fresh):
        yield fresh


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """From a line to the line without what looks like one of these, or a database's password."""
    return partial(re.compile("|".join((*secrets, _A_DATABASES))).sub, "[secret]")


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines, or keeps them for a while as they would have been written."""

    held: list[str] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self.held is not None and record.levelno < logging.WARNING:
            self.held.append(self.format(record))
            return
        self.release_held()
        super().emit(record)

    def release_held(self) -> None:
        held, self.held = self.held, None
        for line in held or ():
            self.stream.write(line + self.terminator)
        self.flush()


class _Formatter(ProcessorFormatter):
    def __init__(self, style: Literal["text", "json"], scrub: Callable[[str], str]) -> None:
        self._scrub = scrub
        colors = style == "text" and sys.stderr.isatty()
        renderer: Any = (
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
            if style == "json"
            else structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)
        )
        super().__init__(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _with_traceback,
            ],
            processors=[ProcessorFormatter.remove_processors_meta, renderer],
        )

    def format(self, record: logging.LogRecord) -> str:
        return self._scrub(super().format(record))


def _with_traceback(_: Any, __: str, line: Line) -> Line:
    """Put places and types of an exception down, and its message only where it quotes nobody.

    The message of a ValueError may hold what a member wrote: pydantic's and asyncpg's do.
    """
    error = (line.pop("exc_info", None) or (None, None))[1]
    if error is not None:
        line["exception"] = "".join(_described(error)).rstrip()
    return line


def _described(error: BaseException) -> Iterator[str]:
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield from _described(cause)
        yield "which led to:\n"
    yield from traceback.format_tb(error.__traceback__)
    kind = type(error)
    ours = kind.__module__.partition(".")[0] in ("bot", "adapters") or isinstance(error, OSError)
    yield f"{kind.__qualname__}: {error}\n" if ours else f"{kind.__qualname__}\n"
