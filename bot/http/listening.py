"""Listening sockets on HOST and a port, and which of the two to blame where there are none."""

import asyncio
import errno
import os
import socket
from contextlib import ExitStack

from bot.config.settings import SettingError, Settings

QUEUE = 128
_NO_SUCH_HOST = (
    "no such address was found: 127.0.0.1 is for this machine alone, 0.0.0.0 for whoever reaches it"
)
_NOT_HERE = (
    "this machine does not have that address: 127.0.0.1 is for this machine alone, 0.0.0.0 for"
    " whoever reaches it"
)


async def listen(settings: Settings, port: int, variable: str) -> list[socket.socket]:
    """Sockets that listen on HOST and `port`, one for each address that HOST has.

    SettingError, which names HOST or the port's `variable`, where that cannot be.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(
            settings.host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError):
        raise SettingError("HOST", _NO_SUCH_HOST) from None
    with ExitStack() as opened:
        sockets = []
        for family, kind, _, _, address in dict.fromkeys(found):
            sockets.append(opened.enter_context(socket.socket(family, kind)))
            try:
                _bind(sockets[-1], address)
            except OSError as error:
                raise _blamed(error, variable) from None
        opened.pop_all()
    return sockets


def _bind(listener: socket.socket, address: object) -> None:
    if os.name == "posix":  # elsewhere it would let two processes share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listener.family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)  # type: ignore[arg-type]
    listener.listen(QUEUE)
    listener.setblocking(False)


def _blamed(error: OSError, variable: str) -> SettingError:
    if error.errno == errno.EADDRNOTAVAIL:
        return SettingError("HOST", _NOT_HERE)
    problem = f"cannot listen there ({os.strerror(error.errno or 0)}); set another"
    return SettingError(variable, problem)
