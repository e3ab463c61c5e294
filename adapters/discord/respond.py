"""Interaction responses: the first one in time, what follows it, and never silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from adapters.discord import render
from adapters.discord.api import RefusedError, Rest
from adapters.discord.parse import Handle
from adapters.shared.calls import CallError, LimitedError, UncertainError
from adapters.shared.pictures.cards import illustrated, told
from adapters.shared.pictures.png import Picture
from bot.chat.form import Form
from bot.chat.parts import Button, Buttons, Prose
from bot.chat.reply import Message, Reply
from bot.commands.cards import note

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
WINDOW_SECONDS = 3.0  # from the interaction to the first response
DEFER_SECONDS = 1.8  # the core has had its time: say that the answer is coming
ATTEMPT_SECONDS = 1.2  # two attempts fit into the window
LATER_SECONDS = 60.0  # how long an answer that was promised is worth trying
PAUSE_SECONDS = 0.2

UNSHOWABLE = note(
    "That did not fit on the screen",
    "What you did is kept. Type the command again to go on from there.",
)
UNPOSTED = note("Not shared", "Discord did not let me post in this channel.")
KEPT_PRIVATE = note(
    "Not shared",
    "Discord showed it to you alone: apps that a member brings along may not speak in this channel."
    " Whoever runs the server can allow it, or add Crossroads there.",
)


@dataclass(slots=True)
class Promise:
    """Whether it was said that an answer is coming; `ours`: Discord took that from us."""

    made: bool = False
    ours: bool = False


class Responder:
    """Takes one interaction to its end; logs what Discord refuses, and raises nothing of it."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    @asynccontextmanager
    async def promising(self, handle: Handle, arrived: float) -> AsyncIterator[Promise]:
        """While the reply is made: say that it is coming, if that takes long.

        `arrived` is the loop's time at which the interaction came in.
        """
        promise, saying = Promise(), list[asyncio.Task[bool]]()

        def promised() -> None:
            saying.append(asyncio.create_task(self._respond(handle, defer(handle), arrived)))

        timer = asyncio.get_running_loop().call_at(arrived + DEFER_SECONDS, promised)
        try:
            yield promise
        finally:
            timer.cancel()
            for one in saying:
                promise.made, promise.ours = True, await one

    async def show(self, handle: Handle, arrived: float, reply: Reply, promise: Promise) -> None:
        """Show the reply, and post what the room shall see, unless another answer stands."""
        if not promise.made:
            # In words: a picture takes a while to draw and to send, and there are three seconds.
            ours = await self._respond(handle, first(handle, told(reply.show)), arrived)
        elif ours := promise.ours:
            await self._later(handle, reply.show)
        if not ours:
            return
        stands = reply.post is None or await self._post(handle, reply.post)
        if stands and not promise.made and isinstance(reply.show, Message):
            await self._illustrate(handle, reply.show, "@original")

    async def choices(self, handle: Handle, choices: list[Json], arrived: float) -> None:
        await self._respond(handle, {"type": CHOICES, "data": {"choices": choices}}, arrived)

    async def apologise(self, handle: Handle, arrived: float) -> None:
        await self._respond(handle, first(handle, UNSHOWABLE), arrived)

    async def _respond(self, handle: Handle, callback: Json, arrived: float) -> bool:
        """Send the first response; whether it was ours and stands."""
        path = f"/interactions/{handle.id}/{handle.token}/callback"
        loop, uncertain = asyncio.get_running_loop(), False
        while True:
            left = arrived + WINDOW_SECONDS - loop.time()
            seconds = min(ATTEMPT_SECONDS, max(left, PAUSE_SECONDS))
            pause = PAUSE_SECONDS
            try:
                await self._rest.call("POST", path, callback, authorized=False, seconds=seconds)
            except RefusedError as error:
                return await self._refused(handle, callback, arrived, error, uncertain)
            except LimitedError as error:
                pause = error.seconds
            except CallError as error:
                # If it did get through, the next attempt is told 40060: no second effect.
                uncertain = uncertain or isinstance(error, UncertainError)
            else:
                return True
            if loop.time() + pause > arrived + WINDOW_SECONDS:
                log.warning("interaction %s: no first response within three seconds", handle.id)
                return False
            await asyncio.sleep(pause)

    async def _refused(
        self,
        handle: Handle,
        callback: Json,
        arrived: float,
        error: RefusedError,
        uncertain: bool,
    ) -> bool:
        if error.code == ALREADY_ACKNOWLEDGED:
            log.info("interaction %s had been acknowledged", handle.id)
            return uncertain
        if error.code == UNKNOWN_INTERACTION:
            log.warning("interaction %s came too late", handle.id)
            return False
        log.error("interaction %s: Discord refused the answer: %s", handle.id, error)
        fallback = first(handle, UNSHOWABLE)
        if callback["type"] != CHOICES and callback != fallback:
            await self._respond(handle, fallback, arrived)
        return False

    async def _later(self, handle: Handle, shown: Message | Form) -> None:
        """Show what had been put off, in place of the card or of "thinking…"."""
        card = form_card(shown) if isinstance(shown, Form) else shown
        if handle.own_card and card.placement == "new":
            posted = await self._follow_up(handle, card, ephemeral=not handle.direct)
            await self._illustrate(handle, card, (posted or {}).get("id"))
        elif not await self._edit(handle, card):
            await self._edit(handle, UNSHOWABLE)

    async def _post(self, handle: Handle, card: Message) -> bool:
        """Show a card to the whole room, at most once; what was shown before said that it was.

        Whether that stands, or has had to be put right.
        """
        posted = await self._follow_up(handle, card)
        if posted is None:
            await self._edit(handle, UNPOSTED)
            return False
        if int(posted.get("flags") or 0) & render.EPHEMERAL:
            log.info("interaction %s: Discord kept private what was for the room", handle.id)
            await self._edit(handle, KEPT_PRIVATE)
            return False
        await self._illustrate(handle, card, posted.get("id"))
        return True

    async def _edit(self, handle: Handle, card: Message, message: str = "@original") -> bool:
        """Put a card in the place of the first response, or of a message that followed it."""
        path = f"/webhooks/{handle.application}/{handle.token}/messages/{message}"
        shown, files = await illustrated(card)
        body = render.edit(shown)
        return await self._call(handle, "PATCH", path, body, files, repeatable=True) is not None

    async def _follow_up(
        self, handle: Handle, card: Message, *, ephemeral: bool = False
    ) -> Json | None:
        """A message after the first response, in words; `_illustrate` adds its pictures."""
        path = f"/webhooks/{handle.application}/{handle.token}"
        body = render.message(told(card), ephemeral=ephemeral)
        return await self._call(handle, "POST", path, body, (), repeatable=False)

    async def _illustrate(self, handle: Handle, card: Message, message: str | None) -> None:
        """Put the pictures of a card in the place of its words; `message` is None if unknown."""
        if message and told(card) is not card:
            await self._edit(handle, card, message)

    async def _call(
        self,
        handle: Handle,
        method: str,
        path: str,
        body: Json,
        files: Sequence[Picture],
        *,
        repeatable: bool,
    ) -> Json | None:
        """Call until it is taken or refused: the message, {} if nobody knows, None if refused."""
        try:
            sent = await persist(
                lambda: self._rest.call(method, path, body, authorized=False, files=files),
                repeatable=repeatable,
            )
        except UncertainError:
            log.warning("interaction %s: %s may not have arrived", handle.id, method)
            return {}
        except CallError as error:
            log.error("interaction %s: Discord did not take what followed: %s", handle.id, error)
            return None
        return sent if isinstance(sent, dict) else {}


async def persist(call: Callable[[], Awaitable[Any]], *, repeatable: bool) -> Any:
    """Call until Discord takes or refuses it, for as long as an answer is worth it.

    Raises RefusedError, UncertainError where it may have arrived and must not be repeated, and
    whatever came last when the time is over.
    """
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + LATER_SECONDS, PAUSE_SECONDS
    while True:
        try:
            return await call()
        except RefusedError:
            raise
        except CallError as error:
            if isinstance(error, UncertainError) and not repeatable:
                raise
            pause *= 2
            wait = error.seconds if isinstance(error, LimitedError) else pause
            if loop.time() + wait > deadline:
                raise
        await asyncio.sleep(wait)


def first(handle: Handle, shown: Message | Form) -> Json:
    """The first response that shows a card or opens a form."""
    if isinstance(shown, Form):
        if not handle.from_form:
            return {"type": MODAL, "data": render.form_modal(shown)}
        shown = form_card(shown)
    if handle.own_card and shown.placement == "replace":
        return {"type": UPDATE, "data": render.edit(shown)}
    return {"type": MESSAGE, "data": render.message(shown, ephemeral=not handle.direct)}


def defer(handle: Handle) -> Json:
    """Promise an answer: the card stays as it is, or the asker alone sees "thinking…"."""
    if handle.own_card:
        return {"type": DEFER_UPDATE}
    return {"type": DEFER, "data": {"flags": 0 if handle.direct else render.EPHEMERAL}}


def form_card(form: Form) -> Message:
    """A card that leads to the form, where Discord takes no form: after a form, after a defer."""
    labels = {field.name: field.label for field in form.fields}
    wrong = [f"{labels[name]}: {sentence}" for name, sentence in form.errors.items()]
    said = "\n".join(wrong) or "Open the form to go on."
    label = "Try again" if wrong else "Open the form"
    return Message(
        title=form.title,
        parts=(
            Prose(text=(said,)),
            Buttons(buttons=(Button(label=label, action=form.reopen, style="primary"),)),
        ),
    )
