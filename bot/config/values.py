"""Validators of settings: what a value must look like, and what is read as the same."""

from typing import Annotated, TypeAlias

from pydantic import Field, SecretStr

Port: TypeAlias = Annotated[int, Field(ge=0, le=65535)]


class NamedError(ValueError):
    """A refusal that names its variable: pydantic has none where it checks a model as a whole."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(problem)
        self.variable, self.problem = variable, problem


def database_url(url: SecretStr) -> SecretStr:
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


def host_name(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if "/" in host:
        raise ValueError("must be an address or a name, without http:// before it")
    if host.count(":") == 1:
        raise ValueError("must be an address or a name, without a port: PORT sets that")
    return host


def http_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url.rstrip("/")


def websocket_url(url: str) -> str:
    if not url.startswith(("ws://", "wss://")):
        raise ValueError("must begin with ws:// or wss://")
    return url


def words(value: object) -> object:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


_BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"
_QUOTES = ('""', "''", "“”", "‘’")


def _trimmed(value: str) -> str:
    """Without the blanks, the line break and the quotes that shells and tools leave around it."""
    value = value.strip(_BLANKS)
    while len(value) > 1 and value[0] + value[-1] in _QUOTES:
        value = value[1:-1].strip(_BLANKS)
    return value


def meant(name: str, value: object, *, token: bool, secret: bool) -> object:
    """The value, trimmed; "" where it is as good as unset, which a secret of blanks is not."""
    if not isinstance(value, str):
        return value
    trimmed = _trimmed(value)
    if secret and value and not value.strip(_BLANKS):
        raise NamedError(name.upper(), "holds nothing but blanks: set it, or leave it out")
    if token and not (trimmed.isascii() and trimmed.isprintable() and " " not in trimmed):
        problem = "holds a blank, a line break or a letter that it cannot have: copy it again"
        raise NamedError(name.upper(), problem)
    return trimmed
