"""Which flow takes a command or a standing action, and which conversation a turn belongs to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.calendar.typed import visible
from bot.chat.actions import (
    ChangePlan,
    ChangeReminders,
    ExportPage,
    KeepReminders,
    MarkStep,
    MyData,
    Open,
    OpenPlan,
    OpenPoints,
    OpenResult,
    OpenStep,
    OpenTopic,
    PlanFrom,
    RemindOn,
    Section,
    ShareTopic,
    SkipStep,
    SkipWeek,
    Snooze,
    StandingAction,
    WhyReminder,
)
from bot.chat.event import Choice, Command, Press, Submission
from bot.commands import compare, help, mydata, progress, said
from bot.commands.catalog import COMMANDS
from bot.commands.context import Context
from bot.commands.conversation import Conversation, Turn
from bot.commands.plan import change as plan_change
from bot.commands.plan import flow as plan
from bot.commands.plan import setup
from bot.commands.plan import skip as plan_skip
from bot.commands.plan import steps as plan_steps
from bot.commands.plan import words as plan_words
from bot.commands.quiz import flow as quiz
from bot.commands.quiz import result
from bot.commands.reminders import flow as reminders
from bot.commands.reminders import snooze
from bot.commands.said import is_plan_word
from bot.commands.words import Heard, Suggestion, answers, heard, section
from bot.pack.model import Pack

Complete: TypeAlias = Callable[[Pack, str, datetime], list[Suggestion]]

_ALL: tuple[Conversation[Any], ...] = (
    quiz.CONVERSATION,
    setup.CONVERSATION,
    plan_change.CONVERSATION,
    plan_skip.CONVERSATION,
    mydata.CONVERSATION,
    reminders.CONVERSATION,
)
CONVERSATIONS = {conversation.kind: conversation for conversation in _ALL}


COMPLETED: Mapping[str, Complete] = {
    "compare": compare.suggest,
    "plan": plan_words.suggest,
    "reminders": reminders.suggest,
}


def suggestions(command: str, pack: Pack, typed: str, now: datetime) -> list[Suggestion]:
    """What fits what was typed so far after a command."""
    return COMPLETED[command](pack, typed, now) if command in COMPLETED else []


@dataclass(frozen=True, slots=True)
class Route:
    """What takes an input.

    `take` is given the context and, where a `conversation` is named, its state if the member has
    one open. `needs` names the member's records that the context must hold. `once` is an id that
    counts one time: the context is `repeated` after that.
    """

    take: Callable[[Context, Any], Turn]
    conversation: Conversation[Any] | None = None
    needs: frozenset[str] = frozenset()
    once: str | None = None


_RUNS = frozenset({"runs"})
_PLAN = frozenset({"plan"})
_KEPT = mydata.CONVERSATION.needs

Standing: TypeAlias = Command | Press | Choice | Submission


def route(standing: Standing) -> Route | None:
    """The route of what is not a turn of a conversation; None for what nothing takes."""
    match standing:
        case Command(name=name, text=words):
            return _command(name, words)
        case Press(action=action) if isinstance(action, StandingAction):
            return _action(action)
        case Choice(action=OpenTopic(), value=value):
            return _action(OpenTopic(value))
        case Choice(action=OpenStep(plan_id), value=value):
            return _action(OpenStep(plan_id, value))
        case _:
            return None


def _command(name: str, words: str) -> Route:
    match name:
        case "compare":
            return Route(lambda context, _: compare.command(context, words))
        case "crossroads":
            return _crossroads(words)
        case "plan" if words.strip():
            return _changing(lambda context, _: plan.asked(context, words))
        case "reminders":
            if answer := answers(words):
                return _heard(answer)
            return _reminding(lambda context, _: reminders.command(context, words))
        case "mention":
            return _mention(words)
        case "quiz" | "plan" | "progress":
            return _section(name)
        case _:
            return Route(lambda context, _: help.command(context, name))


def _crossroads(words: str) -> Route:
    """What is said without a command of its own, in direct messages above all.

    `/crossroads compare pay` is `/compare pay`, and so with every command; then come the words that
    do what a button does, those that can follow `/plan`, topics, and steps of the member's plan.
    """
    name, _, rest = visible(words).strip().lstrip("/").partition(" ")
    name = name.casefold()
    if not name:
        return _section("help")
    if front := section(words):
        return _section(front)
    if name == "mydata":
        return _my_data(rest.strip().casefold())
    if name in COMMANDS:
        return _command(name, rest)
    if meant := heard(words):
        return _heard(meant)
    if is_plan_word(words):
        return _command("plan", words)
    return Route(lambda context, _: _topic_or_step(context, words), needs=_PLAN)


def _topic_or_step(context: Context, words: str) -> Turn:
    found = compare.matching(context.pack, words)
    return compare.command(context, words) if found else said.step_or_help(context, words)


def _mention(words: str) -> Route:
    """Somebody named the bot in a channel: a short answer, unless they said what they want."""
    if not words.strip() or section(words) == "help":
        return Route(lambda context, _: said.hello(context), needs=_PLAN)
    return _crossroads(words)


def _heard(heard: Heard) -> Route:
    match heard.meaning:
        case "done":
            return Route(lambda context, _: said.done(context, heard.rest), needs=_PLAN)
        case "hello":
            return Route(lambda context, _: said.hello(context), needs=_PLAN)
        case "thanks":
            return Route(lambda context, _: said.welcome(context), needs=_PLAN)
        case "mydata":
            return _my_data("show")
        case "export" | "delete" as what:
            return _my_data(what)
        case _:
            return _reminding(lambda context, _: said.answer(context, heard))


def _my_data(what: str) -> Route:
    match what:
        case "export":
            return Route(lambda context, _: mydata.export(context), needs=_KEPT)
        case "delete":
            return Route(mydata.ask, mydata.CONVERSATION, _KEPT)
        case _:
            return Route(lambda context, _: mydata.overview(context), needs=_KEPT)


def _section(section: Section) -> Route:
    match section:
        case "compare":
            return Route(lambda context, _: compare.command(context, ""))
        case "quiz":
            return Route(quiz.command, quiz.CONVERSATION, quiz.CONVERSATION.needs)
        case "plan":
            return Route(plan.command, setup.CONVERSATION, setup.CONVERSATION.needs)
        case "progress":
            return Route(lambda context, _: progress.command(context), needs=_PLAN | _RUNS)
        case "reminders":
            return _reminding(lambda context, _: reminders.command(context))
        case _:
            return Route(lambda context, _: help.command(context))


def _changing(take: Callable[[Context, Any], Turn]) -> Route:
    return Route(take, plan_change.CONVERSATION, plan_change.CONVERSATION.needs)


def _reminding(take: Callable[[Context, Any], Turn]) -> Route:
    return Route(take, reminders.CONVERSATION, reminders.CONVERSATION.needs)


def _action(action: StandingAction) -> Route | None:
    match action:
        case Open(section):
            return _section(section)
        case OpenTopic(topic):
            return Route(lambda context, _: compare.open_topic(context, topic))
        case ShareTopic(topic, once):
            return Route(lambda context, _: compare.share(context, topic), once=once)
        case OpenResult(run):
            return Route(lambda context, _: result.open_result(context, run), needs=_RUNS)
        case OpenPoints(run):
            return Route(lambda context, _: result.open_points(context, run), needs=_RUNS)
        case PlanFrom(run):
            conversation = setup.CONVERSATION
            return Route(
                lambda context, _: setup.plan_from(context, run), conversation, conversation.needs
            )
        case OpenStep(plan_id, step):
            return Route(
                lambda context, _: plan_steps.open_step(context, plan_id, step), needs=_PLAN
            )
        case OpenPlan(plan_id, page):
            return Route(
                lambda context, _: plan_steps.open_steps(context, plan_id, page), needs=_PLAN
            )
        case ChangePlan():
            return _changing(lambda context, _: plan_change.begin(context, action))
        case SkipStep(plan_id, step):
            skip = plan_skip.CONVERSATION
            return Route(lambda context, _: plan_skip.begin(context, plan_id, step), skip, _PLAN)
        case MyData(what):
            return _my_data(what)
        case ExportPage(page):
            return Route(lambda context, _: mydata.export(context, page), needs=_KEPT)
        case MarkStep():
            return Route(lambda context, _: plan_steps.mark_step(context, action), needs=_PLAN)
        case _:
            return _reminder_action(action)


def _reminder_action(action: StandingAction) -> Route | None:
    match action:
        case ChangeReminders(change):
            return _reminding(lambda context, _: reminders.begin(context, change))
        case RemindOn(weekday, minute):
            return _reminding(lambda context, _: reminders.remind_on(context, weekday, minute))
        case WhyReminder():
            return _reminding(lambda context, _: reminders.begin(context, "why"))
        case Snooze(delivery):
            return _reminding(lambda context, _: snooze.snooze(context, delivery))
        case SkipWeek(delivery):
            return _reminding(lambda context, _: snooze.skip_week(context, delivery))
        case KeepReminders(delivery):
            return _reminding(lambda context, _: snooze.keep_on(context, delivery))
        case _:
            return None
