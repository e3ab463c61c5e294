"""The links that bring the bot into a server, or to one person's account."""

from urllib.parse import urlencode

from adapters.discord.api import RefusedError, Rest
from adapters.discord.settings import Settings
from adapters.shared.calls import CallError
from bot.config.settings import SettingError

AUTHORIZE = "https://discord.com/oauth2/authorize"


async def printed(settings: Settings) -> str:
    """The links, worded; SettingError where Discord does not say whose they are."""
    application = await _application(settings)
    return (
        f"Add it to a server:  {server_link(application)}\n"
        f"Use it yourself:     {person_link(application)}"
    )


async def _application(settings: Settings) -> str:
    if settings.discord_token is None:
        raise SettingError("DISCORD_TOKEN", "must be set to know whose invite this is")
    rest = Rest(settings.discord_api_url, settings.discord_token.get_secret_value().strip())
    rest.open()
    try:
        return str((await rest.call("GET", "/applications/@me"))["id"])
    except RefusedError:
        raise SettingError("DISCORD_TOKEN", "Discord refuses it") from None
    except CallError as error:
        raise SettingError("DISCORD_API_URL", f"Discord is out of reach ({error})") from None
    finally:
        await rest.close()


def server_link(application: str) -> str:
    """Ask for no permission: neither answering a command nor a direct message needs one."""
    return _link(application, scope="bot applications.commands", integration_type=0, permissions=0)


def person_link(application: str) -> str:
    return _link(application, scope="applications.commands", integration_type=1)


def _link(application: str, **query: str | int) -> str:
    return f"{AUTHORIZE}?{urlencode({'client_id': application, **query})}"
