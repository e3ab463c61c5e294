"""The shapes that Discord sends: INTERACTION_CREATE for each kind, and answered form fields."""

from typing import TYPE_CHECKING

from tests.fakes.discord.components import STRING_SELECT, Json
from tests.fakes.discord.rest import shape
from tests.fakes.discord.world import Interaction, Message, Place, snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.people import Person


def user(person: "Person") -> Json:
    return {
        "id": person.id,
        "username": person.name.lower(),
        "global_name": person.name,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }


def _channel(place: Place) -> Json:
    if place.context == 1:
        return {"id": place.channel_id, "type": 1, "flags": 0, "last_message_id": None}
    return {
        "id": place.channel_id,
        "type": 0,
        "name": "general",
        "position": 0,
        "flags": 0,
        "nsfw": False,
        "parent_id": None,
        "permissions": "2248473465835073",
        "guild_id": place.guild_id,
    }


def _where(person: "Person", app_id: str) -> Json:
    place = person.place
    if place.guild_id is None:
        return {"user": user(person), "authorizing_integration_owners": {"1": person.id}}
    owner = {"0": place.guild_id} if place.installed else {"1": person.id}
    return {
        "guild_id": place.guild_id,
        "guild_locale": "en-US",
        "guild": {"id": place.guild_id, "locale": "en-US", "features": []},
        "authorizing_integration_owners": owner,
        "member": {
            "user": user(person),
            "roles": [],
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "permissions": "2248473465835073",
            "pending": False,
            "mute": False,
            "deaf": False,
            "flags": 0,
            "joined_at": "2026-01-05T09:00:00+00:00",
            "communication_disabled_until": None,
        },
    }


def interaction(person: "Person", kind: int, data: Json, source: Message | None) -> Interaction:
    app_id = person.discord.app_id
    live = Interaction(
        snowflake(), f"aW50ZXJhY3Rpb246{snowflake()}", kind, person.id, person.place, {}
    )
    live.source = source
    live.payload = {
        "version": 1,
        "id": live.id,
        "token": live.token,
        "type": kind,
        "application_id": app_id,
        "data": data,
        "channel": _channel(person.place),
        "channel_id": person.place.channel_id,
        "context": person.place.context,
        "locale": person.locale,
        "app_permissions": "2248473465835073",
        "attachment_size_limit": 10485760,
        "entitlements": [],
        "entitlement_sku_ids": [],
        **_where(person, app_id),
    }
    if source is not None:
        live.payload["message"] = shape(source, app_id)
    return live


def direct_message(person: "Person", words: str, to: Message | None) -> Json:
    """MESSAGE_CREATE: what somebody wrote to the bot, perhaps in reply to one of its messages."""
    payload: Json = {
        "id": snowflake(),
        "channel_id": person.place.channel_id,
        "channel_type": 1,
        "type": 19 if to else 0,
        "content": words,
        "author": user(person),
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": "2026-01-05T09:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "components": [],
    }
    if to is not None:
        payload["message_reference"] = {
            "type": 0,
            "channel_id": person.place.channel_id,
            "message_id": to.id,
        }
        payload["referenced_message"] = shape(to, person.discord.app_id)
    return payload


def answered(index: int, field: Json, value: str | None) -> Json:
    """Fill in one field of a form, refusing what the client would not let through."""
    common = {"type": field["type"], "custom_id": field["custom_id"], "id": index * 2 + 2}
    required = field.get("required", True)
    if field["type"] == STRING_SELECT:
        return _label(index, {**common, "values": _picked(field, value, required)})
    text = value if value is not None else field.get("value") or ""
    assert text or not required, f"{field['custom_id']} must be filled in"
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    assert not text or low <= len(text) <= high, f"{field['custom_id']}: {low} to {high} long"
    return _label(index, {**common, "value": text})


def _picked(field: Json, value: str | None, required: bool) -> list[str]:
    options = field["options"]
    if value is None:
        picked = [option["value"] for option in options if option.get("default")]
    else:
        picked = [o["value"] for o in options if value in (o["label"], o["value"])]
        assert picked, f"{field['custom_id']} offers no {value!r}"
    assert picked or not required, f"{field['custom_id']} must be chosen"
    return picked


def _label(index: int, component: Json) -> Json:
    return {"type": 18, "id": index * 2 + 1, "component": component}
