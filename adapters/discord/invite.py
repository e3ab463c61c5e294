"""The links that bring the bot into a server, or to one person's account."""

from urllib.parse import urlencode

from adapters.discord.rest import CallError, RefusedError, Rest
from bot.config import SettingError, Settings

AUTHORIZE = "https://discord.com/oauth2/authorize"


async def links(settings: Settings) -> tuple[str, str]:
    """The link for a server and the one for a person; SettingError if Discord does not say who.

    Answering commands and sending direct messages needs no permission in a server: it asks for 0.
    """
    if settings.discord_token is None:
        raise SettingError("DISCORD_TOKEN", "must be set to know whose invite this is")
    rest = Rest(settings.discord_api_url, settings.discord_token.get_secret_value().strip())
    rest.open()
    try:
        application = await rest.call("GET", "/applications/@me")
    except RefusedError:
        raise SettingError("DISCORD_TOKEN", "Discord refuses it") from None
    except CallError as error:
        raise SettingError("DISCORD_API_URL", f"Discord is out of reach ({error})") from None
    finally:
        await rest.close()
    return server_link(application["id"]), person_link(application["id"])


def server_link(application: str) -> str:
    return _link(application, scope="bot applications.commands", permissions=0, kind=0)


def person_link(application: str) -> str:
    return _link(application, scope="applications.commands", kind=1)


def _link(application: str, *, scope: str, kind: int, permissions: int | None = None) -> str:
    query = {"client_id": application, "scope": scope, "integration_type": kind}
    if permissions is not None:
        query["permissions"] = permissions
    return f"{AUTHORIZE}?{urlencode(query)}"
