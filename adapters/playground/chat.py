"""The conversations of the local members: what the page sends in, what each of them sees."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from adapters.playground import parse, transcript
from adapters.playground.members import BY_ID, Channel
from adapters.playground.parse import Json
from adapters.playground.transcript import BOT, PAGE, Post
from bot.adapter import Outcome, Refused, Sent
from bot.calendar.clock import MovableClock
from bot.chat.event import Event, Person
from bot.chat.form import Form
from bot.chat.reply import Message, Reply
from bot.core.handle import Core, random_id
from bot.store.database import Transaction, UnavailableError
from bot.store.facade import Store
from bot.telemetry import logs

log = logging.getLogger(__name__)

_KEPT = 300  # posts: more than anybody scrolls back through
_PREFIX = "playground:"

_NO_COMMAND = (
    "In a room Crossroads answers commands only: type / to see them."
    " In its direct messages it reads every word."
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One interaction, for the inspector: what arrived and what was answered."""

    event: Event
    reply: Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page does next: bring a post into view, or open a form."""

    post: str = ""
    form: Form | None = None


class Chat:
    """All posts, kept in the store beside what they are about, so that they outlive the process.

    `closed` holds the members whose direct messages are closed, as one can on the platforms.
    """

    def __init__(self, core: Core, new_id: Callable[[], str] = random_id) -> None:
        self.core = core
        self.closed: set[str] = set()
        self.last: dict[str, Exchange] = {}
        self.posts: dict[str, Post] = {}
        self._number = 0
        self._new_id = new_id
        self._listeners: list[Callable[[], None]] = []
        if isinstance(core.clock, MovableClock):
            core.clock.listen(self.changed)

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change, until the returned function is called."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def changed(self) -> None:
        """Have every page draw itself anew."""
        for changed in list(self._listeners):
            changed()

    async def restore(self) -> None:
        """Take up what was kept, the oldest first."""
        kept = await self.core.database.transact(
            lambda tx: Store(tx).settings.beginning_with(_PREFIX)
        )
        posts = (transcript.load(stored) for _, stored in sorted(kept.items()))
        self.posts = {post.id: post for post in posts if post}
        self._number = max((int(id_) for id_ in self.posts), default=0)

    def seen_by(self, member: str, channel: Channel, *, everyones: bool = False) -> list[Post]:
        return [
            post
            for post in self.posts.values()
            if transcript.visible(post, member, channel, everyones=everyones)
        ]

    async def take(self, sent: Json, pressed: str = "") -> Answer:
        """Take what the page sent; `pressed` is the post whose card was used, if one was."""
        with logs.request():
            return await self._take(sent, pressed)

    async def _take(self, sent: Json, pressed: str) -> Answer:
        card = self.posts.get(pressed)
        shared = card is not None and card.only is None
        event = parse.event({**sent, "id": self._new_id(), "shared": shared})
        if event is None:
            return await self._small_talk(sent)
        reply = await self.core.handle(event)
        self.last[event.person.user] = Exchange(event, reply)
        if not await self._known(event.person):
            await self._forget(event.person.user)
        return await self._place(event, reply, card, str(sent.get("text", "")).strip())

    async def send(self, member: str, message: Message, nonce: str) -> Outcome:
        """Put a direct message in front of a member."""
        if member not in BY_ID:
            return Refused("there is no such member here")
        if member in self.closed:
            return Refused("direct messages are closed")
        if self.sent(member, nonce) is None:
            post = self._post(member, "direct", BOT, card=message)
            await self._keep(replace(post, nonce=nonce))
        return Sent()

    def sent(self, member: str, nonce: str) -> Post | None:
        """The direct message that came with `nonce`."""
        posts = self.seen_by(member, "direct")
        return next((post for post in posts if post.nonce == nonce), None)

    async def _known(self, person: Person) -> bool:
        try:
            return (
                await self.core.database.transact(lambda tx: Store(tx).members.find(person))
                is not None
            )
        except UnavailableError:
            return True

    async def _forget(self, member: str) -> None:
        """Drop what was said by a member, or to them: their data have been deleted."""
        theirs = [p.id for p in self.posts.values() if member in (p.only, p.author, p.by)]
        for gone in theirs:
            del self.posts[gone]
        await self.core.database.transact(lambda tx: _write(tx, (), theirs))

    async def _small_talk(self, sent: Json) -> Answer:
        """Words in the room that are no command: everybody sees them, and nobody answers."""
        member = str(sent["member"])
        if not (words := str(sent.get("text", "")).strip()):
            return Answer()
        said = replace(self._post(member, "room", member, said=words), only=None)
        await self._keep(said, self._post(member, "room", PAGE, said=_NO_COMMAND))
        return Answer(said.id)

    async def _place(self, event: Event, reply: Reply, pressed: Post | None, words: str) -> Answer:
        """Put the answer where its placement says, and what is for the room into the room."""
        member = event.person.user
        channel: Channel = "direct" if event.place.direct else "room"
        posts = []
        if isinstance(reply.show, Message):
            own = pressed is not None and pressed.only == member
            if pressed and own and reply.show.placement == "replace":
                posts.append(replace(pressed, card=reply.show))
            else:
                new = self._post(member, channel, BOT, card=reply.show)
                posts.append(replace(new, by=member, prompt=words))
        if reply.post:
            shared = self._post(member, "room", BOT, card=reply.post)
            posts.append(replace(shared, only=None, by=member))
        await self._keep(*posts)
        if isinstance(reply.show, Form):
            return Answer(form=reply.show)
        return Answer(posts[-1].id)

    def _post(
        self,
        member: str,
        channel: Channel,
        author: str,
        card: Message | None = None,
        said: str = "",
    ) -> Post:
        """Make a new post that only `member` sees; its id sorts after all that came before."""
        self._number += 1
        at = int(self.core.clock().timestamp())
        return Post(f"{self._number:08}", channel, author, at, member, card=card, said=said)

    async def _keep(self, *posts: Post) -> None:
        self.posts |= {post.id: post for post in posts}
        old = list(islice(self.posts, max(0, len(self.posts) - _KEPT)))
        for gone in old:
            del self.posts[gone]
        try:
            await self.core.database.transact(lambda tx: _write(tx, posts, old))
        except UnavailableError as error:
            log.warning("what was said is shown, and not kept: %s", error)
        self.changed()


async def _write(transaction: Transaction, posts: Iterable[Post], gone: Iterable[str]) -> None:
    store = Store(transaction)
    for post in posts:
        await store.settings.set(_PREFIX + post.id, transcript.dump(post))
    for id_ in gone:
        await store.settings.delete(_PREFIX + id_)
