"""The code knows no fork: roles, starts and names of packs stand in content/ alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.pack.load import default_pack_path, load

HERE = Path(__file__).parents[2]
PACKS = sorted(path.parent for path in default_pack_path().parent.glob("*/pack.yaml"))
PLATFORM_WORDS = {"data"}
"""Starts whose ids are words of the platforms' own payloads."""


def strings(path: Path) -> Iterator[str]:
    """The texts in a module, without its docstrings: those may give a pack as an example."""
    tree = ast.parse(path.read_text())
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_module_names_a_role_a_start_or_a_pack() -> None:
    packs = [load(path) for path in PACKS]
    ids = {role.id for pack in packs for role in pack.roles}
    ids |= {start.id for pack in packs for start in pack.starts} - PLATFORM_WORDS
    names = {role.name for pack in packs for role in pack.roles}
    found = {
        f"{path.relative_to(HERE)}: {said!r:.60}"
        for folder in ("bot", "adapters")
        for path in (HERE / folder).rglob("*.py")
        for said in strings(path)
        if said in ids or any(name in said for name in names)
    }
    assert found == set()


def test_only_the_setting_names_the_pack_that_runs_where_none_is_named() -> None:
    ids = {load(path).id for path in PACKS}
    found = {
        str(path.relative_to(HERE))
        for folder in ("bot", "adapters")
        for path in (HERE / folder).rglob("*.py")
        if ids & set(strings(path))
    }
    assert len(found) <= 1, found


def test_no_style_sheet_colours_a_role() -> None:
    roles = [role.id for path in PACKS for role in load(path).roles]
    for path in (HERE / "adapters/playground/web").rglob("*.css"):
        style = path.read_text()
        assert [role for role in roles if f"--{role}:" in style or f".{role} " in style] == []
