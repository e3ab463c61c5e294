"""The same quiz in Discord with aiohttp alone: no press can cost less processor time than this."""

import asyncio
import json
import os

import aiohttp

from tests.bench.bots import quiz
from tests.bench.bots.floor import Sessions

DISPATCH, HEARTBEAT, IDENTIFY, HELLO = 0, 1, 2, 10
COMMAND, COMPONENT = 2, 3
API, GATEWAY = os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"]
TOKEN = os.environ["DISCORD_TOKEN"]
SECRET = {"Authorization": f"Bot {TOKEN}"}


def card(question: int) -> quiz.Json:
    asked = quiz.QUESTIONS[question]
    rows = [row((f"{number}", label)) for number, label in enumerate(asked.options)] + [
        row(("back", quiz.BACK))
    ] * bool(question)
    words = [{"type": 10, "content": f"## {quiz.title(question)}\n{asked.words}"}]
    container = {"type": 17, "components": [*words, {"type": 14}, *rows]}
    return {"flags": 64 | 1 << 15, "components": [container], "allowed_mentions": {"parse": []}}


def row(*buttons: tuple[str, str]) -> quiz.Json:
    made = [{"type": 2, "style": 2, "label": label, "custom_id": name} for name, label in buttons]
    return {"type": 1, "components": made}


class Floor:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session, self._sessions = session, Sessions()

    async def register(self) -> None:
        async with self._session.get(f"{API}/users/@me", headers=SECRET) as answer:
            me = (await answer.json())["id"]
        commands = [{"name": "quiz", "description": "Which way is yours?"}]
        url = f"{API}/applications/{me}/commands"
        async with self._session.put(url, headers=SECRET, json=commands) as answer:
            answer.raise_for_status()

    async def listen(self) -> None:
        url = f"{GATEWAY}?v=10&encoding=json"
        async with self._session.ws_connect(url, max_msg_size=0) as gateway:
            async for message in gateway:
                arrived = json.loads(message.data)
                if arrived["t"] == "INTERACTION_CREATE":
                    self._sessions.in_background(self._answer(arrived["d"]))
                elif arrived["op"] == HELLO:
                    seconds = arrived["d"]["heartbeat_interval"] / 1000
                    self._sessions.in_background(beat(gateway, seconds))
                    who = {"token": TOKEN, "intents": 1, "properties": {}, "shard": [0, 1]}
                    await gateway.send_json({"op": IDENTIFY, "d": who})

    async def _answer(self, arrived: quiz.Json) -> None:
        user = (arrived.get("member") or arrived)["user"]["id"]
        is_press = arrived["type"] == COMPONENT
        pressed = arrived["data"]["custom_id"] if is_press else "start"
        shown = card(await self._sessions.press(user, pressed))
        url = f"{API}/interactions/{arrived['id']}/{arrived['token']}/callback"
        async with self._session.post(url, json={"type": 7 if is_press else 4, "data": shown}):
            pass


async def beat(gateway: aiohttp.ClientWebSocketResponse, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await gateway.send_json({"op": HEARTBEAT, "d": None})


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        floor = Floor(session)
        await floor.register()
        await floor.listen()


if __name__ == "__main__":
    asyncio.run(main())
