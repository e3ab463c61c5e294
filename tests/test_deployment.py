"""The files that deploy and watch the bot name settings, commands and metrics that there are."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from bot.__main__ import _parser
from tests.configured import FIELDS

ROOT = Path(__file__).parent.parent
SETTINGS = {name.upper() for name in FIELDS}
COMMANDS = {"run", "migrate"}


def test_the_dockerfile_and_compose_set_only_what_exists() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    (assigned,) = re.findall(r"^ENV (PATH=.*(?:\\\n.*)*)", dockerfile, re.MULTILINE)
    named = set(re.findall(r"([A-Z_]+)=", assigned))
    assert named - {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"} <= SETTINGS
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    for name in ("migrate", "crossroads"):
        service = compose["services"][name]
        assert set(service["environment"]) <= SETTINGS
        assert set(service["command"]) <= COMMANDS
        assert service["read_only"] is True
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert {"mem_limit", "pids_limit"} <= service.keys(), name


def test_the_image_holds_all_that_is_imported(tmp_path: Path) -> None:
    """What .dockerignore lets in is enough to run from."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for name in (line[1:] for line in lines if line.startswith("!")):
        (tmp_path / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "bot", "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path.name) in done.stdout


def test_the_procfile_knows_how_to_release_serve_and_work() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    kinds = dict(line.split(": ", 1) for line in lines)
    assert list(kinds) == ["release", "web", "worker"]
    for line in kinds.values():
        assert (re.findall(r"python -m bot (\w+)", line) or [""])[0] in COMMANDS
    assert "HOST=0.0.0.0" in kinds["web"]  # PORT comes from the host


def test_the_unit_runs_the_bot_and_knows_its_exit_statuses() -> None:
    unit = (ROOT / "docs" / "crossroads.service").read_text("utf-8")
    assert "ExecStart=/opt/crossroads/.venv/bin/python -m bot run\n" in unit
    assert "RestartPreventExitStatus=2\n" in unit
    for name in ("ProtectProc", "ProtectControlGroups", "RestrictSUIDSGID", "RestrictRealtime"):
        assert re.search(rf"^{name}=", unit, re.MULTILINE), name
    for name in ("KernelTunables", "KernelModules", "KernelLogs"):
        assert f"Protect{name}=yes\n" in unit
    assert re.search(r"^MemoryMax=\d+M$", unit, re.MULTILINE)
    assert int(re.findall(r"^LimitNOFILE=(\d+)$", unit, re.MULTILINE)[0]) >= 4096
    for name in re.findall(r"\b([A-Z]+_[A-Z_]+)=", unit):
        assert name in SETTINGS


def test_the_dashboard_asks_for_metrics_that_are_exported() -> None:
    import bot.telemetry.metrics  # noqa: F401 - it registers them

    exported = set(re.findall(r"^# TYPE (\S+)", generate_latest().decode(), re.MULTILINE))
    board = json.loads((ROOT / "docs" / "grafana-dashboard.json").read_text("utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked = {
        name for query in queries for name in re.findall(r"\b(?:crossroads|process)_\w+", query)
    }
    assert len(queries) > 10
    for name in asked:
        assert name in exported or re.sub(r"_(bucket|count|sum)$", "", name) in exported, name
    ours = {name for name in exported if name.startswith("crossroads_") and "_created" not in name}
    bases = {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked}
    assert ours <= bases, "a metric that nobody looks at"


@pytest.mark.parametrize("name", ["operations", "security", "data-export"])
def test_settings_and_commands_in_the_documentation_exist(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    known = _commands()
    for command in re.findall(r"python -m bot (\w+)", text):
        assert command in known, command
    for variable in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", text):
        assert variable in SETTINGS | {"POSTGRES_PASSWORD"}, variable


def _commands() -> set[str]:
    choices: set[str] = set()
    for action in _parser()._actions:
        choices |= set(action.choices or ())
    return choices
