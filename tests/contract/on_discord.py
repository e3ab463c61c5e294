"""Discord's stand in the contract suite."""

import re
from typing import Any

from adapters.discord import parse, render
from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message
from tests.contract.stand import Control
from tests.fakes.discord import openapi
from tests.fakes.discord.components import BUTTON, CONTAINER, STRING_SELECT, shown_text, walk
from tests.fakes.discord.limits import message_problems, modal_problems

Json = dict[str, Any]
MENTION = re.compile(r"(?<!\\)<(?:@|#|/|:|a:|id:)|@everyone|@here")


class OnDiscord:
    name = "discord"

    def show(self, card: Message | Form) -> Json:
        return render.payload(card)

    def controls(self, shown: Json) -> list[Control]:
        return [
            Control(
                component["custom_id"],
                component.get("label", ""),
                {option["label"]: option["value"] for option in component.get("options", [])},
            )
            for component in walk(shown["components"])
            if component["type"] in (BUTTON, STRING_SELECT)
        ]

    def press(self, control: Control, *, shared: bool = False) -> Event | None:
        data = {"component_type": BUTTON, "custom_id": control.id}
        return parse.event(_component(data, shared=shared))

    def choose(self, control: Control, value: str) -> Event | None:
        data = {"component_type": STRING_SELECT, "custom_id": control.id, "values": [value]}
        return parse.event(_component(data, shared=False))

    def submit(self, shown: Json, values: dict[str, str]) -> Event | None:
        components = [
            {"type": 18, "component": _filled(label["component"], values)}
            for label in shown["components"]
        ]
        data = {"custom_id": shown["custom_id"], "components": components}
        return parse.event({**_interaction(), "type": 5, "data": data})

    def words(self, shown: Json) -> str:
        controls = [
            text
            for component in walk(shown["components"])
            for text in (component.get("label", ""), *_options(component))
        ]
        return "\n".join([shown.get("title", ""), shown_text(shown["components"]), *controls])

    def problems(self, shown: Json) -> list[str]:
        modal = "custom_id" in shown
        found = modal_problems(shown) if modal else message_problems(shown)
        if not found and openapi.described():
            callback = {"type": 9 if modal else 4, "data": shown}
            return openapi.callback_problems(callback)
        return [f"{at}: {what}" for at, what in found]

    def alarms(self, shown: Json) -> list[str]:
        if shown["components"][0]["type"] != CONTAINER:
            return []  # labels and values of a form are never read as markup
        missing = [] if shown["allowed_mentions"] == {"parse": []} else ["mentions are allowed"]
        return missing + MENTION.findall(re.sub(r"<t:\d+:\w>", "", shown_text(shown["components"])))


def _interaction() -> Json:
    return {
        "id": "1",
        "token": "t",
        "application_id": "2",
        "guild_id": "3",
        "channel_id": "4",
        "context": 0,
        "locale": "en-US",
        "member": {"user": {"id": "5"}},
    }


def _component(data: Json, *, shared: bool) -> Json:
    flags = render.COMPONENTS_V2 | (0 if shared else render.EPHEMERAL)
    return {**_interaction(), "type": 3, "data": data, "message": {"flags": flags}}


def _filled(field: Json, values: dict[str, str]) -> Json:
    value = values[field["custom_id"]]
    kept = {"type": field["type"], "custom_id": field["custom_id"]}
    return (
        {**kept, "values": [value]} if field["type"] == STRING_SELECT else {**kept, "value": value}
    )


def _options(component: Json) -> list[str]:
    return [
        text
        for o in component.get("options", [])
        for text in (o["label"], o.get("description", ""))
    ]
