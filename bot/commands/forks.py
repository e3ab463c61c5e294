"""Forks: which pack an input is about, and asking for it where it could be several.

With one pack there is nothing to ask. With several, what was pressed names its pack, a member's
plan or result knows it, or the words after a command begin with it.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.actions import Open, OpenTopic, StandingAction
from bot.chat.event import Command
from bot.chat.limits import LABEL, cut
from bot.chat.parts import Button, Prose
from bot.chat.reply import Message
from bot.chat.text import Bold, Text, join, text
from bot.commands import compare
from bot.commands.cards import note, rows_of
from bot.commands.catalog import COMMANDS, OF_A_FORK
from bot.commands.context import Context
from bot.commands.said.meaning import Asked
from bot.commands.said.words import Heard
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.records import Plan


def settled(context: Context, asked: Asked) -> tuple[Context, Asked] | Message:
    """The context of the pack that is meant, or a card that asks for it or says that it is gone."""
    if isinstance(asked, Command):
        return _command(context, asked)
    if isinstance(asked, Heard):
        return _heard(context, asked)
    pack_id = _named_by(context, asked)
    if pack_id is None:
        return of_latest_plan(context), asked
    pack = context.packs.get(pack_id)
    return (of(context, pack), asked) if pack else gone()


def of(context: Context, pack: Pack) -> Context:
    """The context of one fork: its plan, and the results of its quiz."""
    return replace(
        context,
        pack=pack,
        plan=plan_of(context.plans, pack),
        runs=tuple(run for run in context.all_runs if run.pack == pack.id),
    )


def of_latest_plan(context: Context) -> Context:
    """The context of the fork that the member worked on last, else of the first."""
    return of(context, next(iter(_installed(context)), context.packs.first))


def plan_of(plans: Sequence[Plan], pack: Pack) -> Plan | None:
    return next((plan for plan in plans if plan.pack == pack.id), None)


def gone() -> Message:
    return note(
        "That fork isn’t here at the moment",
        "It belongs to content that this bot doesn’t have loaded right now. Nothing of yours is"
        " lost: your results and your plan will be back when it is. Meanwhile:",
        "compare",
        "quiz",
    )


def _named_by(context: Context, action: StandingAction) -> str | None:
    """The id of the pack that an action names, or that owns what it names."""
    if fork := getattr(action, "fork", ""):
        return str(fork)
    run, plan = getattr(action, "run", None), getattr(action, "plan", None)
    owners = [each.pack for each in context.all_runs if each.id == run]
    taster = getattr(action, "taster", None)
    owners += [each.pack for each in context.trials if each.id == taster]
    owners += [each.pack for each in context.plans if each.id == plan]
    if owners:
        return owners[0]
    # A topic from before there were several forks is the first one's.
    return context.packs.first.id if isinstance(action, OpenTopic) else None


def _command(context: Context, asked: Command) -> tuple[Context, Asked] | Message:
    packs = context.packs
    if not packs.several:
        if asked.text == packs.first.id:  # a button names its pack also where there is only one
            asked = asked.model_copy(update={"text": ""})
        return of(context, packs.first), asked
    pack, rest = packs.named(asked.text)
    if pack and asked.name != "progress":  # which shows all of them where none is named
        asked = asked.model_copy(update={"text": rest})
    if pack:
        return of(context, pack), asked
    if asked.name == "compare" and asked.text.strip():
        return _by_topic(context, asked)
    if asked.name in {"plan", "practice"} and len(installed := _installed(context)) == 1:
        return of(context, installed[0]), asked
    if asked.name == "taster" and (tasted := _tasted(context)):
        return of(context, tasted), asked
    if asked.name in OF_A_FORK - {"progress"}:
        return _which(packs, asked)
    return of_latest_plan(context), asked


def _by_topic(context: Context, asked: Command) -> tuple[Context, Asked] | Message:
    """A topic that one fork alone has says which fork; what none has, the first answers for."""
    found = [
        (pack, topics) for pack in context.packs if (topics := compare.matching(pack, asked.text))
    ]
    if len(found) <= 1:
        return of(context, found[0][0] if found else context.packs.first), asked
    buttons = [
        Button(label=cut(pack.name, LABEL), action=OpenTopic(topics[0].id, pack.id))
        for pack, topics in found
    ]
    said = text("“", cut(asked.text.strip(), 60), "” is a topic of several. Which one?")
    return Message(title="Which fork?", parts=(Prose(text=said), *rows_of(buttons)))


def _heard(context: Context, heard: Heard) -> tuple[Context, Asked]:
    """A word is about the plan that the member worked on last, or about the pack that it names."""
    latest, packs = of_latest_plan(context), context.packs
    named, rest = packs.named(heard.rest) if packs.several else (None, "")
    match heard.meaning:
        case "of a plan" if named and rest:
            return of(context, named), replace(heard, rest=rest)
        case "of a plan" if named:
            return of(context, named), Command(name="plan", text=named.id)
        case "a topic or a step" if named and not rest:
            return of(context, named), Command(name="compare", text=named.id)
        case "a topic or a step" if not compare.matching(latest.pack, heard.rest):
            others = (pack for pack in packs if compare.matching(pack, heard.rest))
            return of(context, next(others, latest.pack)), heard
        case _:
            return latest, heard


def _installed(context: Context) -> tuple[Pack, ...]:
    """The packs of the member's plans, as far as they run."""
    return tuple(pack for plan in context.plans if (pack := context.packs.get(plan.pack)))


def _tasted(context: Context) -> Pack | None:
    """The pack of the taster that was begun last and goes on."""
    active = (context.packs.get(one.pack) for one in context.trials if one.state == "active")
    return next((pack for pack in active if pack), None)


def _which(packs: Packs, asked: Command) -> Message:
    entry = COMMANDS[asked.name]
    buttons = [
        Button(label=cut(pack.name, LABEL), action=Open(entry.section, pack.id)) for pack in packs
    ]
    lines = [text("• ", Bold(text=pack.title), f" {pack.subtitle}.") for pack in packs]
    typed = f"You can also type it: /{asked.name} {packs.first.name}."
    parts: tuple[Text, ...] = (join("\n", lines), text(typed))
    return Message(
        title="Which fork are you at?",
        parts=(*(Prose(text=part) for part in parts), *rows_of(buttons)),
    )
