"""Every query word that an address comes with is understood, or named in a sentence."""

import ssl
from pathlib import Path

import pytest

from bot.store.drivers.postgres_address import AddressError, read

BASE = "postgresql://u:hunter2@db.example:5432/c"
# The query parameters of libpq, by what becomes of each.
HEEDED = {
    "application_name": "mine", "connect_timeout": "7", "options": "-c geqo=off",
    "channel_binding": "prefer", "target_session_attrs": "read-write", "sslmode": "require",
    "sslnegotiation": "postgres", "ssl_min_protocol_version": "TLSv1.2", "passfile": "/dev/null",
    "ssl_max_protocol_version": "TLSv1.3", "fallback_application_name": "ours", "dbname": "c",
    "user": "u", "password": "p", "host": "h", "port": "1", "krbsrvname": "k", "gsslib": "gssapi",
    "service": "s", "sslpassword": "p", "requiressl": "1", "sslcert": "/dev/null",
    "sslkey": "/dev/null", "sslrootcert": "/dev/null", "sslcrl": "/dev/null",
}  # fmt: skip
HARMLESS = {
    "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10",
    "keepalives_count": "3", "tcp_user_timeout": "1000", "sslcompression": "0", "sslsni": "1",
    "gssencmode": "prefer", "gssdelegation": "0", "client_encoding": "utf8",
    "load_balance_hosts": "random", "sslcertmode": "allow", "min_protocol_version": "3.0",
    "max_protocol_version": "latest", "sslkeylogfile": "/tmp/keys",
}  # fmt: skip
REFUSED = {
    "hostaddr": "10.0.0.1", "replication": "database", "requirepeer": "postgres",
    "require_auth": "scram-sha-256", "sslcrldir": "/crl", "servicefile": "/f", "oauth_issuer": "i",
    "oauth_client_id": "i", "oauth_client_secret": "hunter2", "oauth_scope": "s",
    "scram_client_key": "hunter2", "scram_server_key": "hunter2", "gssencmode": "require",
    "sslcertmode": "require", "search_path": "x", "schema": "x", "anything": "else",
}  # fmt: skip


@pytest.mark.parametrize("word", sorted(HEEDED))
def test_what_libpq_knows_is_heeded(word: str) -> None:
    assert read(f"{BASE}?{word}={HEEDED[word]}").url.startswith(BASE)


def test_what_only_tunes_a_connection_is_left_out() -> None:
    query = "&".join(f"{word}={value}" for word, value in HARMLESS.items())
    address = read(f"{BASE}?{query}")
    assert address.url == BASE
    assert address.startup == {"application_name": "crossroads"}


@pytest.mark.parametrize("word", sorted(REFUSED))
def test_what_cannot_be_done_is_named(word: str) -> None:
    with pytest.raises(AddressError, match=f"{word}=") as refused:
        read(f"{BASE}?sslmode=require&{word}={REFUSED[word]}")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("query", "passed"),
    [
        ("sslmode=no-verify", "sslmode=require"),
        ("ssl=true", "sslmode=require"),
        ("ssl=true&sslmode=disable", "sslmode=disable"),
        ("ssl=0", "sslmode=prefer"),
        ("SSLMODE=require&", "sslmode=require"),
        ("sslrootcert=", ""),
        ("target_session_attrs=read-write", ""),  # with one host there is nothing to choose
        ("host=%2Frun%2Fpostgresql", "host=%2Frun%2Fpostgresql"),
        ("pool_mode=transaction&connection_limit=1&supa=base-pooler.x", ""),
    ],
)
def test_other_libraries_words_are_understood(query: str, passed: str) -> None:
    address = read(f"{BASE}?{query}")
    assert (address.url, address.tls) == (f"{BASE}?{passed}" if passed else BASE, None)


def test_several_servers_are_chosen_from_by_what_they_take() -> None:
    url = "postgresql://u@one,two/c?target_session_attrs=read-write"
    assert read(url).url == url
    with pytest.raises(AddressError, match="take no writes"):
        read(url.replace("read-write", "standby"))


@pytest.mark.parametrize(
    "query", ["pgbouncer=true", "statement_cache_size=0", "prepareThreshold=0", "pgbouncer=1"]
)
def test_an_address_can_say_that_a_pooler_is_there(query: str) -> None:
    assert read(f"{BASE}?{query}").pooled
    assert not read(f"{BASE}?pgbouncer=false").pooled


def test_what_is_sent_at_connecting_is_what_every_pooler_takes() -> None:
    assert read(BASE).startup == {"application_name": "crossroads"}
    named = read(f"{BASE}?application_name=mine&options=-c%20geqo%3Doff")
    assert named.startup == {"application_name": "mine", "options": "-c geqo=off"}
    assert read(f"{BASE}?fallback_application_name=ours").startup == {"application_name": "ours"}


def test_a_channel_that_cannot_be_bound_is_verified_instead() -> None:
    address = read(f"{BASE}?sslmode=require&channel_binding=require")
    assert address.tls
    assert (address.tls.check_hostname, address.tls.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert address.url == BASE
    system = read(f"{BASE}?sslrootcert=system").tls
    assert system
    assert system.check_hostname


def test_a_files_name_is_looked_at(tmp_path: Path) -> None:
    there = tmp_path / "root.crt"
    there.touch()
    query = f"sslmode=verify-full&sslrootcert={there}&channel_binding=require"
    assert read(f"{BASE}?{query}").tls is None  # asyncpg loads it
    there.unlink()
    with pytest.raises(AddressError, match=r"sslrootcert .*cannot be read \(No such file"):
        read(f"{BASE}?{query}")


@pytest.mark.parametrize(
    ("query", "seconds"), [("", 5), ("connect_timeout=9", 9), ("connect_timeout=0", 5)]
)
def test_how_long_to_wait_for_a_connection(query: str, seconds: float) -> None:
    assert read(f"{BASE}?{query}").connect_seconds == seconds


@pytest.mark.parametrize(
    "query", ["connect_timeout=soon", "sslmode=on", "channel_binding=yes", "ssl=perhaps"]
)
def test_a_value_that_cannot_be_meant_is_named(query: str) -> None:
    with pytest.raises(AddressError, match=query.partition("=")[0]):
        read(f"{BASE}?{query}")
