"""The log tells what happened and how it hangs together, and gives nothing away."""

import asyncio
import json
import logging
from contextlib import suppress

import pytest
from pydantic import BaseModel

from bot.config.settings import SettingError
from bot.telemetry import logs
from tests.configured import configured, log_as
from tests.secrets import Secrets

log = logging.getLogger("bot.test")
scrub = logs.scrubber(configured().secret_patterns)


pytestmark = pytest.mark.usefixtures("logging_as_it_was")


def json_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_for_machines_holds_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("INFO", "json")
    log.info("interaction", extra={"platform": "slack", "ms": 1.5})
    (line,) = json_lines(capsys)
    assert line["event"] == "interaction"
    assert (line["level"], line["logger"]) == ("info", "bot.test")
    assert (line["platform"], line["ms"]) == ("slack", 1.5)
    assert str(line["timestamp"]).endswith("Z")


def test_a_line_for_people_reads_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("INFO", "text")
    log.warning("socket %d was away", 2, extra={"platform": "slack"})
    (line,) = capsys.readouterr().err.splitlines()
    assert "warning" in line
    assert "socket 2 was away" in line
    assert "platform=slack" in line
    assert "\x1b" not in line  # no colours where nobody sees them


async def test_one_request_id_goes_from_the_event_to_what_it_set_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("INFO", "json")

    async def later() -> None:
        log.info("shown")

    async def delivery() -> str:
        begun = logs.begin_request()
        with logs.request() as inside:
            log.info("answered")
        await asyncio.create_task(later())
        assert inside == begun
        return begun

    first = await asyncio.create_task(delivery())
    second = await asyncio.create_task(delivery())
    assert first != second
    assert [line["request"] for line in json_lines(capsys)] == [first, first, second, second]


def test_a_request_that_nobody_began_ends_with_its_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("INFO", "json")
    with logs.request() as one:
        log.info("answered")
    log.info("afterwards")
    inside, outside = json_lines(capsys)
    assert inside["request"] == one
    assert "request" not in outside


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234567890-abcdefghij",
        "xoxe.xoxb-1-MS0yLTM0NTY3",
        "xapp-1-A0123-4567-deadbeef",
        "13345224609.738474920.8088930838d88f008e0",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz1234",
    ],
)
def test_what_looks_like_a_secret_is_struck_out(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_as("INFO", "json")
    log.warning("refused: %s", {"token": secret}, extra={"also": secret})
    assert secret not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("POST https://hooks.slack.com/commands/T1/42/Kq3Wn", "T1/42/Kq3Wn"),
        ("wss://wss-primary.slack.com/link/?ticket=d4-1f&app_id=a", "d4-1f"),
        ("PATCH https://discord.com/api/v10/webhooks/123/aW50ZX.Jh-c3/messages", "aW50ZX.Jh-c3"),
        ("POST https://discord.com/api/v10/interactions/9/aW50ZX/callback", "aW50ZX"),
        ("postgresql://crossroads:hunter22@db.example:5432/crossroads", "hunter22"),
    ],
)
def test_an_address_loses_what_is_secret_in_it(line: str, secret: str) -> None:
    assert secret in line
    assert secret not in scrub(line)


@pytest.mark.parametrize(
    "line",
    ["interaction 1234567890123456789 came too late", "2026-11-23T08:00:00.123456Z", "3.14.5"],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert scrub(line) == line


class Answer(BaseModel):
    lean: int


def test_a_traceback_names_the_place_and_does_not_quote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("INFO", "text")
    typed = {"lean": "my deepest doubts"}
    try:
        Answer.model_validate(typed)
    except ValueError:
        log.exception("request 1f failed")
    said = capsys.readouterr().err
    assert "test_logs.py" in said
    assert "ValidationError" in said
    assert "my deepest doubts" not in said


def test_a_traceback_tells_what_we_say_ourselves_and_what_led_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("INFO", "text")
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as cause:
            raise SettingError("DATABASE_URL", "cannot be used") from cause
    except SettingError:
        log.exception("it ended")
    said = capsys.readouterr().err
    assert said.index("No space left on device") < said.index("which led to")
    assert "SettingError: DATABASE_URL: cannot be used" in said


@pytest.mark.parametrize("name", ["aiosqlite", "discord.http", "slack_sdk.web", "slack_bolt.app"])
def test_libraries_do_not_write_payloads_even_when_we_debug(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_as("DEBUG", "json")
    logging.getLogger(name).debug("payload: %s", {"text": "hello"})
    log.debug("ours")
    assert [line["event"] for line in json_lines(capsys)] == ["ours"]


def test_planted_secrets_are_found_in_any_dress() -> None:
    secrets = Secrets({"token": "s3cr3t/value", "answer": "grünlich"})
    assert secrets.found_in("nothing to see") == []
    assert secrets.found_in("it is s3cr3t/value") == ["token"]
    assert secrets.found_in("?q=s3cr3t%2Fvalue") == ["token"]
    assert secrets.found_in('{"a": "gr\\u00fcnlich"}') == ["answer"]
    with pytest.raises(AssertionError, match="empty"):
        secrets.assert_absent(" \n")


def _tell_while_it_starts(end: Exception | None, warning: str | None = None) -> None:
    with logs.held_back(SettingError) as runs:
        log.info("connected")
        if warning:
            log.warning(warning)
        if end:
            raise end
        runs()
        log.info("at work")


@pytest.mark.parametrize(
    ("end", "warning", "told"),
    [
        (None, None, ["connected", "at work"]),
        (SettingError("PORT", "taken"), None, []),
        (LookupError(), None, ["connected"]),
        (SettingError("PORT", "taken"), "out of reach", ["connected", "out of reach"]),
    ],
)
def test_what_a_start_says_gives_way_to_the_one_line_that_matters(
    capsys: pytest.CaptureFixture[str],
    end: Exception | None,
    warning: str | None,
    told: list[str],
) -> None:
    log_as("INFO", "json")
    with suppress(SettingError, LookupError):
        _tell_while_it_starts(end, warning)
    assert [line["event"] for line in json_lines(capsys)] == told
