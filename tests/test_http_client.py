"""The proxy of a company network: one rule, whichever library makes the call."""

import pytest

from adapters.shared.http_client import proxy_for

SLACK, SOCKET = "https://slack.com/api/", "wss://wss-primary.slack.com/link/?ticket=1"
PROXY, PLAIN = "http://user:word@proxy.corp:3128", "http://plain.corp:8080"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "WSS_PROXY")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_sockets_go_where_calls_go(environment: pytest.MonkeyPatch, name: str) -> None:
    assert proxy_for(SLACK) is None
    environment.setenv(name, PROXY)
    assert [proxy_for(url) for url in (SLACK, SOCKET)] == [PROXY, PROXY]
    assert proxy_for("http://slack.com/api/") is None


def test_what_is_plain_has_a_proxy_of_its_own(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", PROXY)
    environment.setenv("HTTP_PROXY", PLAIN)
    assert proxy_for("http://127.0.0.1:8080/api/") == proxy_for("ws://127.0.0.1:81/") == PLAIN


@pytest.mark.parametrize(
    ("exempt", "passed"),
    [
        ("slack.com", {SLACK, SOCKET}),
        (".slack.com", {SLACK, SOCKET}),
        ("wss-primary.slack.com", {SOCKET}),
        ("example.org, slack.com:443", {SLACK, SOCKET}),
        ("slack.com:8443", set()),
        ("lack.com", set()),
        ("*", {SLACK, SOCKET}),
        ("", set()),
    ],
)
def test_no_proxy_is_obeyed(environment: pytest.MonkeyPatch, exempt: str, passed: set[str]) -> None:
    environment.setenv("HTTPS_PROXY", PROXY)
    environment.setenv("NO_PROXY", exempt)
    assert {url for url in (SLACK, SOCKET) if proxy_for(url) is None} == passed


def test_a_proxy_without_a_scheme_is_an_http_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", "proxy.corp:3128\n")
    assert proxy_for(SLACK) == "http://proxy.corp:3128"
