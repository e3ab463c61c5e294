"""The same quiz in Slack with aiohttp alone: no press can cost less processor time than this."""

import asyncio
import hashlib
import hmac
import json
import os
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from tests.bench.bots import quiz
from tests.bench.bots.floor import Sessions


def card(question: int) -> quiz.Json:
    asked = quiz.QUESTIONS[question]
    buttons = [*enumerate(asked.options), *([("back", quiz.BACK)] if question else [])]
    elements = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": label},
            "action_id": f"quiz-{number}",
            "value": str(number),
        }
        for number, label in buttons
    ]
    words = f"*{quiz.title(question)}*\n{asked.words}"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    return {"text": words, "blocks": [section, {"type": "actions", "elements": elements}]}


class Floor:
    """Commits, acknowledges, and shows the card; a press changes the one that it was on."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session, self._sessions = session, Sessions()

    async def over_http(self, secret: str, port: int) -> None:
        async def take(request: web.Request) -> web.Response:
            body, sent_at = await request.read(), request.headers["X-Slack-Request-Timestamp"]
            signed = hmac.new(
                secret.encode(), b"v0:%b:%b" % (sent_at.encode(), body), hashlib.sha256
            )
            said = request.headers["X-Slack-Signature"]
            if not hmac.compare_digest(f"v0={signed.hexdigest()}", said):
                return web.Response(status=401)
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            await self._take(json.loads(form["payload"]) if "payload" in form else form)
            return web.Response()

        application = web.Application()
        application.add_routes([web.post("/slack/events", take)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    async def over_socket(self, app_token: str) -> None:
        url = f"{os.environ['SLACK_API_URL']}apps.connections.open"
        headers = {"Authorization": f"Bearer {app_token}"}
        async with self._session.post(url, headers=headers) as answer:
            ticket = (await answer.json())["url"]
        async with self._session.ws_connect(ticket, max_msg_size=0) as socket:
            async for message in socket:
                envelope = json.loads(message.data)
                if "payload" in envelope:
                    self._sessions.in_background(self._acknowledged(socket, envelope))

    async def _acknowledged(
        self, socket: aiohttp.ClientWebSocketResponse, envelope: quiz.Json
    ) -> None:
        await self._take(envelope["payload"])
        await socket.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))

    async def _take(self, arrived: quiz.Json) -> None:
        pressed = arrived["actions"][0]["value"] if "actions" in arrived else "start"
        user = arrived["user_id"] if pressed == "start" else arrived["user"]["id"]
        shown = card(await self._sessions.press(user, pressed))
        shown["replace_original"] = pressed != "start"
        self._sessions.in_background(self._show(arrived["response_url"], shown))

    async def _show(self, url: str, shown: quiz.Json) -> None:
        async with self._session.post(url, json=shown):
            pass


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        floor = Floor(session)
        if app_token := os.environ.get("SLACK_APP_TOKEN"):
            await floor.over_socket(app_token)
        else:
            await floor.over_http(os.environ["SLACK_SIGNING_SECRET"], int(os.environ["PORT"]))


if __name__ == "__main__":
    asyncio.run(main())
