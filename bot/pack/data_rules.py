"""What must hold of numbers out of data files: a claim shows what its rows hold, and no others."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from bot.pack.facts import Cited, DataRow, Figure
from bot.pack.files import Files
from bot.pack.lengths import texts
from bot.pack.yaml_file import Document, Location, Problem

Found: TypeAlias = Iterator[Problem]
Table: TypeAlias = list[dict[str, str]]

_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+|\d+")


class Tables:
    """The data files of a pack, each read once."""

    def __init__(self, files: Files) -> None:
        self.root = files.manifest.document.file.parent
        self._read: dict[str, Table] = {}

    def of(self, file: str) -> Table | None:
        """The rows of a file; None where it cannot be read."""
        if file not in self._read:
            rows = _rows(self.root / file)
            if rows is None:
                return None
            self._read[file] = rows
        return self._read[file]


def errors(tables: Tables, document: Document, at: Location, claim: Cited) -> Found:
    """Where the claim and the rows that it names say different things."""
    if not claim.data:
        return
    held: list[str] = []
    for number, row in enumerate(claim.data):
        where = (*at, "data", number)
        for value in _values(tables, row):
            if isinstance(value, Problem):
                yield document.problem(where, value.text)
            else:
                held.append(value)
    said = " ".join(text for (name, *_), text, _ in texts(claim) if name != "note")
    shown = set(_NUMBER.findall(said))
    written = {_written(value) for value in held}
    for value in sorted(written - shown):
        yield document.problem(at, f"its data hold {value}, which it does not show")
    for value in sorted(one for one in shown - written if not one.isdecimal()):
        yield document.problem(at, f"it shows {value}, which its data do not hold")
    if isinstance(claim, Figure):
        for name, end in (("low", claim.low), ("high", claim.high)):
            if end is not None and end not in map(float, held):
                yield document.problem((*at, name), f"{end:g} is not what its data hold")


def _values(tables: Tables, row: DataRow) -> Iterator[str | Problem]:
    """What stands in the columns of the row, or why that cannot be said."""
    path = tables.root / row.file
    table = tables.of(row.file)
    if table is None:
        yield Problem(path, 1, f"there is no data file {row.file!r}")
        return
    named = ", ".join(f"{column} {value}" for column, value in row.where.items())
    found = [one for one in table if row.where.items() <= one.items()]
    if len(found) != 1:
        yield Problem(path, 1, f"{row.file} has {len(found) or 'no'} rows with {named}")
        return
    for column in row.columns:
        if value := found[0].get(column):
            yield value
        else:
            yield Problem(path, 1, f"{row.file} holds no {column} for {named}")


def _rows(path: Path) -> Table | None:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def _written(value: str) -> str:
    """A number as people write it: 135980 as "135,980", 12.8 as it is."""
    return f"{int(value):,}" if value.isdecimal() else value
