"""What PostgreSQL, or a pooler before it, means by refusing: a sentence each, and what to do."""

import re
import socket
import ssl
from typing import TypeAlias

import asyncpg

from bot.store.database import RefusedError, UnavailableError
from bot.store.drivers.postgres_address import AddressError

PASSING = (
    OSError,  # and with it TimeoutError
    asyncpg.InterfaceError,  # the connection or the pool is closed
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # a lock was not to be had in time
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # what was the primary before a failover
    asyncpg.PostgresSystemError,
)
_SHAPE = (
    "is not an address that PostgreSQL understands: postgresql://USER:PASSWORD@HOST:PORT/NAME,"
    " with %23 for a # in the password, %40 for an @ and so on"
)
_OPTION = (
    "a pooler such as PgBouncer answers there, and refuses {0}: take it out of the address, or let"
    " the pooler pass it over with ignore_startup_parameters"
)
_STATEMENT_MODE = (
    "the pooler there is in statement mode, which knows no transactions: give this database"
    " pool_mode = transaction or session"
)
_UNVERIFIED = (
    "the server's certificate cannot be verified ({reason}): name its authority's certificate with"
    " sslrootcert=FILE, or do without (sslmode=require, and no channel_binding)"
)
_NO_ROOT = (
    "asks with sslmode for a certificate that is verified, and does not say by what: add"
    " sslrootcert=FILE, or sslrootcert=system for those that this machine trusts"
)
_NO_TLS = (
    "the server speaks no TLS, and the address asks for it: let the server speak it, or take"
    " sslmode and channel_binding out if the way there is safe"
)
_NO_DATABASE = "the server has no database of that name: create it first"
_BAD_LOGIN = "the server refuses this user name, password or kind of connection"
_MAY_NOT_CONNECT = (
    "this user may not connect to that database: GRANT CONNECT ON DATABASE … TO that user"
)
_Pooler = asyncpg.ProtocolViolationError  # all that PgBouncer refuses has this one code
_Kinds: TypeAlias = type[Exception] | tuple[type[Exception], ...]
# What only a person can mend, by kind and by what is said; the first that fits.
_LASTING: tuple[tuple[_Kinds, str, str], ...] = (
    (asyncpg.InvalidAuthorizationSpecificationError, "", _BAD_LOGIN),
    (asyncpg.InvalidCatalogNameError, "", _NO_DATABASE),
    (asyncpg.InsufficientPrivilegeError, "", _MAY_NOT_CONNECT),
    (_Pooler, r"unsupported startup parameter.*: *(\w+)", _OPTION),
    (asyncpg.PostgresConnectionError, "statement pooling mode", _STATEMENT_MODE),
    (_Pooler, "no such database", "the pooler there has no database of that name"),
    (_Pooler, "SSL required|TLS required", "the pooler wants TLS: add sslmode=require"),
    (_Pooler, "no such user|auth|password|not allowed|login rejected", _BAD_LOGIN),
    (asyncpg.ClientConfigurationError, "root certificate file", _NO_ROOT),
    (AddressError, "(.*)", "{0}"),
    ((asyncpg.ClientConfigurationError, UnicodeError), "", _SHAPE),
    (ssl.SSLCertVerificationError, "", _UNVERIFIED),
    (ConnectionError, "rejected SSL upgrade", _NO_TLS),  # asyncpg has no kind of its own for this
)
_SENTENCES: tuple[tuple[_Kinds, str], ...] = (
    (asyncpg.TooManyConnectionsError, "the server has no connection left for us"),
    (asyncpg.CannotConnectNowError, "the server is starting or stopping: try again in a moment"),
    (_Pooler, "the pooler there has no connection to give ({text})"),
    (asyncpg.TargetServerAttributeNotMatched, "none of those servers takes writes just now"),
    (ssl.SSLError, "TLS with the server does not come about ({reason})"),
    (
        socket.gaierror,
        "cannot reach the server: no host of that name is known, check it in DATABASE_URL",
    ),
    (
        OSError,
        "cannot reach the server: check the host and the port in DATABASE_URL, and that it runs",
    ),
    (ValueError, _SHAPE),
)


class OpenError(Exception):
    """The server cannot be used; the message holds no secret. `passing`: waiting may mend it."""

    def __init__(self, problem: str, *, passing: bool) -> None:
        super().__init__(problem)
        self.passing = passing


def at_the_door(error: Exception) -> OpenError:
    """Why there is no connection."""
    text = str(error)
    reason = getattr(error, "verify_message", "") or getattr(error, "reason", "")
    for kinds, pattern, sentence in _LASTING:
        if isinstance(error, kinds) and (found := re.search(pattern, text)):
            return OpenError(sentence.format(*found.groups(), reason=reason), passing=False)
    passing = isinstance(error, PASSING) and not isinstance(error, ValueError)
    for kinds, sentence in _SENTENCES:
        if isinstance(error, kinds):
            return OpenError(sentence.format(text=text, reason=reason), passing=passing)
    return OpenError(f"the server cannot be used ({type(error).__name__}: {text})", passing=passing)


def within(error: Exception) -> Exception:
    """Why a transaction came to nothing: UnavailableError, or RefusedError."""
    text = str(error) or type(error).__name__
    if isinstance(error, TimeoutError):
        return UnavailableError("the server does not answer")
    if isinstance(error, asyncpg.PostgresConnectionError) and "statement pooling" in text:
        return RefusedError(str(at_the_door(error)))
    if isinstance(error, PASSING):
        return UnavailableError(text)
    if isinstance(error, asyncpg.InvalidSchemaNameError) or "for schema" in text:
        return RefusedError(
            f"this user may not create tables there ({text}), as is usual since PostgreSQL 15: as"
            " the database's owner, run GRANT USAGE, CREATE ON SCHEMA public TO that user"
        )
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return RefusedError(
            f"this user may not use the tables that are there ({text}): make the user their owner"
            " (REASSIGN OWNED), or run GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA"
            " public TO that user"
        )
    return RefusedError(f"the server refuses a statement ({type(error).__name__}: {text})")
