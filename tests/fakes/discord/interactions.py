"""Interaction callbacks and follow-ups: once, in time, of the right kind, and within the limits."""

from typing import Any

from aiohttp import web

from tests.fakes.discord import errors, limits, openapi
from tests.fakes.discord.components import Json
from tests.fakes.discord.rest import edit_problems, judge, judge_edit, shape
from tests.fakes.discord.uploads import read
from tests.fakes.discord.world import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    FIRST_RESPONSE_SECONDS,
    MODAL_SUBMIT,
    TOKEN_SECONDS,
    Interaction,
    Message,
    Modal,
    World,
)

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFER},
}
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOWING = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
FOLLOW_UPS_OF_A_VISITOR = 5


class Interactions:
    """The handlers; `world` is what they read and change."""

    def __init__(self, world: World, app_id: str, *, judging: bool = True) -> None:
        self._judging = judging
        self.world = world
        self.app_id = app_id

    # interactions -----------------------------------------------------------------------------

    async def callback(self, request: web.Request) -> web.Response:
        live = self.world.interactions.get(request.match_info["token"])
        if live is None or live.id != request.match_info["id"] or live.expired:
            raise errors.unknown_interaction()
        age, body = live.age, await read(request)
        if live.response is not None:
            raise errors.already_acknowledged()
        if self._judging:
            if age > FIRST_RESPONSE_SECONDS:
                raise errors.unknown_interaction()
            self._judge_callback(live, body)
        live.response, live.answered_after = body, age
        self._carry_out(live, body)
        self.world.ring()
        if request.query.get("with_response") not in ("true", "1", "True"):
            return web.Response(status=204)
        return errors.reply(self._callback_resource(live))

    def _judge_callback(self, live: Interaction, body: Any) -> None:
        kind = body.get("type") if isinstance(body, dict) else None
        allowed = ALLOWED[live.kind] | (
            {DEFER_UPDATE, UPDATE} if live.source and live.kind == MODAL_SUBMIT else set()
        )
        if isinstance(kind, bool) or kind not in allowed:
            raise errors.form_error([("type", f"type {kind!r} is not allowed here")])
        data = body.get("data")
        match kind:
            case 4:
                problems = limits.message_problems(data)
            case 7:
                problems = edit_problems(live.source, data)
            case 8:
                problems = limits.choices_problems(data)
            case 9:
                problems = limits.modal_problems(data)
            case _:
                problems = []
        if not problems and openapi.described():
            problems = [("openapi", line) for line in openapi.callback_problems(body)]
        if problems:
            raise errors.form_error([(f"data.{at}", what) for at, what in problems])

    def _carry_out(self, live: Interaction, body: Json) -> None:
        data = body.get("data") or {}
        match body["type"]:
            case 4 | 5:
                live.deferred = body["type"] == DEFER
                live.original = self.world.post(
                    live.place, data, asker=live.person, thinking=live.deferred
                )
            case 6:
                live.deferred, live.original = True, live.source
            case 7:
                assert live.source is not None
                live.original = self.world.edit(live.source, data)
            case 9:
                self.world.modals[live.person] = Modal(data, live, self.world.touch())
            case _:
                pass

    def _callback_resource(self, live: Interaction) -> Json:
        assert live.response is not None
        interaction: Json = {"id": live.id, "type": live.kind}
        resource: Json = {"type": live.response["type"]}
        if live.original is not None:
            interaction["response_message_id"] = live.original.id
            interaction["response_message_loading"] = live.deferred
            resource["message"] = shape(live.original, self.app_id)
        return {"interaction": interaction, "resource": resource}

    # follow-ups -------------------------------------------------------------------------------

    def _answered(self, request: web.Request) -> Interaction:
        live = self.world.interactions.get(request.match_info["token"])
        if live is None or live.response is None:
            raise errors.RefusalError(404, 10015, "Unknown Webhook")
        if live.expired or live.age > TOKEN_SECONDS:
            raise errors.RefusalError(401, 50027, "Invalid Webhook Token")
        return live

    def _original(self, live: Interaction) -> Message:
        if live.original is None or live.original.deleted:
            raise errors.RefusalError(404, 10008, "Unknown Message")
        return live.original

    async def follow_up(self, request: web.Request) -> web.Response:
        live, body = self._answered(request), await read(request)
        judge("post", "/webhooks/{webhook_id}/{webhook_token}", body)
        if not live.place.installed and live.follow_ups >= FOLLOW_UPS_OF_A_VISITOR:
            raise errors.RefusalError(400, 40094, "Maximum number of follow ups reached")
        live.follow_ups += 1
        if self.world.visitors_whisper and not live.place.installed:
            body["flags"] = int(body.get("flags") or 0) | limits.EPHEMERAL
        if live.deferred and live.original is not None and live.original.thinking:
            # The first follow-up takes the place of "thinking…" and is as private as that was.
            live.deferred = False
            message = self.world.edit(live.original, body)
        else:
            message = self.world.post(live.place, body, asker=live.person)
        self.world.ring()
        return errors.reply(shape(message, self.app_id))

    async def edit_original(self, request: web.Request) -> web.Response:
        live, body = self._answered(request), await read(request)
        message = self._original(live)
        judge_edit(ORIGINAL, message, body)
        live.deferred = False
        self.world.edit(message, body)
        self.world.ring()
        return errors.reply(shape(message, self.app_id))

    async def edit_follow_up(self, request: web.Request) -> web.Response:
        self._answered(request)
        body, wanted = await read(request), request.match_info["message"]
        message = self.world.messages.get(wanted)
        if message is None or message.deleted:
            raise errors.RefusalError(404, 10008, "Unknown Message")
        judge_edit(FOLLOWING, message, body)
        self.world.edit(message, body)
        self.world.ring()
        return errors.reply(shape(message, self.app_id))

    async def get_original(self, request: web.Request) -> web.Response:
        message = self._original(self._answered(request))
        return errors.reply(shape(message, self.app_id))

    async def delete_original(self, request: web.Request) -> web.Response:
        live = self._answered(request)
        self._original(live).deleted = True
        live.deferred = False
        self.world.ring()
        return web.Response(status=204)
