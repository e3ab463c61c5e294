"""A new pack: a small valid one with comments, to be filled in."""

import re
from datetime import date
from pathlib import Path

_TEMPLATE = Path(__file__).parent / "template"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


class ScaffoldError(Exception):
    """No pack can be made there; the message says why."""


def new_pack(target: Path, today: date) -> list[Path]:
    """Write a pack into `target`, whose last part becomes its id; the files that were written."""
    if not _ID.fullmatch(target.name):
        raise ScaffoldError(
            f"{target.name!r} cannot be a pack's id: use 1 to 24 small letters, digits and hyphens"
        )
    if target.exists():
        raise ScaffoldError(f"{target} exists already: name a directory that doesn't")
    written = []
    for source in sorted(_TEMPLATE.rglob("*.yaml")):
        file = target / source.relative_to(_TEMPLATE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(source.read_text("utf-8"), target.name, today), "utf-8")
        written.append(file)
    return written


def _filled(text: str, pack_id: str, today: date) -> str:
    name = pack_id.replace("-", " ").capitalize()
    text = re.sub(r"^id: my-fork$", f"id: {pack_id}", text, flags=re.MULTILINE)
    text = re.sub(r"^name: My fork$", f"name: {name}", text, flags=re.MULTILINE)
    return re.sub(r"^reviewed: .*$", f"reviewed: {today}", text, flags=re.MULTILINE)
