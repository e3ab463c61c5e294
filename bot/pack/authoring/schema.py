"""JSON Schemas of a pack's files, for the completion and the checks of an editor."""

import json
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from bot.pack.base import Id
from bot.pack.facts import Source, Topic
from bot.pack.files import Manifest, Plan
from bot.pack.learning import Practice, Task, Taster
from bot.pack.model import Tip
from bot.pack.quiz import Quiz

Json: TypeAlias = dict[str, Any]

_TEXT = {"type": "string"}
_KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "pack": (Manifest, ()),
    "sources": (tuple[Source, ...], ()),
    "topic": (Topic, ("id",)),
    "quiz": (Quiz, ()),
    "steps": (dict[Id, Task], ()),
    "plan": (Plan, ()),
    "tips": (tuple[Tip, ...], ()),
    "taster": (Taster, ("role",)),
    "practice": (Practice, ("role",)),
}
"""What each file is read into, and the fields that its name gives."""
FILES = {
    "pack": "pack.yaml",
    "sources": "sources.yaml",
    "topic": "compare/*.yaml",
    "quiz": "quiz.yaml",
    "steps": "plans/steps.yaml",
    "plan": "plans/*-*.yaml",
    "tips": "tips.yaml",
    "taster": "tasters/*.yaml",
    "practice": "practice/*.yaml",
}


def schemas() -> dict[str, Json]:
    """A schema for each kind of file, by its name."""
    return {name: _schema(name, *kind) for name, kind in _KINDS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write `NAME.schema.json` for each kind of file into `folder`; what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
        written.append(file)
    return written


def _schema(name: str, kind: Any, named: tuple[str, ...]) -> Json:
    schema = TypeAdapter(kind).json_schema(mode="validation")
    for field in named:
        schema["properties"].pop(field)
        schema["required"].remove(field)
    if name == "quiz":
        _short_form(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Crossroads: {FILES[name]}",
        **schema,
    }


def _short_form(schema: Json) -> None:
    """An option may be a text alone, where the quiz has poles."""
    options = schema["$defs"]["Question"]["properties"]["options"]
    options["items"] = {"anyOf": [_TEXT, options["items"]]}
