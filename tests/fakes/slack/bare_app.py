"""A bare Bolt app: what the fake is tried on."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

SECRET = "signing-secret"
EVERYTHING = re.compile(".*")
BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "again", "text": {"type": "plain_text", "text": "Again"}}
    ],
}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "hours",
            "label": {"type": "plain_text", "text": "Hours"},
            "element": {"type": "plain_text_input", "action_id": "hours"},
        }
    ],
}


def bare_app(api_url: str, token: str) -> AsyncApp:
    """Answers every command with "hello" in its acknowledgement, and every press by an update."""
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    client = AsyncWebClient(token=token, base_url=api_url)
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    @app.command(EVERYTHING)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack(text="hello", blocks=[BUTTON])
        if body["command"] == "/form":
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("again")
    async def press(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="hello again", blocks=[BUTTON], replace_original=True)

    @app.view("form")
    async def submitted(ack: Any, body: dict[str, Any]) -> None:
        typed = body["view"]["state"]["values"]["hours"]["hours"]["value"]
        if typed == "many":
            await ack(response_action="errors", errors={"hours": "a number, please"})
        else:
            await ack()

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        await client.chat_postMessage(channel=event["channel"], text="hello")

    @app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [BUTTON]})

    return app


@asynccontextmanager
async def over_socket(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def over_http(app: AsyncApp) -> AsyncIterator[str]:
    """Serves the app; yields its request URL."""
    runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/slack/events"
    finally:
        await runner.cleanup()
