"""A post as a member sees it: names, times in their zone, and who else can see it."""

from datetime import datetime
from typing import Any

from adapters.playground.members import BY_ID, Local
from adapters.playground.render import payload
from adapters.playground.transcript import BOT, PAGE, Post
from adapters.playground.tree import Node, node

_NAMES = {BOT: "Crossroads", PAGE: "Playground"}


def view(post: Post, viewer: Local, before: Post | None) -> dict[str, Any]:
    """What the page draws of a post that comes after `before`."""
    at = datetime.fromtimestamp(post.at, viewer.tz)
    new_day = before is None or datetime.fromtimestamp(before.at, viewer.tz).date() != at.date()
    name = _name(post.author)
    title = post.card.title if post.card else post.said
    return {
        "id": post.id,
        "kind": "bot" if post.author == BOT else "page" if post.author == PAGE else "member",
        "name": name,
        "initial": "" if post.author == BOT else name[0],
        "avatar": f"of-{post.author}",
        "time": f"{at:%H:%M}",
        "when": f"{at:%A, %d %B %Y, %H:%M} ({viewer.zone})",
        "iso": at.isoformat(),
        "day": f"{at:%A}, {at.day} {at:%B}" if new_day else "",
        "mark": mark(post, viewer),
        "prompt": _prompt(post),
        "said": post.said,
        "title": title,
        "label": f"{name}, {at:%H:%M}: {title}",
        "card": post.card and payload(post.card),
    }


def mark(post: Post, viewer: Local) -> str:
    """Who alone can see a post of the room; direct messages are between two anyway."""
    if post.only is None or post.channel == "direct":
        return ""
    if post.only == viewer.id:
        return "Only you can see this"
    return f"Only {_name(post.only)} can see this"


def _prompt(post: Post) -> Node | None:
    if not post.by or not (post.prompt or post.only is None):
        return None
    who = node("strong", _name(post.by))
    if post.only is None:
        return node("span", who, " shared this with the room")
    return node(
        "span",
        who,
        " used " if post.prompt.startswith("/") else " wrote ",
        node("code", post.prompt),
    )


def _name(who: str) -> str:
    return _NAMES.get(who) or (BY_ID[who].name if who in BY_ID else who)
