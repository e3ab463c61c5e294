"""Rules about the statements: who writes a table, what reads and what writes, one text each."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.store.database import Database, Transaction
from tests.store.schema import tables

ROOT = Path(__file__).parents[2]
STORE = ROOT / "bot" / "store"
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
VERBS = ("fetch", "run", "run_many")


@dataclass(frozen=True)
class Statement:
    verb: str
    sql: str
    module: Path
    line: int
    lines: int
    a_block: bool

    @property
    def tables(self) -> set[str]:
        """The tables that it writes; a conflict's DO UPDATE and FOR UPDATE name none."""
        return set(WRITES.findall(re.sub(r"\b(?:DO|FOR) UPDATE\b(?: SET| OF \w+)?", "", self.sql)))

    def __str__(self) -> str:
        return f"{self.module.relative_to(ROOT)}:{self.line}"


def calls(module: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if node.func.attr in VERBS and isinstance(of, ast.Attribute) and of.attr == "_tx":
                yield node.func.attr, node


@cache
def statements() -> tuple[Statement, ...]:
    found = []
    for module in sorted(STORE.rglob("*.py")):
        for verb, call in calls(module):
            sql = call.args[0]
            if isinstance(sql, ast.Constant):
                text = str(ast.get_source_segment(module.read_text("utf-8"), sql))
                block = text.startswith('"""\n')
                lines = text.count("\n") + 1
                found.append(Statement(verb, str(sql.value), module, call.lineno, lines, block))
    return tuple(found)


def owner(module: Path) -> str:
    """A module, or the queue: a delivery is handed from one of its modules to the next."""
    return module.relative_to(STORE).parts[0].removesuffix(".py")


def owners() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in statements():
        for table in statement.tables:
            found.setdefault(table, set()).add(owner(statement.module))
    return found


def test_each_table_is_written_by_one_owner() -> None:
    assert {table: who for table, who in owners().items() if len(who) > 1} == {}
    assert set(owners()) == set(tables()), "a table that is never written, or that there is not"


def test_the_lanes_are_written_by_pacing_alone() -> None:
    writers = {s.module.name for s in statements() if "send_lanes" in s.tables}
    assert writers == {"pacing.py"}


def test_nobody_outside_the_store_writes_sql() -> None:
    elsewhere = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    verbs = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b")
    assert [m for m in elsewhere if STORE not in m.parents and verbs.search(m.read_text())] == []


def test_what_reads_is_fetched_and_what_writes_is_run() -> None:
    assert [str(s) for s in statements() if (s.verb == "fetch") == bool(s.tables)] == []


def test_a_statement_is_one_text_that_can_be_pasted_into_a_console() -> None:
    """Not pieced together: a literal, but for what reads a member's tables one by one."""
    pieced = [
        f"{module.relative_to(ROOT)}:{call.lineno}"
        for module in sorted(STORE.rglob("*.py"))
        for _, call in calls(module)
        if not isinstance(call.args[0], ast.Constant)
    ]
    assert len(pieced) == 1, pieced
    assert pieced[0].startswith("bot/store/privacy.py")
    assert [str(s) for s in statements() if s.lines > 1 and not s.a_block] == []


def test_the_page_names_the_owner_of_every_table() -> None:
    page = (ROOT / "docs" / "store.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `([\w/]+)(?:\.py)?` \|", page, re.MULTILINE)
    expected = {table: next(iter(who)) for table, who in owners().items()}
    # The queue's folder is the owner, and the page may say which module of it.
    assert {table: where.split("/")[0] for table, where in rows} == expected
    for _, where in rows:
        assert (STORE / f"{where}.py").is_file() or (STORE / where).is_dir(), where


async def test_both_databases_understand_every_statement(database: Database) -> None:
    """Also those that no story reaches; a value that is counted with has to be a number."""
    counted = {"now", "astray", "claimed", "sending"}

    async def explain(transaction: Transaction) -> None:
        for statement in statements():
            names = set(re.findall(r"(?<![:\w]):([a-z_]\w*)", statement.sql))
            values = {name: 1 if name in counted else None for name in names}
            assert await transaction.fetch(f"EXPLAIN {statement.sql}", **values), str(statement)

    assert len(statements()) > 80
    await database.transact(explain)
