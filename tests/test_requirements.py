"""What is pinned is all that is needed, wherever the bot runs, and is installed in one way only."""

import functools
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
VERSIONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
PLATFORMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
# Each list, and the extras of ours that it is for.
LISTS = {
    "requirements.txt": (),
    "requirements-playground.txt": ("playground",),
    "requirements-dev.txt": ("playground", "dev"),
}
# Where an install command could be said.
SAID = (
    *("Makefile", "Dockerfile", "compose.yaml", "Procfile", ".ci/run", ".env.example", "*.md"),
    *("docs/*.md", "docs/*.service", "bot/**/*.py", "adapters/**/*.py"),
)

Pins = Mapping[str, tuple[Version, Marker | None]]
Environment = dict[str, str]


def pinned(name: str) -> Pins:
    lines = re.findall(r"^\w.*?(?= *\\?$)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {
        canonicalize_name(each.name): (Version(str(each.specifier).removeprefix("==")), each.marker)
        for each in map(Requirement, lines)
    }


def asked(extras: Iterable[str]) -> list[Requirement]:
    """What pyproject.toml asks for."""
    optional = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [Requirement(line) for line in lines]


def environments() -> Iterator[Environment]:
    """What the markers are compared with, on each Python and platform that we run on."""
    for version, (system, machine) in itertools.product(VERSIONS, PLATFORMS):
        yield {
            **{key: str(value) for key, value in default_environment().items()},
            "python_version": version,
            "python_full_version": f"{version}.0",
            "sys_platform": system,
            "platform_system": system.capitalize(),
            "platform_machine": machine,
        }


@functools.cache
def needs(name: str) -> list[Requirement]:
    """What a distribution says that it needs; nothing where this Python has no use for it."""
    try:
        return [Requirement(line) for line in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return []


def lacking(pins: Pins, requirements: Iterable[Requirement], where: Environment) -> set[str]:
    """The requirements that the pins do not meet, and those of what is pinned, all the way down."""
    missing: set[str] = set()
    seen: set[tuple[str, str]] = set()
    left = [(each, "") for each in requirements]
    while left:
        wanted, extra = left.pop()
        if wanted.marker and not wanted.marker.evaluate({**where, "extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        version, marker = pins.get(name, (None, None))
        applies = marker is None or marker.evaluate(where)
        if version is None or not applies or not wanted.specifier.contains(version, True):
            missing.add(str(wanted))
            continue
        for more in {"", *wanted.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, more))
            left += [(each, more) for each in needs(name)]
    return missing


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_all_that_is_needed_on_every_python_and_platform(name: str) -> None:
    assert VERSIONS == ["3.11", "3.12", "3.13", "3.14"]
    for where in environments():
        missing = lacking(pinned(name), asked(LISTS[name]), where)
        assert not missing, (where["python_version"], where["sys_platform"])


@pytest.mark.parametrize("name", ["aiohttp", "coverage", "httptools"])
def test_what_is_not_in_a_list_is_missed(name: str) -> None:
    """What we ask for, what others ask for, and what they ask for in an extra."""
    shorter = {each: pin for each, pin in pinned("requirements-dev.txt").items() if each != name}
    missing = set().union(
        *(lacking(shorter, asked(("playground", "dev")), where) for where in environments())
    )
    assert name in {canonicalize_name(Requirement(each).name) for each in missing}


def test_what_is_looked_at_is_what_is_pinned() -> None:
    """The metadata of other versions would say nothing."""
    here = {key: str(value) for key, value in default_environment().items()}
    for name, (version, marker) in pinned("requirements-dev.txt").items():
        if marker is None or marker.evaluate(here):
            assert Version(metadata.version(name)) == version, f"{name}: make lock, then make check"


def test_the_lists_agree() -> None:
    """They are installed into one .venv, one after another."""
    whole = pinned("requirements-dev.txt")
    for name in (*LISTS, "requirements-uv.txt"):
        for each, (version, _) in pinned(name).items():
            assert whole[each][0] == version, (name, each)


def test_there_is_one_way_to_install() -> None:
    """Nothing resolves, and whoever changes how it is done changes it in one place."""
    script = (ROOT / "install.sh").read_text("utf-8")
    (rules,) = re.findall(r"^rules='(.*)'$", script, re.MULTILINE)
    assert {"--no-deps", "--require-hashes", "--only-binary"} <= set(rules.split())
    said = [line for pattern in SAID for path in ROOT.glob(pattern) for line in _lines(path)]
    installs = [line for line in said if re.search(r"\b(pip3?|uv) (install|sync|add|run)\b", line)]
    # The image's own pip fetches uv, which stays behind when the image is made.
    assert installs == [f"RUN pip install {rules} --requirement requirements-uv.txt"]
    named = {
        name
        for path in (ROOT / "adapters").glob("*/settings.py")
        for name in re.findall(r'requirements = "(\S+)"', path.read_text("utf-8"))
    }
    named |= {name for line in said for name in re.findall(r"\./install\.sh (\w\S+\.txt)", line)}
    assert named == {"requirements.txt", "requirements-playground.txt"}
    for name in (*named, *re.findall(r"ready-.*: (\S+)", (ROOT / "Makefile").read_text("utf-8"))):
        assert (ROOT / name).exists(), name


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("python", "said"),
    [
        (None, "Python 3.11 or newer is needed, and none was found on PATH."),
        ("exit 1", "Python 3.11 or newer is needed, and none was found on PATH."),
        (
            'case "$2" in *ensurepip*) exit 1; esac',
            "python3 has no ensurepip. On Debian",
        ),
    ],
    ids=["none", "old", "without ensurepip"],
)
def test_a_machine_that_lacks_something_is_told_what(
    tmp_path: Path, python: str | None, said: str
) -> None:
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    if python is not None:
        (tmp_path / "python3").write_text(f"#!/bin/sh\n{python}\n", "utf-8")
        (tmp_path / "python3").chmod(0o755)
    venv = tmp_path / "venv"
    done = subprocess.run(
        [ROOT / "install.sh", "requirements.txt"],
        env={"PATH": str(tmp_path), "VENV": str(venv)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1
    assert not venv.exists()


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ("def test_it():\n    pytest.skip('no such program')\n", 1),
        ("pytest.importorskip('nothing_of_that_name')\n", 2),
        ("@pytest.mark.data\ndef test_it():\n    pytest.skip('no such file')\n", 0),
    ],
    ids=["program", "module", "data"],
)
def test_in_ci_nothing_is_skipped_for_missing_software(
    tmp_path: Path, test: str, outcome: int
) -> None:
    (tmp_path / "test_it.py").write_text(f"import pytest\n{test}", "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = data: a file\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.skips", str(tmp_path)]
    environment = {"CI": "true", "PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == outcome, done.stdout
    assert outcome == 0 or "nothing may be missing" in done.stdout
