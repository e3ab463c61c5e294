"""`/quiz`: the decision framework, a question a card.

```mermaid
stateDiagram-v2
    [*] --> Asking: /quiz
    Asking --> Asking: answer, skip, back
    Asking --> Reviewing: after the last question
    Reviewing --> Asking: change an answer
    Asking --> Reviewing: a changed answer
    Reviewing --> Reviewing: see my result, with too few answers
    Reviewing --> Asking: the open ones
    Reviewing --> Finished: see my result
    Finished --> Asking: /quiz, take it again
    Asking --> Asking: /quiz again, then resume or start over
```
"""

from typing import assert_never

from pydantic import TypeAdapter

from bot.chat.actions import Back, Finish, Pick, Resume, Skip, StartOver
from bot.chat.event import Command
from bot.chat.reply import Message
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Step, Turn, show
from bot.commands.effects import SaveRun
from bot.commands.quiz import result
from bot.commands.quiz.cards import (
    choosable,
    question_card,
    review_card,
    too_little_card,
    welcome_back,
)
from bot.commands.quiz.scoring import enough, judge, scale_of
from bot.commands.quiz.state import Asking, Finished, Given, QuizState, Reviewing, fields
from bot.pack.model import Pack
from bot.records import Run


def command(context: Context, _: Command) -> Turn:
    """`/quiz`: begin, also after a result; or, where one is open, offer to go on."""
    match context.state:
        case Asking() | Reviewing() as state:
            return show(welcome_back(context, state), state)
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
        case (Asking(then="review" | "skipped") as asking, Back()):
            return _review(context, asking.given)
        case (Asking() as asking, Back()):
            return _ask(context, asking.model_copy(update={"field": _before(context.pack, asking)}))
        case (Reviewing(), Pick(_, "change", field)) if field in fields(context.pack):
            return _ask(context, Asking(field=field, given=state.given, then="review"))
        case (Reviewing(), Pick(_, "skipped", field)) if field in fields(context.pack):
            return _ask(context, Asking(field=field, given=state.given, then="skipped"))
        case (Reviewing(little=True), Back()):
            return _review(context, state.given)
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
        case Reviewing(little=True):
            return too_little_card(context, state.given)
        case Reviewing():
            return review_card(context, state.given)
        case Finished():
            return result.find(context, state.run) or result.gone()
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
    if not known or value not in {o.value for o in choosable(context.pack, asking.given, field)}:
        return show(question_card(context, asking), asking)
    return _take(context, asking, field, value)


def _take(context: Context, asking: Asking, field: str, value: str | None) -> Turn:
    """Keep an answer, or a skip, and go on to what comes next."""
    order = fields(context.pack)
    if field not in order:
        return show(question_card(context, asking), asking)
    given = asking.given.put(field, value)
    rest = order[order.index(field) + 1 :]
    match asking.then:
        case "review":
            rest = ()
        case "skipped":
            rest = tuple(name for name in rest if name in given.skipped(context.pack.quiz))
        case "next":
            pass
        case _:
            assert_never(asking.then)
    if not rest:
        return _review(context, given)
    return _ask(context, Asking(field=rest[0], given=given, then=asking.then))


def _finish(context: Context, given: Given) -> Turn:
    quiz = context.pack.quiz
    if enough(quiz) > len(quiz.questions) - len(given.skipped(quiz)):
        return show(too_little_card(context, given), Reviewing(given=given, little=True))
    run = _run(context, given)
    card = result.card(context, run, context.runs[0] if context.runs else None)
    return show(card, Finished(run=run.id), SaveRun(run))


def _run(context: Context, given: Given) -> Run:
    pack, answers, hours = context.pack, given.answers(context.pack.quiz), given.values.get("hours")
    matters = given.values.get("matters")
    matters = matters if matters in answers else None  # its answer was taken back since
    starts = [start.id for start in pack.starts]
    return Run(
        id=context.new_id(),
        pack=pack.id,
        pack_version=pack.version,
        finished_at=context.epoch,
        outcome=judge(scale_of(pack, matters), answers).outcome,
        answers=answers,
        matters=matters,
        start=starts[0] if len(starts) == 1 else given.values.get("start"),
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
    version=2,
)
