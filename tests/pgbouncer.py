"""A real PgBouncer for the tests, before the tests' own server: a free port, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from tests.postgres import Server, free_port, owner

Mode: TypeAlias = Literal["session", "transaction", "statement"]

_DEBIAN = "/usr/sbin/pgbouncer"  # which is not on everybody's PATH
_SECONDS = 20
# Fewer sessions than clients ask for at once, so that transactions do take turns in them.
_SESSIONS = {"session": 30, "transaction": 3, "statement": 3}
_SETTINGS = """
[databases]
* = user=crossroads host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {sessions}
"""


def require_program() -> str:
    """Skip where no pooler is installed."""
    found = shutil.which("pgbouncer") or shutil.which(_DEBIAN)
    if found is None:
        pytest.skip("no PgBouncer is installed: apt-get install pgbouncer")
    return found


@contextmanager
def running(server: Server, mode: Mode) -> Iterator[Server]:
    """A pooler that takes every database of `server`, by the addresses of the one returned."""
    program, user = require_program(), owner()
    home = Path(tempfile.mkdtemp(prefix="crossroads-pgbouncer-"))
    try:
        pooler, settings = Server(free_port()), home / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(
                server=server.port, port=pooler.port, mode=mode, sessions=_SESSIONS[mode]
            )
        )
        if user:
            shutil.chown(home, user)
            shutil.chown(settings, user)
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, settings], stdout=log, stderr=log, user=user, cwd="/"
            )
        try:
            _listens(process, pooler.port, home / "log")
            yield pooler
        finally:
            process.terminate()  # at once, whoever is still connected
            process.wait(_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionError:
            os.sched_yield()
        else:
            return
    raise AssertionError(f"PgBouncer does not listen: {log.read_text()}")
