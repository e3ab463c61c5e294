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
from bot.chat.reply import Message
from bot.commands.context import Desk
from bot.commands.conversation import Conversation, Step, Turn, show
from bot.commands.effects import SaveRun
from bot.commands.quiz import result
from bot.commands.quiz.cards import again_card, question_card, review_card, welcome_back
from bot.commands.quiz.scoring import judge
from bot.commands.quiz.state import Asking, Finished, Given, QuizState, Reviewing, fields, options
from bot.pack.model import Pack, StartId
from bot.records import Run


def command(desk: Desk, state: QuizState | None) -> Turn:
    """`/quiz`: begin; or, where one is open, offer to go on; or, after one, to take it again."""
    match state:
        case None:
            return _ask(desk, Asking(field=fields(desk.pack)[0]))
        case Asking() | Reviewing():
            return show(welcome_back(desk, state), state)
        case Finished():
            return show(again_card(desk, state), state)
        case _:
            assert_never(state)


def advance(state: QuizState, step: Step, desk: Desk) -> Turn:
    match (state, step):
        case (_, StartOver()):
            return _ask(desk, Asking(field=fields(desk.pack)[0]))
        case (Finished(), _):
            return show(current(state, desk))
        case (Asking() | Reviewing(), Resume()):
            return show(current(state, desk), state)
        case (Asking() as asking, Pick(_, field, value)):
            return _answer(desk, asking, field, value)
        case (Asking() as asking, Skip(_, field)):
            return _take(desk, asking, field, None)
        case (Asking(reviewing=True) as asking, Back()):
            return _review(desk, asking.given)
        case (Asking() as asking, Back()):
            return _ask(desk, asking.model_copy(update={"field": _before(desk.pack, asking)}))
        case (Reviewing(), Pick(_, "change", field)) if field in fields(desk.pack):
            return _ask(desk, Asking(field=field, given=state.given, reviewing=True))
        case (Reviewing(), Back()):
            return _ask(desk, Asking(field=fields(desk.pack)[-1], given=state.given))
        case (Reviewing(), Finish()):
            return _finish(desk, state.given)
        case (Asking() | Reviewing(), _):
            return show(current(state, desk), state)
        case _:
            assert_never(state)


def current(state: QuizState, desk: Desk) -> Message:
    match state:
        case Asking():
            return question_card(desk, state)
        case Reviewing():
            return review_card(desk, state.given)
        case Finished():
            return result.find(desk, state.run) or again_card(desk, state)
        case _:
            assert_never(state)


def _before(pack: Pack, asking: Asking) -> str:
    order = fields(pack)
    return order[max(0, order.index(asking.field) - 1)]


def _ask(desk: Desk, asking: Asking) -> Turn:
    return show(question_card(desk, asking), asking)


def _review(desk: Desk, given: Given) -> Turn:
    return show(review_card(desk, given), Reviewing(given=given))


def _answer(desk: Desk, asking: Asking, field: str, value: str) -> Turn:
    known = field in fields(desk.pack)
    if not known or value not in {option.value for option in options(desk.pack, field)}:
        return show(question_card(desk, asking), asking)
    return _take(desk, asking, field, value)


def _take(desk: Desk, asking: Asking, field: str, value: str | None) -> Turn:
    """Keep an answer, or a skip, and go on to what comes next."""
    order = fields(desk.pack)
    if field not in order:
        return show(question_card(desk, asking), asking)
    given = asking.given.put(field, value)
    rest = order[order.index(field) + 1 :]
    if asking.reviewing or not rest:
        return _review(desk, given)
    return _ask(desk, Asking(field=rest[0], given=given))


def _finish(desk: Desk, given: Given) -> Turn:
    leans = given.leans(desk.pack.quiz)
    if not leans:
        card = review_card(desk, given, "Answer at least one question: there is nothing to go by.")
        return show(card, Reviewing(given=given))
    run = _run(desk, given, leans)
    card = result.card(desk, run, desk.runs[0] if desk.runs else None)
    return show(card, Finished(run=run.id), SaveRun(run))


def _run(desk: Desk, given: Given, leans: dict[str, int]) -> Run:
    matters, hours = given.values.get("matters"), given.values.get("hours")
    return Run(
        id=desk.new_id(),
        pack=desk.pack.id,
        finished_at=desk.epoch,
        outcome=judge(desk.pack.quiz, leans, matters).outcome,
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
