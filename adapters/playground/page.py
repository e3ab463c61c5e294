"""The page: a chat client for the local members, drawn with NiceGUI."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from nicegui import Client, app, html, ui
from nicegui.events import GenericEventArguments

from adapters.playground.chat import Answer, Chat
from adapters.playground.components import Composer, FormView, PostView, commands
from adapters.playground.members import BY_ID, LOCALS, ROOM
from adapters.playground.panel.inspector import Inspector
from adapters.playground.panel.side import Look, Side
from adapters.playground.render import payload
from adapters.playground.transcript import Post
from adapters.playground.view import view
from adapters.playground.widgets import count, icon, state
from bot.adapter import Renderer
from bot.chat.event import Platform
from bot.chat.form import Form
from bot.chat.reply import Message

_WEB = Path(__file__).parent / "web"
_FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32"'
    ' rx="8" fill="#28304a"/><path d="M16 27V17M16 17 8 7M16 17l8-10" stroke="#fff"'
    ' stroke-width="3.5" stroke-linecap="round" fill="none"/></svg>'
)
_BEGIN = ("/compare", "/quiz", "/crossroads")
_KEYS = "/ for commands · ↑ to the latest card · Tab through its buttons"


def serve_page(server: FastAPI, chat: Chat, renderers: Mapping[Platform, Renderer]) -> None:
    """Serve the page at /, for any number of browsers."""

    @ui.page("/")
    def index(client: Client, member: str = "", channel: str = "") -> None:
        look = Look(BY_ID.get(member, LOCALS[0]), "direct" if channel == "direct" else "room")
        page = Page(chat, renderers, look)
        client.on_delete(chat.listen(page.refresh))

    app.add_static_files("/playground", _WEB)
    ui.run_with(
        server,
        title="Crossroads playground",
        favicon=_FAVICON,
        dark=None,
        tailwind=False,
        show_welcome_message=False,
    )


class Page:
    """One browser's page."""

    def __init__(self, chat: Chat, renderers: Mapping[Platform, Renderer], look: Look) -> None:
        self._chat = chat
        self._look = look
        self._inspector = Inspector(chat, renderers)
        self._shown: dict[str, tuple[dict[str, Any], PostView]] = {}
        self._form: FormView | None = None
        self._pressed = ""
        self._opened = max(chat.posts, default="")
        self._read: dict[str, str] = {}
        ui.add_head_html('<link rel="stylesheet" href="/playground/page.css">')
        ui.add_head_html('<script src="/playground/theme.js"></script>')
        ui.query(".nicegui-content").classes("page")
        self._build()
        self._draw()

    # What is there always

    def _build(self) -> None:
        self._shell = html.div().classes("shell")
        with self._shell:
            html.a("Skip to the message box").props("href=#line").classes("skip")
            self._side = Side(self._chat, self._look, self._go)
            with html.main().classes("talk"):
                self._header()
                with html.div().classes("scroll"), html.div().classes("inner"):
                    self._empty = html.div().classes("empty")
                    self._posts = html.ol().classes("posts").props("aria-label=Conversation")
                self._said = ui.label().classes("unseen").props("role=status aria-live=polite")
                self._composer = Composer().on("words", self._words)
                self._composer.props["commands"] = commands(self._chat.core.packs)
                html.p(_KEYS).classes("keys")
            self._inspector.build(self._toggle_inspector)
        self._modal = html.div()

    def _header(self) -> None:
        with html.header().classes("top"):
            burger = icon("☰", "Members and conversations").classes("burger")
            burger.on("click", lambda: self._shell.classes(toggle="nav-open"))
            with html.div().classes("where"):
                with html.h1():
                    self._title = ui.label()
                self._about = ui.label().classes("about-where")
            theme = icon("◐", "Colours: as the system has them").classes("theme")
            theme.on("click", js_handler="() => nextTheme()")
            self._inspect_button = icon("{ }", "Inspector").on("click", self._toggle_inspector)
            state(self._inspect_button, "aria-expanded", False)

    # What is looked at

    def _go(self, look: Look) -> None:
        self._look = look
        self._shell.classes(remove="nav-open")
        # The address names what is looked at, so that a reload comes back to it.
        ui.navigate.history.replace(f"/?member={look.member.id}&channel={look.channel}")
        self._draw()

    def _draw(self) -> None:
        member, room = self._look.member, self._look.channel == "room"
        self._title.text = f"# {ROOM}" if room else "Direct messages"
        self._about.text = (
            "The room: everybody sees what is shared here"
            if room
            else f"Between {member.name} and Crossroads"
        )
        whom = "the room" if room else "Crossroads"
        self._composer.props["placeholder"] = f"Message {whom} as {member.name}, or type /"
        self._posts.clear()
        self._shown.clear()
        self._dismiss()
        self._side.draw(self._look)
        self.refresh()
        self._inspector.look(member, self._latest())

    def _seen(self) -> list[Post]:
        look = self._look
        return self._chat.seen_by(look.member.id, look.channel, everyones=look.everyones)

    def _latest(self) -> Message | None:
        return next((post.card for post in reversed(self._seen()) if post.card), None)

    def refresh(self) -> None:
        """Bring the posts up to date; the ones that stay keep their place and the focus."""
        self._side.draw(self._look)
        posts = self._seen()
        for gone in self._shown.keys() - {post.id for post in posts}:
            self._shown.pop(gone)[1].delete()
        for at, (before, post) in enumerate(zip([None, *posts], posts, strict=False)):
            self._show(post, before, at)
        self._empty.clear()
        if not posts:
            self._draw_empty()
        self._side.tell(self._unread())

    def _unread(self) -> bool:
        """Whether a direct message has come since the member last looked, or the page opened."""
        member = self._look.member.id
        latest = max((post.id for post in self._chat.seen_by(member, "direct")), default="")
        if self._look.channel == "direct":
            self._read[member] = latest
        return latest > self._read.get(member, self._opened)

    def _show(self, post: Post, before: Post | None, at: int) -> None:
        seen = view(post, self._look.member, before)
        known = self._shown.get(post.id)
        if known and known[0] == seen:
            return
        element = known[1] if known else self._new_view(post.id, at)
        element.props["post"] = seen
        self._shown[post.id] = (seen, element)

    def _new_view(self, post: str, at: int) -> PostView:
        with self._posts:
            element = PostView()
        element.on("act", partial(self._act, post))
        element.on("inspect", partial(self._inspect, post))
        if at < len(self._shown):
            element.move(target_index=at)
        return element

    def _draw_empty(self) -> None:
        with self._empty:
            html.h2(f"Nothing here yet, {self._look.member.name}")
            html.p("Two roles, one fork in the road. Begin with one of these, or type / below.")
            with html.div().classes("buttons"):
                for words in _BEGIN:
                    button = html.button(words).classes("button plain").props("type=button")
                    button.on("click", partial(self._say, words))

    # What the member does

    async def _words(self, event: GenericEventArguments) -> None:
        await self._say(str(event.args))

    async def _say(self, words: str) -> None:
        self._go_on(await self._take({"kind": "words", "text": words}), "")

    async def _act(self, post: str, event: GenericEventArguments) -> None:
        answer = await self._take(event.args, post)
        if post in self._shown:
            count(self._shown[post][1], "settled")
        self._go_on(answer, post)

    async def _submit(self, event: GenericEventArguments) -> None:
        answer = await self._take(event.args, self._pressed)
        if self._form:
            count(self._form, "settled")
        self._go_on(answer, self._pressed)

    async def _take(self, what: Mapping[str, Any], pressed: str = "") -> Answer:
        look = self._look
        sent = {**what, "member": look.member.id, "channel": look.channel}
        return await self._chat.take(sent, pressed)

    def _go_on(self, answer: Answer, pressed: str) -> None:
        """Open the form that was answered with, or bring the post into view."""
        if answer.form:
            self._ask(answer.form, pressed)
            return
        self._dismiss()
        post = self._chat.posts.get(answer.post)
        self._inspector.follow(post.card if post else None)
        if answer.post in self._shown:
            seen, element = self._shown[answer.post]
            count(element, "focused")
            self._said.text = f"{seen['name']}: {seen['title']}"

    def _ask(self, form: Form, pressed: str) -> None:
        self._pressed = pressed
        if self._form is None:
            with self._modal:
                self._form = FormView()
            self._form.on("act", self._submit)
            self._form.on("dismiss", self._dismiss)
        self._form.props["tree"] = payload(form)
        self._inspector.follow(form)

    def _dismiss(self) -> None:
        if self._form:
            self._form.delete()
            self._form = None

    # The inspector

    def _inspect(self, post: str) -> None:
        self._inspector.follow(self._chat.posts[post].card)
        if not self._inspector.open:
            self._toggle_inspector()

    def _toggle_inspector(self) -> None:
        self._inspector.toggle()
        self._shell.classes(toggle="inspecting")
        state(self._inspect_button, "aria-expanded", self._inspector.open)
