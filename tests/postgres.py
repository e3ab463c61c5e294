"""A real PostgreSQL server for the tests: its own directory, a free port, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import asyncpg
import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"),
    *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB", "maintenance_work_mem=256MB"),
)
_SECONDS = 60


def programs() -> Path | None:
    """The directory of the newest server's programs, if there is one."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def require_programs() -> Path:
    """Skip where no server is installed."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    return found


class Server:
    """A running server that trusts everybody on this machine's loopback."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://crossroads@127.0.0.1:{self.port}/{database}"

    async def create(self) -> str:
        """The address of a database that is new and empty."""
        name = f"test_{token_hex(6)}"
        await self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    async def drop(self, url: str) -> None:
        await self.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def execute(self, sql: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@contextmanager
def running() -> Iterator[Server]:
    """A server, from an empty directory to nothing left."""
    binaries, user = require_programs(), owner()
    # pytest's own directories are closed to others, and the server refuses to run as root.
    home = Path(tempfile.mkdtemp(prefix="crossroads-postgres-"))
    try:
        if user:
            shutil.chown(home, user)
        data, port = home / "data", free_port()
        options = (*_FAST, "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}")
        _run(user, binaries / "initdb", "-D", data, "-U", "crossroads", "-A", "trust", "--no-sync")
        control = (binaries / "pg_ctl", "-D", data, "-w", "-t", str(_SECONDS), "-l", home / "log")
        _run(user, *control, "-o", " ".join(f"-c {option}" for option in options), "start")
        try:
            yield Server(port)
        finally:
            _run(user, *control, "-m", "immediate", "stop")  # nothing in it is kept
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(user: str | None, *command: str | Path) -> None:
    # The server inherits what it is given here: a pipe would stay open for as long as it runs.
    null, environment = subprocess.DEVNULL, {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(
        command, check=True, stdout=null, stderr=null, user=user, cwd="/", env=environment
    )


def owner() -> str | None:
    """Whom the server runs as, where these tests run as root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
