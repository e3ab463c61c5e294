"""Members with plans and reminders, and platforms that go by what *arrived*."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import count

from adapters.discord import sender as discord
from adapters.slack import sender as slack
from bot.adapter import Outcome, Rates, Sent, Unknown
from bot.chat.event import Person, Platform
from bot.chat.reply import Message
from bot.core.handle import Core, random_id
from bot.delivery import due
from bot.delivery.worker import Worker
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.planning.changes import new_plan
from bot.records import Delivery, Plan, Rule
from bot.store.database import Database
from bot.store.facade import Store
from tests.configured import GROUPS
from tests.stories import Chat, Clock

RATES: Mapping[Platform, Rates] = {
    "slack": slack.RATES,
    "discord": discord.RATES,
    "playground": Rates(50.0),
}
FAST = {name: replace(rates, requests=1e6) for name, rates in RATES.items()}
"""Rates that hold nobody up."""
TENANTS: Mapping[Platform, str] = {"slack": "T1", "discord": "discord", "playground": "local"}


@dataclass(frozen=True)
class Arrival:
    user: str
    nonce: str
    message: Message
    at: datetime


@dataclass
class Post:
    """A platform. `script` holds how the next sends end, `once` how one user's next one does.

    An `Unknown` means that the message arrived and the answer did not, None that neither did.
    `unopened` counts the sends to whom no channel was known.
    """

    clock: Clock = field(default_factory=Clock)
    script: deque[Outcome | None] = field(default_factory=deque)
    once: dict[str, Outcome] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    unopened: int = 0
    asked: int = 0
    knows_nonces: bool = False
    can_look_up: bool = False

    async def send(self, person: Person, message: Message, nonce: str) -> Outcome:
        self.calls.append(person.user)
        self.unopened += person.channel is None
        sent = Sent(channel=f"dm-{person.user}")
        outcome = self.script.popleft() if self.script else self.once.pop(person.user, sent)
        if outcome is None:  # lost on the way: nobody knows, and nothing arrived
            return Unknown("the connection broke")
        if isinstance(outcome, Sent | Unknown) and not (self.knows_nonces and self._has(nonce)):
            self.arrivals.append(Arrival(person.user, nonce, message, self.clock()))
        return outcome

    async def arrived(self, person: Person, nonce: str, since: int) -> bool | None:
        self.asked += 1
        return self._has(nonce) if self.can_look_up else None

    def _has(self, nonce: str) -> bool:
        return any(arrival.nonce == nonce for arrival in self.arrivals)

    @property
    def users(self) -> list[str]:
        return [arrival.user for arrival in self.arrivals]


class Town:
    def __init__(self, database: Database, pack: Pack, clock: Clock) -> None:
        self.database, self.pack, self.clock = database, pack, clock
        doors = {name: group.closed_door for name, group in GROUPS.items()}
        self.core = Core(database, Packs((pack,)), clock, closed_doors=doors)
        self._ids = count(1)

    def worker(
        self,
        post: Post,
        *platforms: Platform,
        new_id: Callable[[], str] | None = None,
        rates: Mapping[Platform, Rates] = FAST,
    ) -> Worker:
        """A process that delivers, in which time is the town's."""
        post.clock = self.clock
        return Worker(
            self.database,
            Packs((self.pack,)),
            dict.fromkeys(platforms or ("slack",), post),
            poll_seconds=0,
            clock=self.clock,
            ticks=lambda: self.clock.now.timestamp(),
            rates=rates,
            **({"new_id": new_id} if new_id else {}),
        )

    async def enqueue(self, platform: Platform) -> None:
        """Write down what is due, as a worker does that comes no further."""
        now = self.clock.now
        await self.database.transact(
            partial(due.enqueue, platform=platform, now=now, new_id=random_id)
        )

    def chat(self, user: str, platform: Platform = "slack", tenant: str = "") -> Chat:
        tenant = tenant or TENANTS[platform]
        return Chat(self.core, user, platform=platform, tenant=tenant, zone="Europe/Berlin")

    async def settle(self, user: str, platform: Platform = "slack", tenant: str = "") -> str:
        """Somebody with a plan and a reminder on Mondays at 09:00 in Berlin; their id."""
        person = self.chat(user, platform, tenant).person
        rule = Rule(
            id=f"rule-{user}",
            platform=person.platform,
            tenant=person.tenant,
            user=user,
            weekday=0,
            minute=9 * 60,
            zone="Europe/Berlin",
            next_at=self.epoch,
        )

        async def arrive(store: Store) -> str:
            member = await store.members.find_or_create(person, self.epoch, f"member-{user}")
            await store.plans.start(member.id, self.plan(f"plan-{user}"), self.epoch)
            await store.reminder_rules.save(member.id, rule, self.epoch)
            return member.id

        return await self.database.transact(lambda tx: arrive(Store(tx)))

    def plan(self, plan_id: str) -> Plan:
        return new_plan(
            self.pack,
            plan_id,
            start="software",
            role="ai",
            hours=8,
            start_on=self.clock.now.date(),
            epoch=self.epoch,
        )

    @property
    def epoch(self) -> int:
        return int(self.clock.now.timestamp())

    async def rule(self, member: str) -> Rule:
        rule = await self.database.transact(lambda tx: Store(tx).reminder_rules.find(member))
        assert rule
        return rule

    async def change(self, member: str, **changes: object) -> None:
        """Change a rule as the member would."""
        changed = replace(await self.rule(member), next_at=self.epoch, **changes)  # type: ignore[arg-type]
        await self.database.transact(
            lambda tx: Store(tx).reminder_rules.save(member, changed, self.epoch)
        )

    async def deliveries(self, member: str) -> tuple[Delivery, ...]:
        return await self.database.transact(lambda tx: Store(tx).deliveries.latest(member, 100))


async def work(worker: Worker) -> None:
    """One look around, and everything that comes of it."""
    await worker.poll()
    await worker.drained()


def on(day: int, month: int = 11, year: int = 2026) -> date:
    return date(year, month, day)
