"""`/quiz`: the decision framework, a question a card.

```mermaid
stateDiagram-v2
    [*] --> Asking: /quiz
    Asking --> Asking: answer, skip, back
    Asking --> Reviewing: after the last question
    Reviewing --> Asking: change an answer
    Asking --> Reviewing: a changed answer
    Reviewing --> Finished: see my result
    Finished --> Asking: take it again
    Asking --> Asking: /quiz again, then resume or start over
```
"""

from typing import assert_never, cast

from pydantic import TypeAdapter

from bot.chat.actions import Back, Finish, Pick, Resume, Skip, StartOver
from bot.chat.event import Command
from bot.chat.reply import Message
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Step, Turn, show
from bot.commands.effects import SaveRun
from bot.commands.quiz import result
from bot.commands.quiz.cards import again_card, question_card, review_card, welcome_back
from bot.commands.quiz.scoring import judge
from bot.commands.quiz.state import Asking, Finished, Given, QuizState, Reviewing, fields, options
from bot.pack.model import Pack, StartId
from bot.records import Run


def command(context: Context, _: Command) -> Turn:
    """`/quiz`: begin; or, where one is open, offer to go on; or, after one, to take it again."""
    match context.state:
        case Asking() | Reviewing() as state:
            return show(welcome_back(context, state), state)
        case Finished() as state:
            return show(again_card(context, state), state)
        case _:
            return _ask(context, Asking(field=fields(context.pack)[0]))


def advance(state: QuizState, step: Step, context: Context) -> Turn:
    match (state, step):
        case (_, StartOver()):
            return _ask(context, Asking(field=fields(context.pack)[0]))
        case (Finished(), _):
            return show(current(state, context))
        case (Asking() | Reviewing(), Resume()):
            return show(current(state, context), state)
        case (Asking() as asking, Pick(_, field, value)):
            return _answer(context, asking, field, value)
        case (Asking() as asking, Skip(_, field)):
            return _take(context, asking, field, None)
        case (Asking(reviewing=True) as asking, Back()):
            return _review(context, asking.given)
        case (Asking() as asking, Back()):
            return _ask(context, asking.model_copy(update={"field": _before(context.pack, asking)}))
        case (Reviewing(), Pick(_, "change", field)) if field in fields(context.pack):
            return _ask(context, Asking(field=field, given=state.given, reviewing=True))
        case (Reviewing(), Back()):
            return _ask(context, Asking(field=fields(context.pack)[-1], given=state.given))
        case (Reviewing(), Finish()):
            return _finish(context, state.given)
        case (Asking() | Reviewing(), _):
            return show(current(state, context), state)
        case _:
            assert_never(state)


def current(state: QuizState, context: Context) -> Message:
    match state:
        case Asking():
            return question_card(context, state)
        case Reviewing():
            return review_card(context, state.given)
        case Finished():
            return result.find(context, state.run) or again_card(context, state)
        case _:
            assert_never(state)


def _before(pack: Pack, asking: Asking) -> str:
    order = fields(pack)
    return order[max(0, order.index(asking.field) - 1)]


def _ask(context: Context, asking: Asking) -> Turn:
    return show(question_card(context, asking), asking)


def _review(context: Context, given: Given) -> Turn:
    return show(review_card(context, given), Reviewing(given=given))


def _answer(context: Context, asking: Asking, field: str, value: str) -> Turn:
    known = field in fields(context.pack)
    if not known or value not in {option.value for option in options(context.pack, field)}:
        return show(question_card(context, asking), asking)
    return _take(context, asking, field, value)


def _take(context: Context, asking: Asking, field: str, value: str | None) -> Turn:
    """Keep an answer, or a skip, and go on to what comes next."""
    order = fields(context.pack)
    if field not in order:
        return show(question_card(context, asking), asking)
    given = asking.given.put(field, value)
    rest = order[order.index(field) + 1 :]
    if asking.reviewing or not rest:
        return _review(context, given)
    return _ask(context, Asking(field=rest[0], given=given))


def _finish(context: Context, given: Given) -> Turn:
    leans = given.leans(context.pack.quiz)
    if not leans:
        card = review_card(
            context, given, "Answer at least one question: there is nothing to go by."
        )
        return show(card, Reviewing(given=given))
    run = _run(context, given, leans)
    card = result.card(context, run, context.runs[0] if context.runs else None)
    return show(card, Finished(run=run.id), SaveRun(run))


def _run(context: Context, given: Given, leans: dict[str, int]) -> Run:
    matters, hours = given.values.get("matters"), given.values.get("hours")
    return Run(
        id=context.new_id(),
        pack=context.pack.id,
        finished_at=context.epoch,
        outcome=judge(context.pack.quiz, leans, matters).outcome,
        answers=leans,
        matters=matters,
        start=cast("StartId | None", given.values.get("start")),
        hours=int(hours) if hours else None,
        draw=given.values.get("draw"),
    )


CONVERSATION: Conversation[QuizState] = Conversation(
    kind="quiz",
    section="quiz",
    states=TypeAdapter(QuizState),
    advance=advance,
    current=current,
    needs=frozenset({"runs"}),
)
