"""Origin checks: keep pages of other sites away from the playground, which believes any caller."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Vue compiles NiceGUI's templates in the browser, and NiceGUI writes its start into the page.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_REFUSED = PlainTextResponse("Only the playground's own page may do that.\n", status_code=403)
_POLICY_VIOLATION = 1008


class Guard:
    """Refuses what a page of another site asks for, and lets no other site frame this one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif _from_here(Headers(scope=scope)):
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()  # its wish to connect
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await _REFUSED(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    """Browsers name the page's origin with every WebSocket, and whatever crosses sites."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            # engine.io tells every origin that it may read the answer.
            kept = (
                (name, value)
                for name, value in message["headers"]
                if not name.lower().startswith(b"access-control-")
            )
            message = {**message, "headers": [*kept, *_HEADERS]}
        await send(message)

    return sending
