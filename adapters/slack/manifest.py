"""The app manifest: pasted into "Create an app from a manifest", it is the whole set-up."""

import json
import re
from typing import Any

from adapters.slack.parse import SHORTCUTS
from bot.commands.catalog import COMMANDS, Entry, entries
from bot.config.settings import SettingError
from bot.pack.packs import Packs

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read")
EVENTS = ("app_home_opened", "app_mention", "message.im")
INSTALL_EVENTS = ("app_uninstalled", "tokens_revoked")
LONG_DESCRIPTION = (
    "Crossroads is for people who are choosing between careers that sound alike. It compares them"
    " with facts that carry a source and a date, asks a few questions and says which way your"
    " answers lean and why, turns the choice into a dated learning plan, and checks in once a week."
    " Answers are private unless you share one with the channel."
)


def printed(packs: Packs, url: str | None) -> str:
    """The manifest as JSON; SettingError where Slack could not call `url`."""
    url = url.rstrip("/") if url else None
    if url is not None and not re.fullmatch(r"https://[^/\s]+(/\S*)?", url):
        raise SettingError("--url", "must begin with https:// and name the host of this bot")
    return json.dumps(manifest(packs, url), indent=2)


def manifest(packs: Packs, url: str | None = None) -> dict[str, Any]:
    """For HTTP at `url` (https://…), or for Socket Mode where there is none."""
    endpoint = {"url": f"{url}/slack/events"} if url else {}
    request_url = {"request_url": endpoint["url"]} if url else {}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if url:
        oauth["redirect_urls"] = [f"{url}/slack/oauth_redirect"]
    return {
        "display_information": {
            "name": "Crossroads",
            "description": "Which way to go? Compare the roles, decide, plan, and keep going.",
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Crossroads", "always_online": True},
            "shortcuts": [
                {
                    "name": COMMANDS["quiz"].label,
                    "type": "global",
                    "callback_id": next(iter(SHORTCUTS)),
                    "description": "Find out which role fits you",
                }
            ],
            "slash_commands": [_command(entry, endpoint) for entry in entries(packs)],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {
                **request_url,
                "bot_events": sorted(EVENTS + INSTALL_EVENTS),
            },
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": bool(url),
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _command(entry: Entry, endpoint: dict[str, str]) -> dict[str, Any]:
    usage = {"usage_hint": entry.option.hint} if entry.option else {}
    return {
        "command": f"/{entry.name}",
        "description": entry.summary,
        **usage,
        "should_escape": False,
        **endpoint,
    }
