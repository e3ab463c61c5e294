"""`/crossroads mydata`: what is kept of a member, a copy of it, and its end.

```mermaid
stateDiagram-v2
    [*] --> Asked: delete
    Asked --> [*]: yes, all is deleted
    Asked --> [*]: no, nothing is changed
```
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter

from bot.chat.actions import Cancel, Confirm, ExportPage, MyData
from bot.chat.limits import LISTING, length
from bot.chat.parts import Button, Buttons, Fact, Facts, Listing, Note, Part, Prose
from bot.chat.reply import Message, Reply
from bot.chat.text import text
from bot.commands import cards
from bot.commands.context import Context
from bot.commands.conversation import Conversation, State, Step, Turn, show
from bot.commands.effects import Forget

Row: TypeAlias = Mapping[str, Any]

_WORDS = {
    "quiz_runs": "Quiz results",
    "plans": "Plans",
    "plan_steps": "Steps of those plans",
    "recalls": "Interview questions you’ve practised",
    "interviews": "Interview dates",
    "tasters": "Tasters",
    "taster_tasks": "Taster tasks you’ve rated",
    "sessions": "Open conversations",
    "reminder_rules": "Reminder settings",
    "deliveries": "Reminders, sent or to come",
}
_JSON_IN_TEXT = ("state", "answers")
# What Slack or Discord would read as markup is written as JSON's own escape.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "`<>&"}
_SHORT = 120  # characters: a row of such values fits on a card
_PIECE = 200  # characters, each of which may become an escape of six


class Asked(State):
    """The member was asked whether everything shall be deleted."""

    step: Literal["asked"] = "asked"


def command(context: Context, action: MyData) -> Turn:
    match action.what:
        case "show":
            return overview(context)
        case "export":
            return export(context)
        case "delete":
            return show(_question(context), Asked())


def export_page(context: Context, action: ExportPage) -> Turn:
    return export(context, action.page)


def overview(context: Context) -> Turn:
    """What is kept, in words and numbers."""
    counted = (
        Fact(label=words, value=(str(len(context.kept.get(table, ()))),))
        for table, words in _WORDS.items()
    )
    platform, zone = context.person.platform.capitalize(), context.member.zone
    account = f"your {platform} account and your time zone, {zone}"
    buttons = (
        Button(label="Export as JSON", action=MyData("export")),
        Button(label="Delete everything…", action=MyData("delete"), style="danger"),
    )
    return show(
        Message(
            title="What I know about you",
            parts=(
                Prose(text=text(f"I know {account}. Apart from those, I keep:")),
                Facts(rows=tuple(counted)),
                Buttons(buttons=buttons),
                Note(text=text("Only you see this. I don’t keep what you write in channels.")),
            ),
        )
    )


def export(context: Context, page: int = 0) -> Turn:
    """All of it as JSON, in as many parts as it takes; each is a document of its own."""
    documents = exported(context)
    page = min(page, len(documents) - 1)
    parts: list[Part] = [
        Prose(text=text(f"Part {page + 1} of {len(documents)}. Every part is valid JSON.")),
        Listing(text=documents[page]),
    ]
    turns = {"Previous part": page - 1, "Next part": page + 1}
    buttons = [
        Button(label=label, action=ExportPage(to))
        for label, to in turns.items()
        if 0 <= to < len(documents)
    ]
    buttons.append(Button(label="Back", action=MyData("show")))
    return show(Message(title="Your data", parts=(*parts, Buttons(buttons=tuple(buttons)))))


def exported(context: Context) -> list[str]:
    """The rows about the member, as JSON documents that each fit on a card."""
    pages: list[dict[str, list[Row]]] = [{}]
    for table, rows in context.kept.items():
        for row in _readable(rows):
            for piece in _pieces(row):
                page = pages[-1]
                if length(_dumped({**page, table: [*page.get(table, []), piece]})) > LISTING - 100:
                    page = {}
                    pages.append(page)
                page.setdefault(table, []).append(piece)
    head = {"exported_at": context.now.isoformat(timespec="seconds"), "parts": len(pages)}
    return [_dumped({**head, "part": number, **page}) for number, page in enumerate(pages, 1)]


def _readable(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows without JSON inside of JSON."""
    for row in rows:
        yield {
            column: json.loads(value) if column in _JSON_IN_TEXT and value[:1] == "{" else value
            for column, value in row.items()
        }


def _pieces(row: Row) -> Iterator[Row]:
    """The row; of one that is too long for a card, the long values in pieces after the rest."""
    if len(_dumped(row)) < LISTING // 2:
        yield row
        return
    short = {column: value for column, value in row.items() if len(_dumped(value)) <= _SHORT}
    ids = {column: value for column, value in short.items() if column.endswith("id")}
    yield short
    for column in (column for column in row if column not in short):
        value = row[column]
        whole = value if isinstance(value, str) else json.dumps(value)
        chunks = [whole[at : at + _PIECE] for at in range(0, len(whole), _PIECE)]
        for number, chunk in enumerate(chunks, 1):
            yield {**ids, f"{column}, piece {number} of {len(chunks)}": chunk}


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1).translate(_ESCAPES)


def _question(context: Context) -> Message:
    yes = Button(label="Yes, delete everything", action=Confirm(context.ticket), style="danger")
    no = Button(label="No, keep everything", action=Cancel(context.ticket))
    said = (
        "This deletes your quiz results, your plans with your progress, your reminders and"
        " everything else I know about you, right away. You can’t undo it."
    )
    return Message(
        title="Delete everything?",
        parts=(
            Prose(text=text(said)),
            Buttons(buttons=(yes, no)),
            Note(text=text("If you might want it again, export it first.")),
        ),
    )


def advance(state: Asked, step: Step, context: Context) -> Turn:
    match step:
        case Confirm():
            return Turn(Reply(show=_receipt(context)), changes=(Forget(),), over=True)
        case Cancel():
            card = cards.note(
                "Nothing was deleted", "Everything is still there.", "plan", "progress"
            )
            return Turn(Reply(show=card), over=True)
        case _:
            return show(_question(context), state)


def _receipt(context: Context) -> Message:
    gone = (
        Fact(label=words, value=(str(len(context.kept[table])),))
        for table, words in _WORDS.items()
        if context.kept.get(table)
    )
    rows = (
        Fact(label="Deleted at", value=(f"{context.now:%Y-%m-%d %H:%M} UTC",)),
        Fact(label="Receipt", value=(context.new_id(),)),
        *gone,
    )
    stays = (
        "You won’t get any more reminders. I only keep a fingerprint of your account, so that a"
        " restored backup can’t bring your data back. It doesn’t tell anybody who you are. If you"
        " use me again, you start afresh."
    )
    return Message(
        title="Everything is deleted",
        parts=(Facts(rows=rows), Prose(text=text(stays))),
    )


CONVERSATION: Conversation[Asked] = Conversation(
    kind="mydata",
    section="help",
    states=TypeAdapter(Asked),
    advance=advance,
    current=lambda _, context: _question(context),
    needs=frozenset({"kept"}),
    of_fork=False,
)
