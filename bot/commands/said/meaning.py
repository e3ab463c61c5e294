"""The meaning of an input: the command, action or word that a handler takes, or a step."""

from typing import TypeAlias

from bot.calendar.typed import tidy, visible
from bot.chat.actions import Action, Fill, MyData, Open, StandingAction, TurnAction
from bot.chat.event import Choice, Command, Garbled, Input, Press, Submission
from bot.commands.catalog import COMMANDS, SECTIONS
from bot.commands.conversation import Filled, Step
from bot.commands.plan.words import is_plan_word
from bot.commands.said.words import Heard, answers, heard, section

Asked: TypeAlias = Command | StandingAction | Heard
"""What a handler takes; a command is one of the catalogue, with words that it reads itself."""


def meaning(arrived: Input) -> Asked | Step | None:
    """What is asked for, or the step of a conversation; None for what cannot be read."""
    match arrived:
        case Command():
            return _command(arrived.name, arrived.text)
        case Submission(action=Fill(ticket, form), values=values):
            return Filled(form, values, ticket)
        case Choice(action=action, value=value):
            return _action(action.chosen(value))
        case Press(action=action):
            return _action(action)
        case Submission() | Garbled():
            return None


def _action(action: Action | None) -> Asked | Step | None:
    match action:
        case Open(section, fork):
            return _front(section, fork) if section in SECTIONS else None
        case Fill():  # a form is sent in, and not pressed
            return None
        case TurnAction() | StandingAction():
            return action
        case _:
            return None


def _command(name: str, words: str) -> Asked:
    match name:
        case "crossroads" | "mention" if not visible(words).strip():
            return Heard("hello") if name == "mention" else _front("help")
        case "mention" if section(words) == "help":
            return Heard("hello")
        case "crossroads" | "mention":
            return _at_large(words)
        case "plan" if words.strip():
            return Heard("of a plan", words)
        case "reminders" if answer := answers(words):
            return answer
        case _ if name in COMMANDS:
            return Command(name=name, text=words)
        case _:
            return Heard("unknown", name)


def _at_large(words: str) -> Asked:
    """What is said without a command of its own, in direct messages above all.

    `/crossroads compare pay` is `/compare pay`, and so with every command; then come the words that
    do what a button does, those that can follow `/plan`, topics, and steps of the member's plan.
    """
    name, _, rest = visible(words).strip().lstrip("/").partition(" ")
    if front := section(words):
        return _front(front)
    match name.casefold():
        case "mydata":
            return _my_data(tidy(rest))
        case name if name in COMMANDS:
            return _command(name, rest)
    match heard(words):
        case Heard(meaning="mydata" | "export" | "delete" as what):
            return _my_data(what)
        case Heard() as word:
            return word
        case None:
            return Heard("of a plan" if is_plan_word(words) else "a topic or a step", words)


def _my_data(what: str) -> MyData:
    match what:
        case "export" | "delete":
            return MyData(what)
        case _:
            return MyData("show")


def _front(section: str, fork: str = "") -> Command:
    return Command(name=SECTIONS[section].name, text=fork)
