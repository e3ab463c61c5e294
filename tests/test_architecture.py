"""Rules about the code itself: which way imports run, what is pure, how long a file may be."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.chat.platform import PLATFORMS, Platform
from bot.platforms import settings_of

ROOT = Path(__file__).parent.parent
SDKS = ("discord", "slack_bolt", "slack_sdk", "nicegui")
# Each room imports only rooms below it. Two on a line are neighbours, who do not know each other.
ROOMS = (
    ("bot.__main__",),
    ("bot.run",),
    ("bot.platforms",),
    ("bot.ops",),
    ("adapters", "bot.delivery"),
    ("bot.adapter", "bot.http"),
    ("bot.core",),
    ("bot.telemetry",),
    ("bot.commands",),
    ("bot.planning", "bot.store"),
    ("bot.records",),
    ("bot.pack",),
    ("bot.chat",),
    ("bot.calendar",),
)
READ_SETTINGS = (*(one for rooms in ROOMS[:6] for one in rooms), "bot.store")
CONTENT = tuple(
    f"bot.pack.{part}" for part in ("base", "facts", "learning", "quiz", "model", "packs")
)
PURE = ("bot.commands", "bot.planning", "bot.records", "bot.chat", "bot.calendar", *CONTENT)
A_CLOCK = "bot.calendar.clock"
OF_A_PLATFORM = {
    "app": "create",
    "settings": "Settings",
    "doctor": "look",
    "render": "payload",
}
OF_A_SERVICE = ("markup", "respond", "sender")
MAY_NAME_PLATFORMS = "bot.chat.platform"
MODULES_IN_A_FOLDER = 15
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


def room(name: str) -> tuple[int, str] | None:
    """How far down a module lives, and in which room; None where everybody may look in."""
    for depth, rooms in enumerate(ROOMS):
        for one in rooms:
            if within(name, one):
                return depth, one
    return None


def test_imports_run_one_way() -> None:
    upwards = []
    for module in those("bot", "adapters"):
        if (here := room(module.name)) is None:
            continue
        for name in sorted(module.imports):
            there = room(name)
            if there and there[1] != here[1] and there[0] <= here[0]:
                upwards.append(f"{module.name} imports {name}")
    assert upwards == []


def test_every_module_has_a_room() -> None:
    homeless = {m.name for m in those("bot") if room(m.name) is None}
    assert {name for name in homeless if not within(name, "bot.config", "bot.memo")} == {"bot"}
    assert offences("bot.memo", "bot") == []
    assert offences("bot.config", *(one for rooms in ROOMS[:-2] for one in rooms)) == []


def test_commands_and_store_do_not_know_each_other() -> None:
    assert offences("bot.commands", "bot.store") == []


def test_commands_know_the_content_and_not_where_it_comes_from() -> None:
    files = [name for name in modules() if within(name, "bot.pack") and name not in CONTENT]
    files.remove("bot.pack")
    for package in ("bot.commands", "bot.planning", "bot.records"):
        assert offences(package, *files) == []


def test_few_rooms_are_handed_the_settings() -> None:
    readers = {
        m.name
        for m in those("bot", "adapters")
        if any(within(name, "bot.config") for name in m.imports)
    }
    assert [n for n in sorted(readers) if not within(n, "bot.config", *READ_SETTINGS)] == []


def test_no_imports_run_in_a_circle() -> None:
    known = modules()
    below: dict[str, set[str]] = {}

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' -> '.join((*way, name))}"
        if name in below:
            return
        further = {other for other in known[name].imports if other in known and other != name}
        for other in sorted(further):
            # A package's name alone runs nothing but its docstring.
            if known[other].path.name != "__init__.py" or within(other, "bot.store"):
                visit(other, (*way, name))
        below[name] = further

    for module in those("bot", "adapters"):
        visit(module.name, ())


@pytest.mark.parametrize("package", PURE)
def test_pure_rooms_reach_no_loop_and_no_clock(package: str) -> None:
    """Nor a store: that no import runs upwards has been seen to."""
    for module in those(package):
        if module.name != A_CLOCK:
            assert [n for n in sorted(module.imports) if within(n, *OUTSIDE_WORLD)] == []
            assert [f"{module.name}: {call}" for call in clocks(module)] == []


def test_a_folder_can_be_read_at_a_glance() -> None:
    folders: dict[Path, list[str]] = {}
    for module in those("bot", "adapters"):
        if module.path.name != "__init__.py":
            folders.setdefault(module.path.parent, []).append(module.path.stem)
    full = {f.name: len(names) for f, names in folders.items() if len(names) > MODULES_IN_A_FOLDER}
    assert full == {}
    assert [f"{f.name}/{n}" for f, names in folders.items() for n in names if n == f.name] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platforms_are_laid_out_alike(platform: Platform) -> None:
    """What is found by name is there; the local one has no service to post to."""
    folder = f"adapters.{platform}"
    for name, known in OF_A_PLATFORM.items():
        assert known in defined(modules()[f"{folder}.{name}"]), f"{folder}.{name} has no {known}"
    assert f"{folder}.parse" in modules()
    if not settings_of(platform).local:
        assert {f"{folder}.{name}" for name in OF_A_SERVICE} <= modules().keys()


def defined(module: Module) -> set[str]:
    return {
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def test_the_core_names_no_platform() -> None:
    """Comments and docstrings may, where they guard against a library or a rule of one."""
    named = re.compile("|".join((*PLATFORMS, *SDKS)), re.IGNORECASE)
    found = {
        f"{module.name}: {word}"
        for module in those("bot")
        if module.name != MAY_NAME_PLATFORMS
        for word in words(module)
        if named.search(word)
    }
    assert found == set()


def words(module: Module) -> Iterator[str]:
    """Every name and every text of the code, docstrings left out."""
    explained = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in explained:
                yield text
            case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


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
        if module.name != "bot.config.settings"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    by_name = {m.name for m in those("bot", "adapters") if "bot.config.settings.read" in m.imports}
    loaders = {m.name for m in those("bot", "adapters") if "bot.platforms" in m.imports}
    assert readers == set()
    assert by_name == {"bot.platforms"}
    assert loaders == {"bot.__main__", "bot.run"}


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
    from tests.configured import FIELDS

    example = (ROOT / ".env.example").read_text("utf-8").splitlines()
    explained = {line.partition("=")[0] for line in example if line[:1].isupper()}
    told_by_the_host = {"DYNO"}
    assert explained == {name.upper() for name in FIELDS} - told_by_the_host
