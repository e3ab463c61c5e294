"""A quiz in Slack as most tutorials write it: Bolt with its defaults, an await a statement."""

import asyncio
import json
import os
import re
import time
from typing import Any

import aiosqlite
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.bots import quiz

app = AsyncApp(
    client=AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    ),
    signing_secret=os.environ.get("SLACK_SIGNING_SECRET"),
)
database: aiosqlite.Connection


def blocks(question: int) -> list[quiz.Json]:
    asked = quiz.QUESTIONS[question]
    buttons = [*enumerate(asked.options), *([("back", quiz.BACK)] if question else [])]
    return [
        {"type": "header", "text": {"type": "plain_text", "text": quiz.title(question)}},
        {"type": "section", "text": {"type": "mrkdwn", "text": asked.words}},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": label},
                    "action_id": f"quiz-{number}",
                    "value": str(number),
                }
                for number, label in buttons
            ],
        },
    ]


@app.command("/quiz")
async def ask(ack: Any, body: dict[str, Any], respond: Any) -> None:
    await ack()
    user = body["user_id"]
    await database.execute("INSERT OR REPLACE INTO members VALUES (?, ?)", (user, int(time.time())))
    await database.execute("INSERT OR REPLACE INTO sessions VALUES (?, 0, '[]')", (user,))
    await database.commit()
    await respond(text=quiz.title(0), blocks=blocks(0))


@app.action(re.compile("quiz-.*"))
async def press(ack: Any, body: dict[str, Any], action: dict[str, Any], respond: Any) -> None:
    await ack()
    user = body["user"]["id"]
    await database.execute(
        "UPDATE members SET seen_at = ? WHERE user = ?", (int(time.time()), user)
    )
    cursor = await database.execute(
        "SELECT question, answers FROM sessions WHERE user = ?", (user,)
    )
    row = await cursor.fetchone()
    assert row is not None
    question, answers = quiz.turned(row[0], json.loads(row[1]), action["value"])
    await database.execute(
        "UPDATE sessions SET question = ?, answers = ? WHERE user = ?",
        (question, json.dumps(answers), user),
    )
    await database.commit()
    await respond(text=quiz.title(question), blocks=blocks(question), replace_original=True)


async def main() -> None:
    global database
    database = await aiosqlite.connect("quiz.db")
    for pragma in quiz.PRAGMAS:
        await database.execute(pragma)
    await database.executescript(quiz.SCHEMA)
    if app_token := os.environ.get("SLACK_APP_TOKEN"):
        await AsyncSocketModeHandler(app, app_token).start_async()  # type: ignore[no-untyped-call]
    else:
        runner = web.AppRunner(app.server().web_app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
