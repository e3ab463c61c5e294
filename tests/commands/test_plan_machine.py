"""Whatever a member presses, in whatever order: the plan is what the presses said, and no less."""

import asyncio
import shutil
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.chat.actions import Action, ChangePlan, MarkStep, OpenPlan, OpenStep, PlanChange, SkipStep
from bot.chat.event import Person
from bot.chat.reply import Message
from bot.core.handle import Core
from bot.pack.load import default_pack_path, load
from bot.pack.packs import Packs
from bot.records import Plan
from bot.store.database import Transaction
from bot.store.drivers.sqlite import SQLiteDatabase
from bot.store.facade import Store
from bot.store.migrate import migrate
from tests.stories import Chat, Clock, labels

PACK = load(default_pack_path())
STEPS = sorted({step.id for template in PACK.templates for step in template.steps})
CONFIRM: dict[PlanChange, str] = {
    "choose": "nothing to confirm",
    "hours": "Yes, 10 hours a week",
    "pause": "Pause it",
    "resume": "Resume",
    "replan": "Move the date",
    "switch": "Switch to",
    "restart": "Start over",
    "remove": "Stop it",
}
CHANGES = st.sampled_from((*sorted(CONFIRM), "switch", "hours", "replan"))
CHOOSE: dict[PlanChange, str] = {"hours": "10 h", "replan": "Move the date"}


async def _current_plan(transaction: Transaction, person: Person) -> Plan | None:
    store = Store(transaction)
    member = await store.members.find_or_create(person, 0, "nobody")
    plans = await store.plans.current(member.id)
    return plans[0] if plans else None


class PlanMachine(RuleBasedStateMachine):
    """Two members: what one does never shows in the other's plan.

    `settled` is what ana has done or skipped, by step; every plan id that she ever had is in
    `plans`, and cards of all of them are pressed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.database = self.runner.run(SQLiteDatabase.open(self.folder / "crossroads.db"))
        self.runner.run(migrate(self.database))
        self.core = Core(self.database, Packs((PACK,)), self.clock)
        self.ana, self.ben = Chat(self.core, "ana"), Chat(self.core, "ben")
        self.plans: list[str] = []
        self.settled: dict[str, str] = {}

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def stored(self, chat: Chat) -> Plan | None:
        work = partial(_current_plan, person=chat.person)
        return self.runner.run(self.database.transact(work))

    def act(self, action: Action) -> Message:
        shown = self.runner.run(self.ana.act(action))
        assert isinstance(shown, Message)
        return shown

    def press(self, label: str) -> None:
        self.runner.run(self.ana.press(label))

    @initialize()
    def both_start(self) -> None:
        for chat in (self.ana, self.ben):
            self.runner.run(chat.command("/plan"))
            for choice in ("AI Engineer", "Software engineer", "8 h", "Today", "Start this plan"):
                self.runner.run(chat.press(choice))
        self.remember()

    def remember(self) -> None:
        if (plan := self.stored(self.ana)) and plan.id not in self.plans:
            self.plans.append(plan.id)

    def some_step(self, data: st.DataObject) -> str:
        """Mostly one of the current plan's, now and then any."""
        plan = self.stored(self.ana)
        own = [step.id for step in plan.steps] if plan else []
        return data.draw(st.sampled_from(own * 4 + STEPS))

    def some_plan(self, data: st.DataObject) -> str:
        """Mostly the current plan, now and then an earlier one."""
        return data.draw(st.sampled_from([*self.plans, *[self.plans[-1]] * 6]))

    def current(self, plan: str) -> bool:
        stored = self.stored(self.ana)
        return stored is not None and stored.id == plan

    def has(self, step: str) -> bool:
        plan = self.stored(self.ana)
        return bool(plan and PACK.template(plan.start, plan.role).step(step))

    @rule(data=st.data(), steps=st.integers(1, 4))
    def done(self, data: st.DataObject, steps: int) -> None:
        for _ in range(steps):
            plan, step = self.some_plan(data), self.some_step(data)
            counts = self.current(plan) and self.has(step)
            self.act(MarkStep(plan, step, "done"))
            if counts:
                self.settled[step] = "done"

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        plan, step = self.some_plan(data), self.some_step(data)
        counts = self.current(plan) and self.has(step)
        self.act(MarkStep(plan, step, "todo"))
        if counts:
            self.settled.pop(step, None)

    @rule(data=st.data(), step=st.sampled_from(STEPS), keep=st.booleans())
    def skip(self, data: st.DataObject, step: str, keep: bool) -> None:
        card = self.act(SkipStep(data.draw(st.sampled_from(self.plans)), step))
        if "Keep it" not in labels(card):
            return
        self.press("Keep it" if keep else "Not for me")
        if not keep:
            self.settled[step] = "skipped"

    @rule(data=st.data(), page=st.integers(0, 9))
    def look_around(self, data: st.DataObject, page: int) -> None:
        plan = self.some_plan(data)
        self.act(OpenStep(plan, self.some_step(data)))
        self.act(OpenPlan(plan, page))
        for line in ("/plan", "/progress", "/plan hours 6", "/plan nothing"):
            self.runner.run(self.ana.command(line))

    @rule(data=st.data(), change=CHANGES, yes=st.booleans())
    def change(self, data: st.DataObject, change: PlanChange, yes: bool) -> None:
        before = self.stored(self.ana)
        card = self.act(ChangePlan(self.some_plan(data), change))
        if "Leave it as it is" in labels(card):
            if CHOOSE.get(change) in labels(card):
                self.press(CHOOSE[change])
            assert self.stored(self.ana) == before  # nothing is taken before it is confirmed
            if "Leave it as it is" in labels(self.ana.card):  # not where it would change nothing
                self.decide(change, yes)
        else:
            assert self.stored(self.ana) == before

    def decide(self, change: PlanChange, yes: bool) -> None:
        before = self.stored(self.ana)
        if yes and any(label.startswith(CONFIRM[change]) for label in labels(self.ana.card)):
            self.press(CONFIRM[change])
            self.remember()
            if change in ("restart", "remove"):
                self.settled.clear()
        else:
            self.press("Leave it as it is")
            assert self.stored(self.ana) == before

    @precondition(lambda self: self.stored(self.ana) is None)
    @rule()
    def start_anew(self) -> None:
        self.runner.run(self.ana.command("/plan"))
        for choice in ("ML Engineer", "Software engineer", "20 h", "Today", "Start this plan"):
            self.press(choice)
        self.remember()

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.clock.forward(days=days)

    @invariant()
    def nothing_has_gone_wrong(self) -> None:
        if self.plans:
            assert "Something went wrong" not in self.ana.said

    @invariant()
    def what_is_stored_is_what_was_pressed(self) -> None:
        plan = self.stored(self.ana)
        if plan is None:
            assert not self.settled
            return
        kept = {s.id: s.status for s in plan.steps if s.status in ("done", "skipped")}
        assert kept == self.settled
        assert plan.target_on >= plan.started_on

    @invariant()
    def the_other_plan_is_untouched(self) -> None:
        plan = self.stored(self.ben)
        assert plan is None or all(step.status == "todo" for step in plan.steps)


PlanMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)


@pytest.mark.slow
class TestPlanMachine(PlanMachine.TestCase):  # type: ignore[misc, valid-type]
    pass
