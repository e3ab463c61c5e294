"""The request URL refuses what is forged, stale, broken or huge, and nothing comes of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.http import FORM, HttpDelivery, encode, sign
from tests.slack.process import SECRET, Process

pytestmark = pytest.mark.slow

BAD: dict[str, dict[str, str | None]] = {
    "no headers at all": {"X-Slack-Request-Timestamp": None, "X-Slack-Signature": None},
    "no signature": {"X-Slack-Signature": None},
    "an empty signature": {"X-Slack-Signature": ""},
    "another signature": {"X-Slack-Signature": "v0=" + "0" * 64},
    "another version": {"X-Slack-Signature": "v1=" + "0" * 64},
    "a signature beyond ASCII": {"X-Slack-Signature": "v0=é" + "0" * 63},
    "a time that is no number": {"X-Slack-Request-Timestamp": "soon"},
    "a time in other digits": {"X-Slack-Request-Timestamp": "١٧٩٥٠٠٠٠٠٠"},
    "a time without end": {"X-Slack-Request-Timestamp": "9" * 400},
    "a negative time": {"X-Slack-Request-Timestamp": "-1"},
}


def members(directory: Path) -> int:
    with sqlite3.connect(directory / "crossroads.db") as database:
        count: int = database.execute("SELECT COUNT(*) FROM members").fetchone()[0]
    database.close()
    return count


async def test_only_the_genuine_and_fresh_comes_in(
    slack: FakeSlack, http_bot: Process, tmp_path: Path
) -> None:
    delivery = slack.delivery
    assert isinstance(delivery, HttpDelivery)
    _, body = encode("slash_commands", slack.person("alice").command_payload("/quiz"))
    good = delivery.headers(body, FORM)
    for changed in BAD.values():
        headers = {n: v for n, v in {**good, **changed}.items() if v is not None}
        assert (await delivery.post(body, headers))[0] == 401, changed
    for age in (301, -301):
        assert (await delivery.post(body, delivery.headers(body, FORM, age)))[0] == 401, age
    assert (await delivery.post(body + b"&text=pay", good))[0] == 401
    assert members(tmp_path) == 0
    assert (await delivery.post(body, good))[0] == 200
    assert members(tmp_path) == 1


async def test_what_is_huge_or_broken_is_refused(
    slack: FakeSlack, http_bot: Process, tmp_path: Path
) -> None:
    delivery = slack.delivery
    assert isinstance(delivery, HttpDelivery)
    huge = b"payload=" + b"x" * 600_000
    assert (await delivery.post(huge, delivery.headers(huge, FORM)))[0] == 413
    for content_type, broken in {
        "application/json": b'{"type": "event_callback", "event": ',
        FORM: b"payload=%7Bnot json",
        "text/plain": b"\xff\xfe",
    }.items():
        status, _ = await delivery.post(broken, delivery.headers(broken, content_type))
        assert status in {400, 404}, content_type
    assert members(tmp_path) == 0
    await slack.person("alice").command("/quiz")


async def test_the_challenge_of_a_new_request_url_is_answered(
    slack: FakeSlack, http_bot: Process
) -> None:
    delivery = slack.delivery
    assert isinstance(delivery, HttpDelivery)
    body = b'{"type": "url_verification", "challenge": "abc", "token": "x"}'
    headers = delivery.headers(body, "application/json")
    status, text = await delivery.post(body, headers)
    assert (status, "abc" in text) == (200, True)
    assert headers["X-Slack-Signature"] == sign(SECRET, headers["X-Slack-Request-Timestamp"], body)
