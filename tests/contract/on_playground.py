"""The playground's stand in the contract suite."""

from collections.abc import Iterator
from typing import Any

from adapters.playground import parse, render
from bot.chat.event import Event
from bot.chat.form import Form
from bot.chat.reply import Message
from tests.contract.stand import Control

Json = dict[str, Any]

CARD = {"section", "h3", "h4", "div", "p", "br", "ul", "li", "dl", "dt", "dd", "small", "strong"}
CARD |= {"em", "code", "a", "time", "table", "thead", "tbody", "tr", "th", "td", "button", "pre"}
FORM = {"form", "h2", "label", "span", "input", "select", "option"}
KNOWN = CARD | FORM | {"img", "menu-button"}
PICTURE = "data:image/svg+xml;base64,"  # in an <img>, where its scripts do not run
FROM = {"id": "1", "member": "ana", "channel": "room"}


class OnPlayground:
    name = "playground"

    def show(self, card: Message | Form) -> Json:
        return render.payload(card)

    def controls(self, shown: Json) -> list[Control]:
        return [
            Control(
                node["act"]["action"],
                node["props"].get("label") or text_of(node),
                {o["label"]: o["value"] for o in node["props"].get("options", [])},
            )
            for node in nodes(shown)
            if node.get("act", {}).get("kind") in ("press", "choice")
        ]

    def press(self, control: Control, *, shared: bool = False) -> Event | None:
        return parse.event({**FROM, "kind": "press", "action": control.id, "shared": shared})

    def choose(self, control: Control, value: str) -> Event | None:
        sent = {"kind": "choice", "action": control.id, "value": value}
        return parse.event({**FROM, **sent})

    def submit(self, shown: Json, values: dict[str, str]) -> Event | None:
        names = {n["props"]["name"] for n in nodes(shown) if "name" in n["props"]}
        return parse.event(
            {**FROM, **shown["act"], "values": {name: values[name] for name in names}}
        )

    def words(self, shown: Json) -> str:
        return "\n".join(_words(shown))

    def problems(self, shown: Json) -> list[str]:
        ids = [node["props"]["id"] for node in nodes(shown) if "id" in node["props"]]
        pointed = [
            id_ for n in nodes(shown) for id_ in n["props"].get("aria-describedby", "").split()
        ]
        unlabelled = {n["props"]["id"] for n in nodes(shown) if "name" in n["props"]} - {
            n["props"].get("for") for n in nodes(shown)
        }
        return [
            *(f"no page draws <{n['tag']}>" for n in nodes(shown) if n["tag"] not in KNOWN),
            *(f"#{id_} stands twice" for id_ in ids if ids.count(id_) > 1),
            *(f"#{id_} describes a field, and is not there" for id_ in pointed if id_ not in ids),
            *(f"#{id_} has no label" for id_ in unlabelled),
        ]

    def alarms(self, shown: Json) -> list[str]:
        """What a browser would run or read as markup; nobody can be pinged here."""
        props = [(name, value) for node in nodes(shown) for name, value in node["props"].items()]
        return [
            f"{name}={value}"
            for name, value in props
            if name.lower().startswith("on")
            or name.lower() in ("innerhtml", "srcdoc")
            or (name.lower() == "src" and not str(value).startswith(PICTURE))
            or (name == "href" and not str(value).startswith(("https://", "http://")))
        ]


def nodes(shown: Json) -> Iterator[Json]:
    yield shown
    for child in shown["children"]:
        if isinstance(child, dict):
            yield from nodes(child)


def text_of(node: Json) -> str:
    """All characters below a node, in order."""
    return "".join(
        child if isinstance(child, str) else text_of(child) for child in node["children"]
    )


def _words(shown: Json) -> Iterator[str]:
    for node in nodes(shown):
        yield from (child for child in node["children"] if isinstance(child, str))
        props = node["props"]
        yield from (str(props[name]) for name in ("label", "value", "placeholder") if name in props)
        for option in props.get("options", []):
            yield from (option["label"], option["description"])
