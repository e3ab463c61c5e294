"""REST v10 for messages and commands: each handler refuses what Discord would refuse."""

from typing import Any

from aiohttp import web

from tests.fakes.discord import errors, limits, openapi
from tests.fakes.discord.components import Json, Problem
from tests.fakes.discord.uploads import read
from tests.fakes.discord.world import Message, World, snowflake

ENTRY_POINT_LOST = "You cannot remove this app's Entry Point command in a bulk update operation."


def shape(message: Message, app_id: str) -> Json:
    """Show a message as the API does."""
    components = message.components
    return {
        "id": message.id,
        "channel_id": message.place.channel_id,
        "type": 0,
        "content": message.body.get("content") or "",
        "author": {
            "id": app_id,
            "username": "crossroads",
            "discriminator": "0",
            "avatar": None,
            "bot": True,
        },
        "application_id": app_id,
        "webhook_id": app_id,
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": "2026-01-05T09:00:00+00:00",
        "edited_timestamp": "2026-01-05T09:00:01+00:00" if message.edits else None,
        "flags": message.flags,
        "components": components,
        "nonce": message.nonce,
    }


def edit_problems(message: Message | None, body: Any) -> list[Problem]:
    """Judge an edit: what it leaves out stays as it was."""
    if message is None or not isinstance(body, dict):
        return [("data", "must be an object")]
    whole = {"components": message.components, **body}
    return limits.message_problems(whole, kept_flags=message.flags)


def judge(method: str, path: str, body: Any) -> None:
    """Refuse a message that Discord would refuse at this operation."""
    problems = limits.message_problems(body)
    if not problems and openapi.described():
        problems = [("openapi", line) for line in openapi.body_problems(method, path, body)]
    if problems:
        raise errors.form_error(problems)


def judge_edit(path: str, message: Message, body: Any) -> None:
    problems = edit_problems(message, body)
    if not problems and openapi.described():
        problems = [("openapi", line) for line in openapi.body_problems("patch", path, body)]
    if problems:
        raise errors.form_error(problems)


class Rest:
    """The handlers; `world` is what they read and change."""

    def __init__(self, world: World, app_id: str) -> None:
        self.world = world
        self.app_id = app_id

    # messages ---------------------------------------------------------------------------------

    async def open_dm(self, request: web.Request) -> web.Response:
        body = await read(request)
        person = body.get("recipient_id") if isinstance(body, dict) else None
        if str(person) not in self.world.names:
            raise errors.form_error([("recipient_id", "unknown user")])
        place = self.world.dm(str(person))
        recipient = {
            "id": str(person),
            "username": self.world.names[str(person)].lower(),
            "discriminator": "0",
            "avatar": None,
        }
        return errors.reply(
            {"id": place.channel_id, "type": 1, "last_message_id": None, "recipients": [recipient]}
        )

    async def post_message(self, request: web.Request) -> web.Response:
        place = self.world.channels.get(request.match_info["channel"])
        if place is None:
            raise errors.RefusalError(404, 10003, "Unknown Channel")
        body = await read(request)
        judge("post", "/channels/{channel_id}/messages", body)
        if code := self.world.closed_dms.get(self._reader(place.channel_id)):
            raise errors.RefusalError(403, code, "Cannot send messages to this user")
        message = self._same_nonce(place.channel_id, body) or self.world.post(
            place, body, asker=None
        )
        self.world.ring()
        return errors.reply(shape(message, self.app_id))

    async def list_messages(self, request: web.Request) -> web.Response:
        """A page of the oldest after an id, or of the latest; within it, the latest first.

        Nonces are not in it: those are told to the sender alone, and once.
        """
        channel, after = request.match_info["channel"], int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise errors.form_error([("limit", "must be between 1 and 100")])
        found = [
            {**shape(message, self.app_id), "nonce": None}
            for message in self.world.messages.values()
            if message.place.channel_id == channel and int(message.id) > after
        ]
        page = found[:limit] if "after" in request.query else found[-limit:]
        return errors.reply(page[::-1])

    def _reader(self, channel_id: str) -> str:
        return next((who for who, dm in self.world.dms.items() if dm == channel_id), "")

    def _same_nonce(self, channel_id: str, body: Json) -> Message | None:
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        for message in self.world.messages.values():
            if message.place.channel_id == channel_id and message.nonce == body["nonce"]:
                return message
        return None

    async def edit_message(self, request: web.Request) -> web.Response:
        message = self.world.messages.get(request.match_info["message"])
        if message is None or message.deleted:
            raise errors.RefusalError(404, 10008, "Unknown Message")
        body = await read(request)
        judge_edit("/channels/{channel_id}/messages/{message_id}", message, body)
        self.world.edit(message, body)
        self.world.ring()
        return errors.reply(shape(message, self.app_id))

    # the application --------------------------------------------------------------------------

    async def list_commands(self, request: web.Request) -> web.Response:
        return errors.reply(self.world.commands)

    async def replace_commands(self, request: web.Request) -> web.Response:
        commands = await read(request)
        problems = limits.commands_problems(commands)
        if not problems and openapi.described():
            path = "/applications/{application_id}/commands"
            problems = [("openapi", line) for line in openapi.body_problems("put", path, commands)]
        if problems:
            raise errors.form_error(problems)
        entries = {c["id"] for c in self.world.commands if c.get("type") == limits.ENTRY_POINT}
        if entries - {command.get("id") for command in commands}:
            raise errors.RefusalError(400, 50240, ENTRY_POINT_LOST)
        self.world.commands = [self._registered(command) for command in commands]
        self.world.ring()
        return errors.reply(self.world.commands)

    async def add_command(self, request: web.Request) -> web.Response:
        command = await read(request)
        if problems := limits.commands_problems([command]):
            raise errors.form_error(problems)
        others = [c for c in self.world.commands if c["name"] != command["name"]]
        self.world.commands = [*others, self._registered(command)]
        self.world.ring()
        return errors.reply(self.world.commands[-1], 201)

    def _registered(self, command: Json) -> Json:
        return {
            "type": 1,
            **command,
            "id": snowflake(),
            "application_id": self.app_id,
            "version": snowflake(),
            "default_member_permissions": None,
        }
