"""Handlers of Bolt: each delivery through the core, commit, acknowledge, then show the answer."""

import logging
import re
import time
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from adapters.shared.calls import CallError
from adapters.shared.once import Once
from adapters.shared.tasks import Background
from adapters.slack import parse, render
from adapters.slack.api import Api
from adapters.slack.home import Home
from adapters.slack.profiles import Profiles
from adapters.slack.respond import Responder, Surface
from bot.chat.actions import MarkStep, TickPart
from bot.chat.event import Event, MalformedError, Person, Press, Submission
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.core.handle import Core
from bot.store.database import UnavailableError

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]
Ack: TypeAlias = Callable[..., Awaitable[Any]]
ANYTHING = re.compile(".*", re.DOTALL)
LAST_WORDS = frozenset({"app_uninstalled", "tokens_revoked"})
GONE = "Crossroads is no longer installed here. An admin of the workspace can add it again."
BUSY = "I cannot reach my records just now. Please try again in a minute."
POST_SECONDS = 2.0  # of the three that an acknowledgement may take


class Handlers:
    """The handlers of one app.

    `first_time` says, durably, whether an event is new.
    """

    def __init__(
        self,
        api: Api,
        core: Core,
        first_time: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._api, self._core, self._first_time = api, core, first_time
        self.background = Background()
        self._once: Once[Reply] = Once()
        self.profiles = Profiles(api, self.background, core.follow_zone)
        self._responder = Responder(api)
        self._home = Home(api, self._dashboard)

    def listen(self, app: AsyncApp) -> None:
        app.use(self.turned_away)
        app.command(ANYTHING)(self.command)
        app.action(ANYTHING)(self.interaction)
        app.view(ANYTHING)(self.submission)
        app.shortcut(ANYTHING)(self.shortcut)
        app.event("message")(self.direct_message)
        app.event("app_mention")(self.mentioned)
        app.event("app_home_opened")(self.home_opened)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.uninstalled)
        app.event(ANYTHING)(self.ignored)
        app.error(self.failed)

    async def turned_away(self, ack: Ack, body: Json, context: Json, next: Ack) -> Any:  # noqa: A002 (Bolt's name)
        """Read whose payload it is, once; a tenant without a working token gets no further, except
        to say that it is off.
        """
        whose = parse.installation(body)
        context["tenant"] = whose.tenant if whose else ""
        sorry = GONE
        try:
            if parse.event_type(body) in LAST_WORDS or (
                whose and await self._api.tokens.recent(whose.tenant)
            ):
                return await next()
        except UnavailableError:
            if "event" in body:
                raise  # not acknowledged: Slack sends an event again
            sorry = BUSY
        return (
            await ack(response_type="ephemeral", text=sorry) if "command" in body else await ack()
        )

    # --- deliveries ------------------------------------------------------------------------------

    async def command(self, ack: Ack, body: Json, context: Json) -> None:
        """The acknowledgement of a command carries its answer: one way for both.

        A chart is told in words there: of what is wrong with an acknowledgement we hear nothing,
        and not every workspace draws one.
        """
        event = parse.command(body, context["tenant"])
        surface = _surface(body, event)
        reply = await self._once.run(event.id, lambda: self._answer(event))
        if reply is None:
            await ack()
            return
        if isinstance(reply.show, Message):
            await ack(response_type="ephemeral", **render.message(reply.show))
        else:
            await ack()
            self._show(event, surface, reply.show)
        self._afterwards(event, surface, reply.post)

    async def interaction(self, ack: Ack, body: Json, context: Json) -> None:
        event = parse.interaction(body, context["tenant"])
        if event is None:
            await ack()
            return
        surface = _surface(body, event)
        reply = await self._once.run(event.id, lambda: self._answer(event))
        await ack()
        if reply is None:
            return
        if not (_on_home(body) and _is_mark(event)):  # Home itself shows what was ticked off
            self._show(event, surface, reply.show)
        self._afterwards(event, surface, reply.post)

    async def submission(self, ack: Ack, body: Json, context: Json) -> None:
        event = parse.submission(body, context["tenant"])
        surface = _surface(body, event)
        reply = await self._once.run(event.id, lambda: self._answer(event))
        if reply is None:
            await ack()
            return
        match reply.show:
            case Form() as form if form.errors and _same(event, form):
                await ack(response_action="errors", errors=form.errors)
            case Form() as form:
                view = render.form_modal(form, surface.metadata(), errors_in_blocks=True)
                await ack(response_action="update", view=view)
            case Message() as card if surface.view:
                view = render.card_modal(card, surface.metadata())
                await ack(response_action="update", view=view)
            case Message() as card:
                await ack()
                self._show(event, surface, card)
        self._afterwards(event, surface, reply.post)

    async def shortcut(self, ack: Ack, body: Json, context: Json) -> None:
        event = parse.shortcut(body, context["tenant"])
        surface = _surface(body, event)
        reply = await self._once.run(event.id, lambda: self._answer(event))
        await ack()
        if reply is not None:
            self._show(event, surface, reply.show)

    async def direct_message(self, body: Json, context: Json) -> None:
        """Answered before it is acknowledged, for Slack sends an event again that was not; and
        counted before it is answered, so that a repeat brings no second answer.
        """
        if event := parse.direct_message(body, context["tenant"]):
            await self._heard(event, parse.thread(body))

    async def mentioned(self, body: Json, context: Json) -> None:
        """Named in a channel: a short answer, that only the one who wrote sees."""
        if event := parse.mention(body, context["tenant"]):
            await self._heard(event, parse.thread(body))

    async def _heard(self, event: Event, thread: str) -> None:
        await self._once.run(event.id, lambda: self._counted(event, thread))

    async def _counted(self, event: Event, thread: str) -> Reply:
        reply = await self._answer(event)
        if await self._first_time(f"slack:{event.id}") and isinstance(reply.show, Message):
            person, channel = event.person, event.place.channel
            surface = Surface(person.tenant, person.user, channel=channel, thread=thread)
            self._show(event, surface, reply.show)
            self._afterwards(event, surface, reply.post)
            await self.background.settled(_key(event, surface), POST_SECONDS)
        return reply

    async def home_opened(self, body: Json, context: Json) -> None:
        event = parse.home_opened(body, context["tenant"])
        if event is not None and self._home.opened(event):
            self.background.spawn(_home_key(event), self._home.refresh(event))

    async def uninstalled(self, body: Json) -> None:
        """The app was removed, or its bot token revoked: the tenant is off at once."""
        if removed := parse.uninstalled(body, time.time()):
            whose, at = removed
            await self._api.tokens.uninstalled(whose.tenant, at)

    async def ignored(self) -> None:
        """An event that nothing is done about is acknowledged all the same."""

    async def failed(self, error: Exception) -> BoltResponse:
        """What cannot be read will be no better the next time; for the rest Slack may try again."""
        if isinstance(error, MalformedError) or _stumbled(error):
            log.warning("a payload cannot be read (%s)", type(error).__name__)
            return BoltResponse(status=400, body="unreadable\n")
        if isinstance(error, UnavailableError):
            log.warning("a delivery waits for the database: %s", error)
            return BoltResponse(status=503, body="busy\n")
        log.error("a delivery failed", exc_info=error)
        return BoltResponse(status=500, body="failed\n")

    # --- answers ---------------------------------------------------------------------------------

    async def _answer(self, event: Event) -> Reply:
        person = self.profiles.completed(event.person)
        asked = event.model_copy(update={"person": person})
        return await self._core.handle(asked, partial(self._api.tokens.look, tenant=person.tenant))

    async def _dashboard(self, person: Person) -> tuple[Message, ...]:
        return await self._core.dashboard(
            person, partial(self._api.tokens.look, tenant=person.tenant)
        )

    def _show(self, event: Event, surface: Surface, shown: Message | Form) -> None:
        self.background.spawn(_key(event, surface), _logged(self._responder.show(surface, shown)))

    def _afterwards(self, event: Event, surface: Surface, post: Message | None) -> None:
        if post is not None:
            self.background.spawn(
                _key(event, surface), _logged(self._responder.post(surface, post))
            )
        if self._home.falls_due(event):
            self.background.spawn(_home_key(event), self._home.refresh(event))


def _stumbled(error: Exception) -> bool:
    """Whether it was Bolt itself that tripped over a payload of another shape than Slack's."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("slack_bolt.")


async def _logged(showing: Awaitable[None]) -> None:
    try:
        await showing
    except CallError as error:
        log.warning("the answer was not shown: %s", error)


def _surface(body: Json, event: Event) -> Surface:
    return Surface.of(body, event.person.tenant, event.person.user)


def _key(event: Event, surface: Surface) -> str:
    """What must stay in order: the answers to one person in one place."""
    return f"{event.person.tenant} {event.person.user} {surface.view or surface.channel}"


def _home_key(event: Event) -> str:
    return f"home {event.person.tenant} {event.person.user}"


def _same(event: Event, form: Form) -> bool:
    """Whether the form is the one that was sent in, so that errors can stand beside its fields."""
    return isinstance(event.input, Submission) and event.input.action == form.action


def _on_home(body: Json) -> bool:
    return (body.get("view") or {}).get("type") == "home"


def _is_mark(event: Event) -> bool:
    return isinstance(event.input, Press) and isinstance(event.input.action, MarkStep | TickPart)
