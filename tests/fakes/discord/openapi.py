"""Holds what arrived against Discord's OpenAPI description, where `DISCORD_OPENAPI` names it."""

import functools
import json
import os
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.fakes.discord.components import Json

WHERE = "DISCORD_OPENAPI names no file; Discord publishes it in github.com/discord/discord-api-spec"
CALLBACKS = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}


def described() -> bool:
    return bool(os.environ.get("DISCORD_OPENAPI"))


@functools.cache
def _registry() -> Registry[Any]:
    document = json.loads(Path(os.environ["DISCORD_OPENAPI"]).read_text(encoding="utf-8"))
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
    return registry


@functools.cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"urn:discord#{pointer}"}, registry=_registry())


def _deepest(error: Any) -> str:
    """Say the most telling of the alternatives' errors, with its place."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{error.json_path}: {error.message[:200]}"


def schema_problems(name: str, value: object) -> list[str]:
    return [_deepest(e) for e in _validator(f"/components/schemas/{name}").iter_errors(value)]


def body_problems(method: str, path: str, body: object) -> list[str]:
    """Judge the JSON body of the operation at this templated path."""
    escaped = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
    return [_deepest(error) for error in _validator(pointer).iter_errors(body)]


def callback_problems(callback: Json) -> list[str]:
    return schema_problems(CALLBACKS[callback["type"]], callback)
