"""The context of a command: the pack, the time, the member and what is kept of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.calendar.zones import zone_of
from bot.chat.actions import Ticket
from bot.chat.event import Person, Place
from bot.pack.model import Pack
from bot.pack.packs import Packs
from bot.records import Delivery, Member, Plan, Recall, Rule, Run, Trial

_OFFSETS = (-12, 14)
"""Hours from UTC, of the last and of the first to begin a day."""


@dataclass(frozen=True, slots=True)
class Context:
    """All that a flow may know: the pack, the time, the member and what is kept of them.

    `ticket` goes into the turn actions of the cards that are made now; `now` is UTC; `new_id` gives
    a fresh random id. `repeated` says that an action which counts once has been taken before.
    `state` is where the handler's conversation stands, if one is open. `kept` is every row about
    the member, by table. `closed_door` is how to let direct messages in on their platform.

    `packs` are all that run; `pack` is the one that this is about, and `plan` and `runs` are the
    member's in it, where `plans` (the latest first) and `all_runs` are theirs in all. `recalls` are
    the questions that they practise, and `interviews` the days of their interviews, by pack.
    `trials` are their tasters in all packs, the latest first.
    """

    packs: Packs
    pack: Pack
    now: datetime
    person: Person
    place: Place
    member: Member
    ticket: Ticket
    new_id: Callable[[], str]
    plan: Plan | None = None
    plans: tuple[Plan, ...] = ()
    runs: tuple[Run, ...] = ()
    all_runs: tuple[Run, ...] = ()
    recalls: tuple[Recall, ...] = ()
    interviews: Mapping[str, date | None] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    rule: Rule | None = None
    deliveries: tuple[Delivery, ...] = ()
    state: object = None
    kept: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    repeated: bool = False
    closed_door: str = ""

    @property
    def today(self) -> date:
        """The date in the member's zone."""
        return self.now.astimezone(zone_of(self.member.zone)).date()

    @property
    def interview(self) -> date | None:
        """The day of the member's interview in this pack."""
        return self.interviews.get(self.pack.id)

    @property
    def trial(self) -> Trial | None:
        """The member's latest taster in this pack."""
        return next((trial for trial in self.trials if trial.pack == self.pack.id), None)

    @property
    def epoch(self) -> int:
        return int(self.now.timestamp())

    @property
    def zone_known(self) -> bool:
        """Whether the member or their platform has said where their clocks are.

        Until then `today` is UTC's, which is not to be shown as theirs.
        """
        member = self.member
        return member.zone_asked or self.person.zone is not None or member.zone != "UTC"

    @property
    def todays(self) -> tuple[date, ...]:
        """The dates that it may be for the member: one where their zone is known."""
        if self.zone_known:
            return (self.today,)
        earliest, latest = ((self.now + timedelta(hours=hours)).date() for hours in _OFFSETS)
        return tuple(earliest + timedelta(days) for days in range((latest - earliest).days + 1))

    def located(self, zone: str) -> "Context":
        """The context of a member who has just said which zone they live by."""
        member = replace(self.member, zone=zone, zone_asked=True)
        return replace(self, member=member)

    @property
    def standing_ticket(self) -> Ticket:
        """For a form: the card that it opens over stays good until the form is sent in."""
        return Ticket(self.ticket.session, self.ticket.turn - 1)

    def day_of(self, epoch: int) -> date:
        """The member's calendar day of an instant."""
        return datetime.fromtimestamp(epoch, zone_of(self.member.zone)).date()
