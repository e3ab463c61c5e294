"""A YAML file as plain data that still knows its lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

# A pack loads four times as fast through libyaml, which not every build of PyYAML has.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Location: TypeAlias = tuple[str | int, ...]
"""Keys and indices that lead from the top of a file to a value."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class UnreadableFileError(Exception):
    """The file is not YAML of the plain kind that packs are written in."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Document:
    """A file's data, and the line that each key and item stands on."""

    file: Path
    data: Any
    lines: dict[Location, int]

    def line(self, at: Location) -> int:
        """The line of `at`, or of what comes nearest to it.

        Parts that the file does not have are passed over: pydantic's locations name the member of
        a union that it tried, too.
        """
        found: Location = ()
        for part in at:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines[found]

    def problem(self, at: Location, text: str) -> Problem:
        return Problem(self.file, self.line(at), text)


def read(file: Path) -> Document:
    """The file's data; UnreadableFileError where it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableFileError([Problem(file, 1, "is not UTF-8 text")]) from None
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise UnreadableFileError([Problem(file, 1, reason)]) from None
    with _parser(file, text) as parser:
        node = parser.get_single_node()
        if node is None:
            raise UnreadableFileError([Problem(file, 1, "is empty")])
        reader = _Reader(file, parser)
        data = reader.value(node, ())
    if reader.problems:
        raise UnreadableFileError(reader.problems)
    return Document(file, data, reader.lines)


@contextmanager
def _parser(file: Path, text: str) -> Iterator[Any]:
    """A PyYAML loader whose errors are the file's."""
    parser = None
    try:
        parser = _Loader(text)
        yield parser
    except RecursionError:
        raise UnreadableFileError([Problem(file, 1, "is nested too deeply")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = error.problem or error.context or "something else was expected"
        raise UnreadableFileError([Problem(file, line, f"is not YAML here: {said}")]) from None
    except yaml.YAMLError as error:
        said = str(error).splitlines()[0]
        raise UnreadableFileError([Problem(file, 1, f"is not YAML: {said}")]) from None
    finally:
        if parser is not None:
            parser.dispose()


@dataclass
class _Reader:
    """Walks a file's nodes; what a pack should not hold is collected, not raised."""

    file: Path
    parser: Any
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, at: Location) -> Any:
        self.lines.setdefault(at, node.start_mark.line + 1)
        if id(node) in self._seen:
            return self._refuse(node, "is an alias (*name); write the text out, packs have none")
        self._seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self._mapping(node, at)
            case yaml.SequenceNode():
                return [self.value(item, (*at, n)) for n, item in enumerate(node.value)]
            case _:
                return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Location) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "is a key that is not a word")
            elif key.value in data:
                first = self.lines[(*at, key.value)]
                self._refuse(key, f"{key.value!r} stands here twice (first in line {first})")
            else:
                self.lines[(*at, key.value)] = key.start_mark.line + 1
                data[key.value] = self.value(value, (*at, key.value))
        return data

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self.parser.construct_object(node)
        except (yaml.YAMLError, ValueError):
            return self._refuse(node, f"{node.value!r} cannot be read; put quotes around text")

    def _refuse(self, node: yaml.Node, text: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, text))
