"""The table of handlers: which function takes a command, an action or a word, and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeAlias

from bot.chat.actions import (
    BeginTaster,
    ChangePlan,
    ChangeReminders,
    ChangeTaster,
    ExportPage,
    KeepReminders,
    MarkStep,
    MyData,
    OpenPlan,
    OpenPoints,
    OpenResult,
    OpenStep,
    OpenTaster,
    OpenTopic,
    PlanFrom,
    RateTask,
    RemindOn,
    ShareTopic,
    SkipStep,
    SkipWeek,
    Snooze,
    StandingAction,
    TasteFrom,
    TickPart,
    WhyReminder,
)
from bot.chat.event import Command
from bot.commands import compare, help, mydata, progress
from bot.commands.catalog import OF_A_FORK
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Turn
from bot.commands.plan import change, setup, skip, steps
from bot.commands.plan import flow as plan
from bot.commands.plan import words as plan_words
from bot.commands.practice import flow as practice
from bot.commands.quiz import flow as quiz
from bot.commands.quiz import result
from bot.commands.reminders import flow as reminders
from bot.commands.reminders import snooze
from bot.commands.said import answers
from bot.commands.said.meaning import Asked
from bot.commands.said.words import Heard, Meaning, Suggestion
from bot.commands.taster import flow as taster
from bot.pack.model import Pack
from bot.pack.packs import Packs

Complete: TypeAlias = Callable[[Pack, str, datetime], list[Suggestion]]

CONVERSATIONS: Mapping[str, Conversation[Any]] = {
    conversation.kind: conversation
    for conversation in (
        quiz.CONVERSATION,
        setup.CONVERSATION,
        change.CONVERSATION,
        skip.CONVERSATION,
        practice.CONVERSATION,
        mydata.CONVERSATION,
        reminders.CONVERSATION,
    )
}


@dataclass(frozen=True, slots=True)
class Handler:
    """What takes an input: a function of the context and of what was asked.

    `needs` names the member's records that the context must hold, beside those of `conversation`,
    whose state it holds if the member has one open. `once` reads an id that counts one time: the
    context is `repeated` after that. `complete` offers what may follow a command.
    """

    take: Callable[[Context, Any], Turn]
    needs: frozenset[str] = frozenset()
    conversation: Conversation[Any] | None = None
    once: Callable[[Any], str] | None = None
    complete: Complete | None = None


RUNS = frozenset({"runs"})
PLAN = frozenset({"plan"})
PRACTICE = frozenset({"practice"})
TASTER = frozenset({"trials", "runs"})


def _in(
    conversation: Conversation[Any],
    take: Callable[[Context, Any], Turn],
    complete: Complete | None = None,
) -> Handler:
    """A handler that may open a conversation, or take one up."""
    return Handler(take, conversation.needs, conversation, complete=complete)


COMMANDS: Mapping[str, Handler] = {
    "compare": Handler(compare.command, complete=compare.suggest),
    "quiz": _in(quiz.CONVERSATION, quiz.command),
    "taster": Handler(taster.command, TASTER),
    "plan": _in(setup.CONVERSATION, plan.command, plan_words.suggest),
    "practice": _in(practice.CONVERSATION, practice.command),
    "progress": Handler(progress.command, PLAN | RUNS | PRACTICE),
    "reminders": _in(reminders.CONVERSATION, reminders.command, reminders.suggest),
    "crossroads": Handler(help.command),
}
"""By the name that the catalogue gives."""

ACTIONS: Mapping[type[StandingAction], Handler] = {
    OpenTopic: Handler(compare.open_topic),
    ShareTopic: Handler(compare.share, once=attrgetter("once")),
    OpenResult: Handler(result.open_result, RUNS),
    OpenPoints: Handler(result.open_points, RUNS),
    PlanFrom: _in(setup.CONVERSATION, setup.plan_from),
    TasteFrom: Handler(taster.taste_from, TASTER),
    BeginTaster: Handler(taster.begin, TASTER),
    OpenTaster: Handler(taster.open_week, TASTER),
    RateTask: Handler(taster.rate, TASTER),
    ChangeTaster: Handler(taster.change, TASTER),
    OpenStep: Handler(steps.open_step, PLAN),
    OpenPlan: Handler(steps.open_steps, PLAN),
    MarkStep: Handler(steps.mark_step, PLAN),
    TickPart: Handler(steps.tick_part, PLAN),
    ChangePlan: _in(change.CONVERSATION, change.begin),
    SkipStep: _in(skip.CONVERSATION, skip.begin),
    ChangeReminders: _in(reminders.CONVERSATION, reminders.begin),
    RemindOn: _in(reminders.CONVERSATION, reminders.remind_on),
    WhyReminder: _in(reminders.CONVERSATION, reminders.why),
    Snooze: _in(reminders.CONVERSATION, snooze.snooze),
    SkipWeek: _in(reminders.CONVERSATION, snooze.skip_week),
    KeepReminders: _in(reminders.CONVERSATION, snooze.keep_on),
    MyData: _in(mydata.CONVERSATION, mydata.command),
    ExportPage: _in(mydata.CONVERSATION, mydata.export_page),
}
"""What a button does; `Open` is the command whose front page it opens."""

WORDS: Mapping[Meaning, Handler] = {
    "done": Handler(answers.done, PLAN),
    "snooze": _in(reminders.CONVERSATION, answers.snooze),
    "skip": _in(reminders.CONVERSATION, answers.skip),
    "pause": _in(reminders.CONVERSATION, answers.pause),
    "resume": _in(reminders.CONVERSATION, answers.resume),
    "stop": _in(reminders.CONVERSATION, answers.stop),
    "why": _in(reminders.CONVERSATION, reminders.why),
    "hello": Handler(answers.hello, PLAN),
    "thanks": Handler(answers.welcome, PLAN),
    "of a plan": _in(change.CONVERSATION, plan.asked),
    "a topic or a step": Handler(answers.topic_or_step, PLAN),
    "unknown": Handler(help.unknown),
}


def handler_of(asked: Asked) -> Handler:
    match asked:
        case Command(name=name):
            return COMMANDS[name]
        case Heard(meaning=meaning):
            return WORDS[meaning]
        case StandingAction():
            return ACTIONS[type(asked)]


def completes(command: str, packs: Packs) -> bool:
    """Whether anything is offered after a command."""
    return bool(COMMANDS[command].complete) or (packs.several and command in OF_A_FORK)


def suggestions(command: str, packs: Packs, typed: str, now: datetime) -> list[Suggestion]:
    """What fits what was typed so far after a command: forks, then what each of them offers."""
    handler = COMMANDS.get(command)
    complete = handler.complete if handler else None
    if not packs.several or command not in OF_A_FORK:
        return complete(packs.first, typed, now) if complete else []
    named, rest = packs.named(typed)
    if named:
        offered = complete(named, rest, now) if complete else []
        chosen = Suggestion(named.name, named.id, named.title)
        return [chosen] * (not rest) + [_after(named, one) for one in offered]
    forks = [Suggestion(pack.name, pack.id, pack.title) for pack in packs.fitting(typed)]
    found = [one for pack in packs for one in (complete(pack, typed, now) if complete else ())]
    return forks + list({one.value: one for one in reversed(found)}.values())[::-1]


def _after(pack: Pack, one: Suggestion) -> Suggestion:
    return Suggestion(f"{pack.name}: {one.name}", f"{pack.id} {one.value}", one.about)
