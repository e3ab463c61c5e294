"""Hostile payloads: real ones with pieces torn out, replaced or blown up, from a seed."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    1e308,
    "",
    "x",
    "\0",
    "\ud800",
    "\u202e@everyone <!channel>",
    "'; DROP TABLE members; --",
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "A" * 5000,
    [],
    {},
    [[]],
    {"": {}},
    ["x", None, 1],
    {"id": {"id": {"id": []}}},
)


def originals(folder: Path) -> list[Any]:
    """The recorded payloads in a folder."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    assert found, f"no payloads in {folder}"
    return found


def mutants(folder: Path, count: int, seed: int = 1) -> Iterator[Any]:
    """`count` payloads, each a real one with one to four wounds; one in fifty is no object."""
    draw, whole = random.Random(seed), originals(folder)
    for number in range(count):
        if number % 50 == 0:
            yield draw.choice(JUNK)
            continue
        mutant = copy.deepcopy(draw.choice(whole))
        for _ in range(draw.randint(1, 4)):
            _wound(mutant, draw)
        yield mutant


def _wound(payload: Any, draw: random.Random) -> None:
    places = list(_places(payload))
    if not places:
        return
    holder, key = draw.choice(places)
    match draw.randrange(4):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(draw.choice(JUNK))
        case _:
            other, name = draw.choice(places)
            holder[key] = copy.deepcopy(other.get(name) if isinstance(other, dict) else other)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every key of every object and list below `node`."""
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])
