"""The HTTP proxy that a call goes through: one rule for every library that makes calls."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.adapter import Finding

_SCHEMES = {"ws": "http", "wss": "https"}
_PORTS = {"http": 80, "https": 443}


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for `url` (http, https, ws or wss), as it is given to
    aiohttp's `proxy=`; None where the call goes straight.

    `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` mean what they mean to curl. aiohttp's `trust_env`
    would ask for `WSS_PROXY`, and refuse each call with a token of its own where ~/.netrc has a
    default entry; slack_sdk does not look at `NO_PROXY`, and discord.py at none of them.
    """
    asked = urlsplit(url)
    scheme, host = _SCHEMES.get(asked.scheme, asked.scheme), asked.hostname or ""
    proxy = getproxies().get(scheme, "").strip()
    if not proxy or proxy_bypass(f"{host}:{asked.port or _PORTS.get(scheme, 0)}"):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def found_proxy(platform: str, root: str) -> Finding:
    """For `doctor`: through which proxy the platform's API `root` is called."""
    proxy = proxy_for(root)
    if proxy is None:
        return Finding("proxy", f"none on the way to {platform}")
    found = urlsplit(proxy)
    try:
        where = f"{found.scheme}://{found.hostname}:{found.port or 80}"  # never with its password
    except ValueError:
        advice = "HTTPS_PROXY and HTTP_PROXY must be addresses: http://HOST:PORT"
        return Finding("proxy", advice, stops=True)
    return Finding("proxy", f"{platform} is called through {where}")
