"""Tasters: when each role's week is. One in which nothing was done moves, with those after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.pack.learning import Taster, Tasting
from bot.pack.model import Pack
from bot.planning.schedule import DAYS_A_WEEK
from bot.records import Trial, Tried


@dataclass(frozen=True, slots=True)
class TasterWeek:
    """A role's week from `starts`, `moved` by so many weeks; `tried` is what was done, by task."""

    taster: Taster
    tasks: tuple[Tasting, ...]
    starts: date
    moved: int
    tried: dict[str, Tried]

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.starts + timedelta(DAYS_A_WEEK - 1)

    @property
    def finished(self) -> bool:
        return len(self.tried) == len(self.tasks)


def weeks(pack: Pack, trial: Trial, today: date) -> tuple[TasterWeek, ...]:
    """A week for each role that has tasks for the start, in the roles' order."""
    found: list[TasterWeek] = []
    begins = trial.started_on
    for taster, tasks in offered(pack, trial.start):
        tried = {one.task: one for one in trial.tasks if one.task in {task.id for task in tasks}}
        first = min((one.done_on for one in tried.values()), default=today)
        moved = max(0, (first - begins).days // DAYS_A_WEEK)
        begins += timedelta(moved * DAYS_A_WEEK)
        found.append(TasterWeek(taster, tasks, begins, moved, tried))
        begins += timedelta(DAYS_A_WEEK)
    return tuple(found)


def offered(pack: Pack, start: str) -> tuple[tuple[Taster, tuple[Tasting, ...]], ...]:
    """What members of a start can taste, in the roles' order."""
    by_role = {taster.role: taster for taster in pack.tasters}
    tasters = (by_role[role.id] for role in pack.roles if role.id in by_role)
    return tuple((taster, tasks) for taster in tasters if (tasks := taster.week(start)))


def over(those: tuple[TasterWeek, ...], today: date) -> bool:
    """Whether nothing is to come: every week has passed, or all is done."""
    return all(week.ends < today for week in those) or all(week.finished for week in those)


def current(those: tuple[TasterWeek, ...], today: date) -> int:
    """The place of the week that today is in, else of the next, else of the last."""
    ahead = (at for at, week in enumerate(those) if today <= week.ends)
    return next(ahead, len(those) - 1)
