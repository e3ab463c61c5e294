"""Settings: what is understood, what is refused, and that a refusal never quotes a value."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr

from adapters.discord import settings as discord
from adapters.slack import settings as slack
from bot.config.settings import Configuration, SettingError
from bot.platforms import load
from tests.configured import FIELDS, configured

SLACK = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_APP_TOKEN": "xapp-secret"}
KEYS = {"ENCRYPTION_KEYS": "key-one,key-two"}
CLIENT = {"SLACK_CLIENT_ID": "12.34", "SLACK_CLIENT_SECRET": "client-secret"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in FIELDS:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def loaded(environment: pytest.MonkeyPatch, values: Mapping[str, str]) -> Configuration:
    for name, value in values.items():
        environment.setenv(name, value)
    return load()


def test_with_nothing_set_it_is_the_playground_on_a_file() -> None:
    given = load()
    settings = given.shared
    assert given.platforms() == ("playground",)
    assert settings.sqlite_path == Path("crossroads.db")
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


def slack_of(given: Configuration) -> slack.Settings:
    return cast("slack.Settings", given.own["slack"])


def discord_of(given: Configuration) -> discord.Settings:
    return cast("discord.Settings", given.own["discord"])


@pytest.mark.parametrize(
    ("values", "platforms"),
    [
        ({"DISCORD_TOKEN": "t"}, ("discord",)),
        (SLACK, ("slack",)),
        ({"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s"}, ("slack",)),
        ({**CLIENT, **KEYS, "SLACK_SIGNING_SECRET": "s"}, ("slack",)),
        ({**SLACK, "DISCORD_TOKEN": "t"}, ("slack", "discord")),
    ],
)
def test_tokens_turn_platforms_on(
    environment: pytest.MonkeyPatch, values: dict[str, str], platforms: tuple[str, ...]
) -> None:
    assert loaded(environment, values).platforms() == platforms


def test_a_file_is_read_and_the_environment_goes_before_it(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\nDISCORD_TOKEN=\n")
    given = loaded(environment, {"PORT": "9001"})
    assert (given.shared.port, given.shared.host) == (9001, "0.0.0.0")
    assert not given.own["discord"].on


@pytest.mark.parametrize("around", ["{}\n", "  {}\t", '"{}"', "'{}'\r\n", "\ufeff{}", "“{}”"])
def test_what_shells_and_tools_leave_around_a_value_does_not_count(
    environment: pytest.MonkeyPatch, around: str
) -> None:
    values = {**SLACK, **KEYS, "SLACK_SIGNING_SECRET": "sign", "DISCORD_TOKEN": "dis.cord"}
    more = {"DATABASE_URL": "sqlite:///a b.db", "PORT": "9000", "LOG_FORMAT": "json"}
    expected = values | more
    given = loaded(environment, {name: around.format(value) for name, value in expected.items()})
    ours, settings = slack_of(given), given.shared
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert getattr(ours, name.lower()).get_secret_value() == expected[name]
    assert discord_of(given).discord_token == SecretStr(expected["DISCORD_TOKEN"])
    assert [key.get_secret_value() for key in ours.encryption_keys] == ["key-one", "key-two"]
    assert settings.sqlite_path == Path("a b.db")
    assert (settings.port, settings.log_format) == (9000, "json")


def test_a_value_with_nothing_in_it_is_as_good_as_unset(environment: pytest.MonkeyPatch) -> None:
    blank = {"HOST": "  ", "PORT": '""', "DISCORD_TOKEN": "''", "SLACK_API_URL": " "}
    assert loaded(environment, blank) == configured()


@pytest.mark.parametrize(("given", "host"), [("[::1]", "::1"), ("::", "::"), ("localhost",) * 2])
def test_hosts_that_are_understood(environment: pytest.MonkeyPatch, given: str, host: str) -> None:
    assert loaded(environment, {"HOST": given}).shared.host == host


ENV = "# Grüße\nPORT=9000\nDISCORD_TOKEN=t\n"


@pytest.mark.parametrize(
    "raw",
    [
        ENV.encode(),
        ENV.encode("utf-8-sig"),
        ENV.encode("utf-16"),
        ENV.encode("utf-16-le"),
        b"\xfe\xff" + ENV.encode("utf-16-be"),
        ENV.encode("utf-16-be"),
        ENV.encode("utf-32"),
        ENV.encode("latin-1"),
        ENV.replace("\n", "\r\n").encode("cp1252"),
    ],
)
def test_a_file_is_read_in_whatever_encoding_it_was_saved(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / ".env").write_bytes(raw)
    given = load()
    assert given.shared.port == 9000
    assert discord_of(given).discord_token == SecretStr("t")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("PORT=9000\nHOST=Gr\u00fc\u00dfe\n".encode("latin-1"), "line 2 is not in UTF-8"),
        (b"PORT=9000\nDISCORD_TOKEN='s3cr3t-value\n", "line 2 cannot be read"),
        (b"\xff\xfeP\0O\0R\0T\0=\0\0\xd8", "has broken characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    tmp_path: Path, raw: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".env").write_bytes(raw)
    with pytest.raises(SettingError, match=rf"^\.env: {why}") as refused:
        load()
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)
    assert caplog.records == []


def test_a_file_that_nobody_lets_us_read_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").touch()

    def forbidden(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    with pytest.raises(SettingError, match=r"^\.env: cannot be read \(Permission denied\)"):
        load()


def test_the_example_can_be_copied_as_it_is(tmp_path: Path) -> None:
    example = Path(__file__).parents[1] / ".env.example"
    (tmp_path / ".env").write_text(example.read_text("utf-8"))
    assert load() == configured()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///crossroads.db", Path("crossroads.db")),
        ("sqlite:////var/lib/crossroads/c.db", Path("/var/lib/crossroads/c.db")),
        ("postgres://u:p@db/c", None),
        ("postgresql://u:p@db/c", None),
    ],
)
def test_databases_that_are_understood(
    environment: pytest.MonkeyPatch, url: str, path: Path | None
) -> None:
    assert loaded(environment, {"DATABASE_URL": url}).shared.sqlite_path == path


def test_lists_are_written_with_commas(environment: pytest.MonkeyPatch) -> None:
    given = loaded(
        environment,
        {"DISCORD_SHARD_COUNT": "3", "DISCORD_SHARD_IDS": "0, 2,", "ENCRYPTION_KEYS": "a,b"},
    )
    assert discord_of(given).discord_shard_ids == (0, 2)
    assert [key.get_secret_value() for key in slack_of(given).encryption_keys] == ["a", "b"]


def test_the_level_of_the_log_is_read_in_any_case(environment: pytest.MonkeyPatch) -> None:
    assert loaded(environment, {"LOG_LEVEL": "debug"}).shared.log_level == "DEBUG"


SECRET = "s3cr3t-value"


@pytest.mark.parametrize(
    ("values", "variable"),
    [
        ({"DATABASE_URL": SECRET}, "DATABASE_URL"),
        ({"DATABASE_URL": f"mysql://u:{SECRET}@db/c"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://relative.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL"),
        ({"PORT": SECRET}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"PLAYGROUND_PORT": "-1"}, "PLAYGROUND_PORT"),
        ({"DISCORD_API_URL": f"ftp://{SECRET}"}, "DISCORD_API_URL"),
        ({"DISCORD_GATEWAY_URL": f"http://{SECRET}"}, "DISCORD_GATEWAY_URL"),
        ({"DISCORD_SHARD_IDS": f"0,{SECRET}"}, "DISCORD_SHARD_IDS"),
        ({"DISCORD_SHARD_COUNT": "0"}, "DISCORD_SHARD_COUNT"),
        ({"DISCORD_SHARD_IDS": "0,1"}, "DISCORD_SHARD_COUNT"),
        ({"DISCORD_SHARD_COUNT": "2", "DISCORD_SHARD_IDS": "0,2"}, "DISCORD_SHARD_IDS"),
        ({"SLACK_API_URL": f"https://{SECRET}/"}, "SLACK_API_URL"),
        ({"SLACK_APP_TOKEN": SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": SECRET}, "SLACK_APP_TOKEN"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_CLIENT_ID": SECRET}, "SLACK_CLIENT_SECRET"),
        ({"SLACK_CLIENT_SECRET": SECRET}, "SLACK_CLIENT_ID"),
        (CLIENT, "SLACK_SIGNING_SECRET"),
        ({**CLIENT, "SLACK_SIGNING_SECRET": SECRET}, "ENCRYPTION_KEYS"),
        ({**SLACK, **CLIENT, **KEYS, "SLACK_SIGNING_SECRET": SECRET}, "SLACK_APP_TOKEN"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"DATABASE_URL": f"sqlite:///c.db?key={SECRET}"}, "DATABASE_URL"),
        ({"DATABASE_URL": f"sqlite:///~/{SECRET}.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": f"sqlite:///{SECRET}/"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "   "}, "DATABASE_URL"),
        ({"DISCORD_TOKEN": "   "}, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": f"Bot {SECRET}"}, "DISCORD_TOKEN"),
        ({**SLACK, "SLACK_APP_TOKEN": f"{SECRET}\n{SECRET}"}, "SLACK_APP_TOKEN"),
        ({**SLACK, "SLACK_BOT_TOKEN": f"{SECRET}é"}, "SLACK_BOT_TOKEN"),
        ({**SLACK, "SLACK_SIGNING_SECRET": " \n "}, "SLACK_SIGNING_SECRET"),
        ({**CLIENT, **KEYS, "SLACK_CLIENT_SECRET": "\t"}, "SLACK_CLIENT_SECRET"),
        ({"HOST": "http://0.0.0.0"}, "HOST"),
        ({"HOST": "127.0.0.1:8080"}, "HOST"),
        ({"REMINDER_POLL_SECONDS": "0"}, "REMINDER_POLL_SECONDS"),
        ({"REMINDER_POLL_SECONDS": "inf"}, "REMINDER_POLL_SECONDS"),
        ({"REMINDER_POLL_SECONDS": "nan"}, "REMINDER_POLL_SECONDS"),
        ({"REMINDER_POLL_SECONDS": "1e9"}, "REMINDER_POLL_SECONDS"),
        ({"RETENTION_DAYS": "9" * 30}, "RETENTION_DAYS"),
        ({"RETENTION_DAYS": "0"}, "RETENTION_DAYS"),
        ({"MEMBER_EVENTS_A_MINUTE": "-1"}, "MEMBER_EVENTS_A_MINUTE"),
        ({"LOG_LEVEL": SECRET}, "LOG_LEVEL"),
        ({"LOG_FORMAT": SECRET}, "LOG_FORMAT"),
        ({"DYNO": "web.1"}, "DATABASE_URL"),
    ],
)
def test_a_refusal_names_the_variable_and_not_its_value(
    environment: pytest.MonkeyPatch, values: dict[str, str], variable: str
) -> None:
    with pytest.raises(SettingError) as refused:
        loaded(environment, values)
    assert refused.value.variable == variable
    said = str(refused.value)
    assert said.startswith(f"{variable}: ")
    assert SECRET not in said
    assert "\n" not in said
    assert refused.value.__cause__ is None  # nor does a traceback tell


def test_a_dyno_is_told_the_way_out(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="add a PostgreSQL database"):
        loaded(environment, {"DYNO": "web.1"})
    assert loaded(environment, {"DATABASE_URL": "postgres://u:p@db/c"}).shared.dyno == "web.1"


def test_secrets_do_not_show_when_settings_are_printed(environment: pytest.MonkeyPatch) -> None:
    values = {**CLIENT, **KEYS, "SLACK_SIGNING_SECRET": SECRET, "DISCORD_TOKEN": SECRET}
    shown = repr(loaded(environment, {**values, "DATABASE_URL": "postgres://u:pass-word@db/c"}))
    shown += repr(loaded(environment, {"SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": "", **SLACK}))
    for secret in (SECRET, "xoxb-secret", "xapp-secret", "client-secret", "key-one", "pass-word"):
        assert secret not in shown


def test_a_platform_that_is_asked_for_needs_its_token(environment: pytest.MonkeyPatch) -> None:
    given = load()
    assert given.platforms(("playground",)) == ("playground",)
    with pytest.raises(SettingError, match=r"^DISCORD_TOKEN: must be set to run discord"):
        given.platforms(("discord",))
    with pytest.raises(SettingError, match=r"^SLACK_BOT_TOKEN: must be set to run slack"):
        given.platforms(("slack",))
    both = loaded(environment, {**SLACK, "DISCORD_TOKEN": "t"})
    assert both.platforms(("discord",)) == ("discord",)
