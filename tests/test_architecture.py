"""Rules about the code itself: which way imports run, what is pure, how long a file may be."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLATFORMS = ("slack", "discord", "playground")
SDKS = ("discord", "slack_bolt", "slack_sdk", "nicegui")
PURE = (
    "bot.flows",
    "bot.framework",
    "bot.outlook",
    "bot.planner",
    "bot.plans",
    "bot.replan",
    "bot.schedule",
    "bot.records",
    "bot.reply",
    "bot.event",
    "bot.actions",
    "bot.wire",
    "bot.text",
    "bot.limits",
    "bot.content",
)
OUTSIDE_WORLD = ("asyncio", "time", "random", "secrets", "os", "sqlite3", "aiohttp", "aiosqlite")
CLOCKS = {"now", "today", "utcnow"}
LINES = {"bot": 400, "adapters": 400, "tests": 500}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module

    @property
    def imports(self) -> set[str]:
        """Every module that this one names in an import, at the top or inside a function."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
        return found


@cache
def modules() -> dict[str, Module]:
    found = {}
    for folder in ("bot", "adapters", "content", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))
    return found


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def those(*packages: str) -> Iterator[Module]:
    return (module for module in modules().values() if within(module.name, *packages))


def offences(package: str, *forbidden: str) -> list[str]:
    return [
        f"{module.name} imports {name}"
        for module in those(package)
        for name in sorted(module.imports)
        if within(name, *forbidden)
    ]


def test_the_core_knows_no_platform() -> None:
    assert offences("bot", "adapters", "tests", *SDKS) == []


def test_adapters_do_not_know_each_other() -> None:
    for one in PLATFORMS:
        others = (f"adapters.{other}" for other in PLATFORMS if other != one)
        assert offences(f"adapters.{one}", *others) == []
        assert offences("adapters.shared", f"adapters.{one}") == []


def test_imports_name_the_whole_way() -> None:
    relative = [
        m.name
        for m in those("bot", "adapters", "tests")
        if any(n.startswith(".") for n in m.imports)
    ]
    assert relative == []


def test_what_is_shipped_does_not_know_its_tests() -> None:
    assert offences("adapters", "tests") == []


@pytest.mark.parametrize("package", [name for name in PURE if any(those(name))])
def test_pure_modules_reach_no_store_no_loop_and_no_clock(package: str) -> None:
    """Followed through every module of `bot` that they import."""
    reached = {module.name for module in those(package)}
    waiting = list(reached)
    while waiting:
        module = modules()[waiting.pop()]
        bad = [n for n in module.imports if within(n, "bot.store", "bot.core", *OUTSIDE_WORLD)]
        assert bad == [], f"{package} reaches {bad} through {module.name}"
        new = {name for name in module.imports if name in modules()} - reached
        reached |= new
        waiting += new
    assert [f"{name}: {call}" for name in sorted(reached) for call in clocks(modules()[name])] == []


def clocks(module: Module) -> Iterator[str]:
    """Calls of `datetime.now()`, `date.today()` and their like."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rsplit(".", 1)[-1]
            if node.func.attr in CLOCKS and owner in ("datetime", "date"):
                yield f"{owner}.{node.func.attr}() in line {node.lineno}"


def test_settings_are_read_by_the_entry_points_only() -> None:
    """Others are handed what they need: no test must set an environment."""
    readers = {
        module.name
        for module in those("bot", "adapters")
        if module.name != "bot.config"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    loaders = {m.name for m in those("bot", "adapters") if "bot.config.load" in m.imports}
    assert readers == set()
    assert loaders <= {"bot.__main__"}


def test_every_module_says_what_it_owns() -> None:
    silent = [
        name for name, one in modules().items() if one.tree.body and not ast.get_docstring(one.tree)
    ]
    assert silent == []


def test_files_are_short_enough_to_read_in_one_sitting() -> None:
    lengths = {
        str(one.path.relative_to(ROOT)): len(one.path.read_text("utf-8").splitlines())
        for one in those("bot", "adapters", "tests")
    }
    assert {
        path: length for path, length in lengths.items() if length > LINES[path.partition("/")[0]]
    } == {}


def test_pinned_requirements_hold_no_address() -> None:
    """A lock file names versions and hashes; where they come from is the machine's own matter."""
    for path in ROOT.glob("requirements*.txt"):
        lines = path.read_text("utf-8").splitlines()
        assert [line for line in lines if "://" in line or line.startswith("-")] == []
        assert all("==" in line or line.startswith((" ", "#")) for line in lines), path


def test_every_setting_is_explained_in_the_example() -> None:
    from bot.config import Settings

    example = (ROOT / ".env.example").read_text("utf-8").splitlines()
    explained = {line.partition("=")[0] for line in example if line[:1].isupper()}
    told_by_the_host = {"DYNO"}
    assert explained == {name.upper() for name in Settings.model_fields} - told_by_the_host
