"""Reads PostgreSQL's address as hosts hand it out: every query word is understood, or named."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

_CONNECT_SECONDS = 5.0
# asyncpg takes any word that it does not know for a setting of the server, which refuses it then.
_ASYNCPG = frozenset(
    (
        *("host", "port", "user", "password", "passfile", "dbname", "database", "service"),
        *("sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl"),
        *("sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version"),
        *("target_session_attrs", "krbsrvname", "gsslib"),
    )
)
_STARTUP = frozenset(("application_name", "options"))
# Words that tune a connection, or somebody else's pool: nothing is lost without them.
_WITHOUT_EFFECT = frozenset(
    (
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
        *("tcp_user_timeout", "load_balance_hosts", "sslcompression", "sslsni", "sslkeylogfile"),
        *("gssdelegation", "client_encoding", "min_protocol_version", "max_protocol_version"),
        *("pool_mode", "pool_size", "max_pool_size", "connection_limit", "pool_timeout"),
        *("socket_timeout", "supa", "uselibpqcompat", "workaround"),
    )
)
# What other libraries call it when prepared statements are to be left alone.
_POOLED: Mapping[str, frozenset[str]] = {
    "pgbouncer": frozenset(("true", "1")),
    "statement_cache_size": frozenset("0"),
    "prepared_statement_cache_size": frozenset("0"),
    "prepared_statements": frozenset(("false", "0")),
    "preparethreshold": frozenset("0"),
}
_ADVICE = {
    "hostaddr": "write that address as the host",
    "servicefile": "set PGSERVICEFILE instead",
    "sslcrldir": "put the lists into one file, and name it with sslcrl",
    "sslaccept": "write sslmode=require, or sslmode=verify-full&sslrootcert=system",
    "schema": "write options=-csearch_path%3DNAME",
    "currentschema": "write options=-csearch_path%3DNAME",
    "search_path": "write options=-csearch_path%3DNAME",
}
_ONLY = {"gssencmode": ("disable", "prefer"), "sslcertmode": ("allow", "disable")}
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_WRITERS = ("any", "primary", "read-write", "prefer-standby")
_ON, _OFF = ("true", "1", "require", "yes", "on"), ("false", "0", "disable", "no", "off")


class AddressError(ValueError):
    """The address asks for what cannot be done; the message names the word, and no secret."""


@dataclass(frozen=True, slots=True)
class Address:
    """What asyncpg is to be given.

    `pooled`: the address itself says that a pooler answers. `chooses`: asyncpg asks each of several
    servers what it takes.
    """

    url: str = field(repr=False)
    startup: Mapping[str, str]
    tls: ssl.SSLContext | None
    connect_seconds: float
    pooled: bool
    chooses: bool


def read(url: str) -> Address:
    """The address without the words that asyncpg would send to the server. Raises AddressError."""
    base, _, query = url.partition("?")
    words = {name.lower(): value for name, value in parse_qsl(query) if value}
    words = _as_libpq(words)
    startup = {"application_name": words.pop("fallback_application_name", "crossroads")}
    startup |= {name: words.pop(name) for name in _STARTUP & words.keys()}
    seconds = _seconds(words.pop("connect_timeout", "0"))
    pooled = any(words.get(name, "").lower() in told for name, told in _POOLED.items())
    for name in (_WITHOUT_EFFECT | _POOLED.keys()) & words.keys():
        del words[name]
    for name, harmless in _ONLY.items():
        if (value := words.pop(name, harmless[0])) not in harmless:
            raise AddressError(f"has {name}={value} in it, which cannot be done here: take it out")
    for name in words.keys() - _ASYNCPG:
        advice = _ADVICE.get(name, "take it out")
        raise AddressError(f"has {name}=… in it, which is not understood here: {advice}")
    tls = _checked(words, base)
    kept = urlencode(words, quote_via=quote)
    return Address(
        f"{base}?{kept}" if kept else base,
        startup,
        tls,
        seconds,
        pooled,
        "target_session_attrs" in words,
    )


def _as_libpq(words: dict[str, str]) -> dict[str, str]:
    """The same in libpq's words, where other libraries and older versions have their own."""
    words = dict(words)
    for name in ("ssl", "requiressl"):
        value = words.pop(name, "").lower()
        if value and value not in (*_ON, *_OFF):
            raise AddressError(f"has {name}=… in it, which is not understood here: use sslmode")
        if value:
            words.setdefault("sslmode", "require" if value in _ON else "prefer")
    if words.get("sslmode") in ("no-verify", "no_verify"):
        words["sslmode"] = "require"
    mode = words.get("sslmode", "prefer")
    if mode not in _MODES:
        raise AddressError(f"has an sslmode that there is not: it is one of {', '.join(_MODES)}")
    binding = words.pop("channel_binding", "prefer")
    if binding == "require":
        # asyncpg binds no channel. What that is for, nobody in between, a verified name gives too.
        words.setdefault("sslrootcert", "system")
        words["sslmode"] = "verify-full"
    elif binding not in ("disable", "prefer"):
        raise AddressError("has a channel_binding that is neither disable, prefer nor require")
    if words.get("sslrootcert") == "system":
        words["sslmode"] = "verify-full"  # as libpq has it
    return words


def _checked(words: dict[str, str], base: str) -> ssl.SSLContext | None:
    """Look at what asyncpg would fail at with little to say; a context where it has no word."""
    for name in _FILES:
        if (path := words.get(name)) and path != "system":
            _readable(name, path)
    one_host = "," not in base + words.get("host", "")
    if wanted := words.get("target_session_attrs"):
        if wanted not in _WRITERS:
            raise AddressError(
                f"has target_session_attrs={wanted} in it, and that server would take no writes:"
                " read-write or primary does"
            )
        if one_host:
            # There is nothing to choose from, and asyncpg asks outside of a transaction: behind a
            # pooler the answer may be another client's. A server that takes no writes shows anyway.
            del words["target_session_attrs"]
    return _system(words) if words.get("sslrootcert") == "system" else None


def _system(words: dict[str, str]) -> ssl.SSLContext:
    """What `sslrootcert=system` means, which asyncpg takes for a file's name."""
    for name in ("sslrootcert", "sslmode"):
        del words[name]
    context = ssl.create_default_context()
    if certificate := words.pop("sslcert", None):
        secret = words.pop("sslpassword", "")
        context.load_cert_chain(certificate, words.pop("sslkey", None), lambda: secret)
    return context


def _readable(name: str, path: str) -> None:
    try:
        with open(path, "rb"):  # noqa: PTH123 - looked at, not read
            pass
    except OSError as error:
        raise AddressError(
            f"names a file with {name} that cannot be read ({error.strerror})"
        ) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise AddressError("has a connect_timeout that is not a number of seconds") from None
    return seconds if 0 < seconds < float("inf") else _CONNECT_SECONDS
