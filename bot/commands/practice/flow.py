"""`/practice`: questions of interviews, each again when it is about to be forgotten.

```mermaid
stateDiagram-v2
    [*] --> Choosing: /practice, while no role is known
    [*] --> Asking: /practice, with something due or new
    [*] --> Resting: /practice, with nothing to ask
    [*] --> Mocking: /practice mock
    Choosing --> Asking: a role
    Asking --> Asking: show a good answer, rate it, another question
    Asking --> Resting: enough for now, or none is left
    Resting --> Asking: practise now
    Resting --> Resting: another role, the interview's date
    Resting --> Mocking: mock interview
    Mocking --> Mocking: show a good answer, rate it
    Mocking --> Mocked: the last rating, end it here
    Mocked --> Asking: practise now
    Mocked --> Mocking: mock interview
```
"""

from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from bot.calendar.dates import say_date
from bot.calendar.typed import tidy
from bot.chat.actions import Finish, OpenForm, Pick, Skip
from bot.chat.event import Command
from bot.chat.reply import Message, Reply
from bot.commands.cards import note, noted
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Filled, Step, Turn, show
from bot.commands.effects import SaveRecall
from bot.commands.inputs import NotUnderstoodError
from bot.commands.practice import cards, interview, mock
from bot.commands.practice.choosing import deck_of
from bot.commands.practice.state import (
    Asking,
    Choosing,
    Mocked,
    Mocking,
    PracticeState,
    Resting,
    What,
)
from bot.commands.quiz.scoring import parse_outcome
from bot.pack.base import RoleId
from bot.planning.repetition import rated
from bot.records import Rating, Recall

BEGINS: tuple[What, ...] = ("practice", "mock")
_OVERVIEW = ("overview", "progress", "strength", "kinds")


def command(context: Context, asked: Command) -> Turn:
    """`/practice [mock | interview 12 May | a role]`."""
    if not context.pack.practice:
        return show(cards.no_questions(context.pack))
    words = tidy(asked.text)
    first, _, rest = words.partition(" ")
    match first:
        case "":
            return _again(context)
        case "mock":
            return _go(context, "mock")
        case "interview":
            return _interview(context, rest)
        case _ if words in _OVERVIEW:
            return _go(context, "overview")
    named = (
        role.id
        for role in cards.practised(context.pack)
        if words in (role.id, role.short.casefold(), role.name.casefold())
    )
    if role := next(named, None):
        return _begin(context, role, "practice")
    said = "After /practice you can write mock, overview, the name of a role, or when your"
    return show(note("I don’t know that", f"{said} interview is: interview 12 May.", "practice"))


def advance(state: PracticeState, step: Step, context: Context) -> Turn:
    match (state, step):
        case (_, OpenForm(_, "interview")):
            return show(interview.form(context))
        case (_, Filled("interview", values)):
            return _filled(context, state, values.get("interview", ""))
        case (Choosing(then=then), Pick(_, "role", role)):
            return _begin(context, role, then)
        case (Resting() | Asking() | Mocking() | Mocked(), Pick(_, "role", role)):
            return _begin(context, role, "overview")
        # An overview also stands in for a question that has left the pack.
        case (Resting() | Asking() | Mocking() | Mocked(), Pick(_, "begin", what)) if (
            what in BEGINS
        ):
            return _begin(context, state.role, what)
        case (Asking(), Finish()):
            return _begin(context, state.role, "overview")
        case (Asking() | Mocking(), Pick(_, "show")):
            shown = state.model_copy(update={"shown": True})
            return show(current(shown, context), shown)
        case (Asking(shown=False), Skip(_, "question")):
            return _ask(context, state.role, put_off=(*state.put_off, state.question))
        case (Asking(shown=True), Pick(_, "rate", rating)) if rating in cards.RATINGS:
            return _rate(context, state, rating)
        case (Mocking(shown=True), Pick(_, "rate", rating)) if rating in cards.RATINGS:
            return _rate_mock(context, state, rating)
        case (Mocking(), Finish()):
            return _end_mock(context, state)
        case _:
            return show(current(state, context), state)


def current(state: PracticeState, context: Context) -> Message:
    """The card where it stands; an overview where its question has left the pack since."""
    if isinstance(state, Choosing):
        return cards.roles_card(context)
    deck = deck_of(context, state.role)
    if deck is None:
        return cards.no_questions(context.pack)
    match state:
        case Asking() if exercise := deck.exercise(state.question):
            if state.shown:
                return cards.answer_card(context, deck, exercise)
            return cards.question_card(context, deck, exercise)
        case Mocking() if exercise := deck.exercise(state.question):
            return mock.card(context, state, exercise)
        case Mocked():
            return mock.result(context, deck, state)
        case _:
            return cards.overview(context, deck)


def _again(context: Context) -> Turn:
    """What is under way, else what comes next."""
    match context.state:
        case Mocking() as state if context.epoch - state.began_at < 2 * 60 * mock.MINUTES:
            return show(current(state, context), state)
        case Asking(shown=True) as state:
            return show(current(state, context), state)
        case _:
            return _go(context, "practice")


def _go(context: Context, what: What) -> Turn:
    role = _role(context)
    if role is None:
        return show(cards.roles_card(context), Choosing(then=what))
    return _begin(context, role, what)


def _role(context: Context) -> RoleId | None:
    """The role of the plan, else the one that was chosen here, else the latest result's."""
    have = [role.id for role in cards.practised(context.pack)]
    chosen = None if isinstance(context.state, Choosing) else getattr(context.state, "role", None)
    results = (parse_outcome(run.outcome)[1] for run in context.runs[:1])
    wanted = (context.plan.role if context.plan else None, chosen, *results)
    if len(have) == 1:
        return have[0]
    return next((role for role in wanted if role in have), None)


def _begin(context: Context, role: RoleId, what: What, said: str = "") -> Turn:
    deck = deck_of(context, role)
    if deck is None:
        return show(cards.roles_card(context), Choosing(then=what))
    match what:
        case "practice":
            return _ask(context, role)
        case "mock":
            mocking = mock.begin(context, deck)
            return show(current(mocking, context), mocking)
        case "overview":
            card = cards.overview(context, deck)
            return show(noted(card, said) if said else card, Resting(role=role))


def _ask(context: Context, role: RoleId, said: str = "", put_off: tuple[str, ...] = ()) -> Turn:
    """The next question; the overview where none is left."""
    deck = deck_of(context, role)
    exercise = deck.next(put_off) if deck else None
    if exercise is None:
        return _begin(context, role, "overview", said)
    asking = Asking(role=role, question=exercise.id, put_off=put_off)
    card = current(asking, context)
    return show(noted(card, said) if said else card, asking)


def _rate(context: Context, state: Asking, rating: Rating) -> Turn:
    after, recall = _rated(context, state.question, rating)
    day = say_date(recall.due_on, context.today)
    said = f"Rated {rating}: that one comes back on {day}."
    turn = _ask(after, state.role, said, state.put_off)
    return replace(turn, changes=(SaveRecall(recall),))


def _rate_mock(context: Context, state: Mocking, rating: Rating) -> Turn:
    after, recall = _rated(context, state.question, rating)
    ratings = (*state.ratings, rating)
    state = state.model_copy(update={"ratings": ratings, "shown": False})
    if len(ratings) == len(state.questions):
        turn = _end_mock(after, state)
    else:
        turn = show(current(state, after), state)
    return replace(turn, changes=(SaveRecall(recall),))


def _rated(context: Context, question: str, rating: Rating) -> tuple[Context, Recall]:
    """The context once the question is rated, and how well it is known."""
    pack, those = context.pack.id, context.recalls
    known = next((one for one in those if (one.pack, one.question) == (pack, question)), None)
    recall = rated(known, pack, question, rating, context.now, context.today, context.interview)
    rest = tuple(one for one in those if one is not known)
    return replace(context, recalls=(*rest, recall)), recall


def _end_mock(context: Context, state: Mocking) -> Turn:
    if not state.ratings:
        return _begin(context, state.role, "overview", "Ended before the first rating.")
    mocked = mock.ended(context, state)
    return show(current(mocked, context), mocked)


def _interview(context: Context, typed: str) -> Turn:
    """The interview's day, typed after the command; without one, where it can be set."""
    if not typed:
        return _go(context, "overview")
    try:
        day = interview.read(context, typed)
    except NotUnderstoodError as error:
        return _noted(_go(context, "overview"), str(error))
    return _set(context, day, _role(context))


def _filled(context: Context, state: PracticeState, typed: str) -> Turn:
    try:
        day = interview.read(context, typed)
    except NotUnderstoodError as error:
        return show(interview.form(context, typed, str(error)))
    return _set(context, day, getattr(state, "role", None))


def _set(context: Context, day: date | None, role: RoleId | None) -> Turn:
    """Keep the day, with everything that moves for it."""
    changes = interview.changes(context, day)
    saved = [change.recall for change in changes if isinstance(change, SaveRecall)]
    moved = {(one.pack, one.question): one for one in saved}
    after = replace(
        context,
        recalls=tuple(moved.get((one.pack, one.question), one) for one in context.recalls),
        interviews={**context.interviews, context.pack.id: day},
    )
    turn = _begin(after, role, "overview") if role else _go(after, "overview")
    return replace(_noted(turn, interview.said(context, day)), changes=changes)


def _noted(turn: Turn, sentence: str) -> Turn:
    shown = turn.reply.show
    if not isinstance(shown, Message):
        return turn
    return replace(turn, reply=Reply(show=noted(shown, sentence)))


CONVERSATION: Conversation[PracticeState] = Conversation(
    kind="practice",
    section="practice",
    states=TypeAdapter(PracticeState),
    advance=advance,
    current=current,
    needs=frozenset({"plan", "runs", "practice"}),
)
