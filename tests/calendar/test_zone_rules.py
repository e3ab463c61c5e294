"""The newer of two copies of the zone rules is used, whichever it is, and `doctor` says which."""

import os
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pytest

from bot.calendar.zone_rules import RULES, Rules, machine_version

OFFSET = (
    "from datetime import datetime, UTC; from bot.calendar.zones import describe_offset;"
    "print(describe_offset('Asia/Almaty', datetime(2026, 11, 25, tzinfo=UTC)))"
)


def machine(root: Path, version: str, almaty: str) -> Path:
    """A machine's zones: Almaty has the rules of another place, by which it is known again."""
    (root / "Asia").mkdir(parents=True)
    copied = files("tzdata.zoneinfo").joinpath(almaty).read_bytes()
    (root / "Asia" / "Almaty").write_bytes(copied)
    if version:
        (root / "tzdata.zi").write_text(f"# version {version}\n# This zic input file …\n", "utf-8")
    return root


def almaty_with(zones: Path) -> str:
    environ = {**os.environ, "PYTHONTZPATH": str(zones)}
    told = subprocess.run(
        [sys.executable, "-c", OFFSET], env=environ, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


@pytest.mark.parametrize("named", ["2024a", RULES.packaged, "", "newest"])
def test_a_machine_s_older_or_unnamed_rules_are_passed_over(named: str, tmp_path: Path) -> None:
    assert almaty_with(machine(tmp_path, named, "Asia/Omsk")) == "UTC+5"


def test_a_machine_s_newer_rules_are_used(tmp_path: Path) -> None:
    assert almaty_with(machine(tmp_path, "2999a", "Asia/Tokyo")) == "UTC+9"


def test_without_rules_on_the_machine_the_package_s_are_used(tmp_path: Path) -> None:
    assert almaty_with(tmp_path / "nothing") == "UTC+5"


def test_a_machine_says_its_version_in_one_of_two_files(tmp_path: Path) -> None:
    zones = machine(tmp_path / "zones", "2025b", "Asia/Omsk")
    assert machine_version(("/no/such/place", str(zones))) == "2025b"
    (zones / "+VERSION").write_text("2026a\n", "utf-8")
    assert machine_version((str(zones),)) == "2026a"
    assert machine_version(()) == machine_version(("/no/such/place",)) == ""


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        ("", "2026f of the tzdata package"),
        ("2026f", "2026f of the tzdata package"),
        ("2025b", "2026f of the tzdata package, newer than this machine’s 2025b"),
        ("2027a", "2027a of this machine, newer than 2026f of the tzdata package"),
    ],
)
def test_which_rules_are_used_is_said(machine: str, said: str) -> None:
    assert str(Rules("2026f", machine)) == said


def test_the_package_says_its_version() -> None:
    year, month = version("tzdata").split(".")[:2]
    assert RULES.packaged == f"{year}{'abcdefghijkl'[int(month) - 1]}"
