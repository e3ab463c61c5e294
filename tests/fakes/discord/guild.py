"""A server as the gateway tells of it."""

from tests.fakes.discord.components import Json


def guild(known: Json, owner: str) -> Json:
    """Tell all of a server, as GUILD_CREATE does; `odd` is what is told otherwise."""
    guild_id = known["id"]
    channel = {"id": known["channel"], "type": 0, "name": "general", "position": 0}
    everyone = {"id": guild_id, "name": "@everyone", "color": 0, "colors": {}, "hoist": False}
    return {
        "id": guild_id,
        "name": known["name"],
        "icon": None,
        "owner_id": owner,
        "unavailable": False,
        "member_count": known.get("members", 2),
        "large": False,
        "roles": [
            {
                **everyone,
                "colors": {"primary_color": 0},
                "position": 0,
                "permissions": "0",
                "managed": False,
                "mentionable": False,
                "flags": 0,
            }
        ],
        "channels": [{**channel, "permission_overwrites": [], "guild_id": guild_id}],
        "members": [],
        "presences": [],
        "threads": [],
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "features": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "application_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "splash": None,
        "discovery_splash": None,
        "joined_at": "2026-01-05T09:00:00+00:00",
        **known.get("odd", {}),
    }
