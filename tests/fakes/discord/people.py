"""People at their screens: they type commands, press, choose, fill in forms, and look."""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.fakes.discord import payloads
from tests.fakes.discord.components import BUTTON, STRING_SELECT, Json, walk
from tests.fakes.discord.world import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    Message,
    Modal,
    Place,
)

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Person:
    """One member, in one place; `at` and `in_dm` are the same member elsewhere."""

    discord: "FakeDiscord" = field(repr=False)
    id: str
    name: str
    place: Place
    locale: str = "en-US"

    @property
    def in_dm(self) -> "Person":
        return replace(self, place=self.discord.world.dm(self.id))

    def at(self, guild_id: str) -> "Person":
        channel = self.discord.world.guilds[guild_id]["channel"]
        return replace(self, place=self.discord.world.channels[channel])

    # looking ----------------------------------------------------------------------------------

    @property
    def screen(self) -> list[Message]:
        """What they see here, the newest last."""
        return self.discord.world.seen_by(self.id, self.place)

    @property
    def modal(self) -> Modal | None:
        return self.discord.world.modals.get(self.id)

    @property
    def last(self) -> Message:
        assert self.screen, f"{self.name} sees nothing here"
        return self.screen[-1]

    # doing ------------------------------------------------------------------------------------

    async def command(self, line: str, *, times: int = 1, wait: bool = True) -> Interaction:
        """Type `/name option:value …`, as the client offers it."""
        data = self._command_data(line)
        return await self._send(COMMAND, data, times=times, wait=wait)

    async def write(
        self, words: str, *, to: Message | None = None, times: int = 1, wait: bool = True
    ) -> None:
        """Write a direct message to the bot, or reply to one of its own."""
        assert self.place.context == 1, f"{self.name} is not in direct messages"
        self.discord.world.said.append(words)
        before = len(self.screen)
        payload = payloads.direct_message(self, words, to)
        for _ in range(times):
            await self.discord.gateway.dispatch("MESSAGE_CREATE", payload)
        if wait:
            what = f"an answer to {words!r} (refused: {self.discord.refused})"
            await self.discord.world.until(lambda: len(self.screen) > before, what, WAIT_SECONDS)

    async def complete(self, line: str) -> list[Json]:
        """Return the choices offered while the last option of the line is being typed."""
        data = self._command_data(line)
        data["options"][-1]["focused"] = True
        live = await self._send(AUTOCOMPLETE, data)
        assert live.response is not None
        choices: list[Json] = live.response["data"]["choices"]
        return choices

    async def press(
        self, label: str, *, on: Message | None = None, times: int = 1, wait: bool = True
    ) -> Interaction:
        message, button = self._find(BUTTON, label, on)
        assert not button.get("disabled"), f"{label!r} is greyed out"
        data = {"component_type": BUTTON, "custom_id": button["custom_id"], "id": 1}
        return await self._send(COMPONENT, data, source=message, times=times, wait=wait)

    async def choose(
        self, label: str, *, on: Message | None = None, times: int = 1, wait: bool = True
    ) -> Interaction:
        """Pick the option of this label from a menu."""
        message, select = self._find(STRING_SELECT, label, on)
        value = next(o["value"] for o in select["options"] if o["label"] == label)
        data = {
            "component_type": STRING_SELECT,
            "custom_id": select["custom_id"],
            "values": [value],
            "id": 1,
        }
        return await self._send(COMPONENT, data, source=message, times=times, wait=wait)

    async def forge(self, custom_id: str, *, on: Message) -> Interaction:
        """Press a button that this person was never shown."""
        data = {"component_type": BUTTON, "custom_id": custom_id, "id": 1}
        return await self._send(COMPONENT, data, source=on)

    async def submit(self, **answers: str) -> Interaction:
        """Fill in the open form, field by field (by custom_id), and send it."""
        modal = self.modal
        assert modal is not None, f"{self.name} has no form open"
        components = []
        for index, label in enumerate(modal.fields):
            inner = label["component"]
            value = answers.pop(inner["custom_id"], None)
            self.discord.world.said.append(value or "")
            components.append(payloads.answered(index, inner, value))
        assert not answers, f"no such field: {sorted(answers)}"
        data = {"custom_id": modal.body["custom_id"], "components": components, "resolved": {}}
        del self.discord.world.modals[self.id]
        return await self._send(MODAL_SUBMIT, data, source=modal.interaction.source)

    # how --------------------------------------------------------------------------------------

    def _command_data(self, line: str) -> Json:
        name, _, rest = line.removeprefix("/").partition(" ")
        known = {command["name"]: command for command in self.discord.world.commands}
        assert name in known, f"Discord offers no /{name}, only {sorted(known)}"
        pairs = dict(re.findall(r"(\w+):(.*?)(?= \w+:|$)", rest))
        self.discord.world.said += pairs.values()
        offered = {option["name"]: option for option in known[name].get("options") or []}
        assert set(pairs) <= set(offered), f"/{name} has no options {set(pairs) - set(offered)}"
        options = [{"name": k, "type": offered[k]["type"], "value": v} for k, v in pairs.items()]
        return {"id": known[name]["id"], "name": name, "type": 1, "options": options}

    def _find(self, kind: int, label: str, on: Message | None) -> tuple[Message, Json]:
        places = [on] if on is not None else list(reversed(self.screen))
        for message in places:
            assert message in self.screen, f"{self.name} cannot see that message"
            for component in walk(message.components):
                if component["type"] == kind and label in _names(component):
                    return message, component
        seen = [name for m in places for c in walk(m.components) for name in _names(c)]
        raise AssertionError(f"{self.name} sees no {label!r}, only {seen}")

    async def _send(
        self,
        kind: int,
        data: Json,
        *,
        source: Message | None = None,
        times: int = 1,
        wait: bool = True,
    ) -> Interaction:
        live = payloads.interaction(self, kind, data, source)
        self.discord.world.said += [data.get("custom_id", ""), *data.get("values", [])]
        await self.discord.deliver(live, times)
        if wait:
            what = f"an answer to {self.name}'s {data} (refused: {self.discord.refused})"
            await self.discord.world.until(lambda: live.settled, what, WAIT_SECONDS)
        return live


def _names(component: Json) -> list[str]:
    match component.get("type"):
        case 2:
            return [component.get("label", "")]
        case 3:
            return [option["label"] for option in component["options"]]
        case _:
            return []
