"""Bodies as Discord takes them: JSON, or a form with JSON and files in it."""

import json
from collections.abc import Iterator
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord import errors
from tests.fakes.discord.components import GALLERY, Json, Problem, string, walk

FILE_BYTES = 10 * 1024 * 1024
SCHEME = "attachment://"


class Upload(dict[str, Any]):
    """A message with the files that came with it, by name."""

    files: dict[str, bytes]


def _invalid() -> errors.RefusalError:
    return errors.RefusalError(400, 50109, "The request body contains invalid JSON.")


async def read(request: web.Request) -> Any:
    if request.content_type == "multipart/form-data":
        raw, files = await _parts(request)
    elif request.content_type == "application/json":
        raw, files = await request.read(), {}
    else:
        raise _invalid()
    try:
        body = json.loads(raw)
    except ValueError:
        raise _invalid() from None
    if not isinstance(body, dict):
        return body
    inner = body.get("data")
    message = inner if isinstance(inner, dict) else body
    if problems := list(_problems(message, files)):
        raise errors.form_error(problems)
    kept = Upload(message)
    kept.files = dict(files.values())
    return {**body, "data": kept} if message is inner else kept


async def _parts(request: web.Request) -> tuple[bytes, dict[str, tuple[str, bytes]]]:
    """The JSON, and the files by the names of their fields."""
    raw, files = b"", {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name == "payload_json":
            raw = content
        elif part.name and part.filename:
            files[part.name] = (part.filename, content)
    return raw, files


def _problems(message: Json, files: dict[str, tuple[str, bytes]]) -> Iterator[Problem]:
    sent = {name for name, _ in files.values()}
    shown = set(_shown(message))
    for name in shown - sent:
        yield "components", f"{SCHEME}{name} names no file"
    for name in sent - shown:
        yield "components", f"the file {name} is not shown: with Components V2 it must be"
    for field, (name, content) in files.items():
        if not 0 < len(content) <= FILE_BYTES:
            yield field, f"{name} has {len(content)} bytes"
    for index, attachment in enumerate(message.get("attachments") or []):
        field = f"files[{attachment.get('id')}]"
        if files.get(field, ("",))[0] != attachment.get("filename"):
            yield f"attachments.{index}", f"{field} is not {attachment.get('filename')}"
        yield from string(f"attachments.{index}", attachment.get("description", "x"), 0, 1024)


def _shown(message: Json) -> Iterator[str]:
    components = [c for c in message.get("components") or [] if isinstance(c, dict)]
    for component in walk(components):
        if component.get("type") == GALLERY:
            for item in component.get("items") or []:
                url = str((item.get("media") or {}).get("url", ""))
                if url.startswith(SCHEME):
                    yield url.removeprefix(SCHEME)
